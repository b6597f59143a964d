# Percakapan dengan petugas.

handover-opened = Baik, pesan Anda kami teruskan kepada petugas { $office }.
handover-now = Petugas membaca pesan sekarang, sampai pukul { $until }.
handover-next = Petugas membaca pesan lagi pada { $day } mulai pukul { $from }.
handover-unknown = Petugas membaca pesan pada jam buka kantor.
handover-meanwhile = Tulis di sini semua yang ingin Anda tanyakan: petugas yang menjawab, bukan mesin. Formulir, kode, dan perintah seperti #status tetap dilayani otomatis. Untuk kembali ke jawaban otomatis, kirim #lanjut. Tanpa pesan baru selama 24 jam, kami kembali sendiri.
handover-still-open = Pesan Anda masih menunggu petugas { $office }.
handover-forwarded = Sudah kami teruskan kepada petugas { $office }.
handover-leave = Untuk kembali ke jawaban otomatis, kirim #lanjut.
handover-left = Baik, percakapan dengan petugas selesai. Pesan Anda dijawab otomatis lagi.
handover-again = Untuk bertanya lagi kepada petugas, kirim #petugas.
handover-not-open = Saat ini tidak ada percakapan dengan petugas.
handover-answered = *Jawaban petugas { $office }:*
handover-answered-next = Masih ada pertanyaan? Balas saja di sini. Sudah cukup? Kirim #lanjut.
handover-ended = Percakapan dengan petugas { $office } sudah ditutup. Pesan Anda dijawab otomatis lagi.

answer-officer-offer = Ingin bertanya kepada petugas lewat pesan? Kirim #petugas.
help-officer = #petugas – bertanya kepada petugas
