# Hari yang ditutup atau dikurangi sesudah orang mendaftar: sebabnya, apa yang terjadi, lalu apa yang dapat dilakukan.

closing-closed = *{ $office } tutup pada { $day }.*
    Sebabnya: { $reason }.
closing-weekday = *{ $office } tutup pada { $day }.*
    Kantor tidak melayani lagi pada hari { $weekday }.
closing-shrunk = *{ $office } mengurangi layanan pada { $day }.*
    Tidak semua orang yang terdaftar pada hari itu dapat dilayani.
closing-yours = Mohon maaf. Ini pendaftaran Anda yang tidak dapat kami layani pada hari itu:
closing-not-served = Pada jadwal itu kami tidak dapat melayani Anda.
closing-reply = Balas dengan nomor urutnya, misalnya 1. Mau hari lain? Kirim #ganti dan tanggalnya.
closing-uncounted = Kode antrean Anda tetap sama. Pindah kali ini tidak dihitung.
closing-no-day = Sampai { $last } belum ada hari lain yang masih kosong. Coba lagi nanti: kirim #ganti. Kode antrean Anda tetap sama.
closing-move = Kirim #ganti untuk memilih hari lain. Kode antrean Anda tetap sama.
closing-cancel = Kirim #batal, lalu kirim lagi data Anda dengan hari lain.
closing-ask = Tanyakan hari pengganti kepada petugas kantor, dan tunjukkan kode antrean Anda.
closing-moved = Mohon maaf. Jadwal Anda kami pindahkan ke hari lain.
closing-moved-other = Tidak bisa datang pada hari itu? Kirim #ganti untuk memilih hari lain.
closing-hold = Pendaftaran Anda yang belum selesai tidak dapat diteruskan, dan kodenya tidak berlaku lagi.
closing-cancelled = Mohon maaf. Pendaftaran ini kami batalkan, dan kodenya tidak berlaku lagi:
closing-cancelled-again = Masih perlu datang? Kirim lagi data Anda dengan hari lain.

entry-shrunk = *Perhatian:* pendaftaran ini tidak dapat kami layani pada hari itu. Tanyakan hari pengganti kepada kantor.
entry-shrunk-move = *Perhatian:* pendaftaran ini tidak dapat kami layani pada hari itu. Kirim #ganti untuk pindah ke hari lain.
entry-shrunk-cancel = *Perhatian:* pendaftaran ini tidak dapat kami layani pada hari itu. Kirim #batal, lalu kirim lagi data Anda dengan hari lain.
closing-reopened = *Kabar perbaikan: { $office } melayani seperti semula pada { $day }.*
closing-reopened-stands = Abaikan pesan kami sebelumnya. Pendaftaran Anda tetap berlaku:
closing-reopened-moved = Jadwal Anda tetap yang baru ini:
closing-reopened-back = Mau kembali ke hari semula? Kirim #ganti dan tanggalnya.
closing-reopened-cancelled = Mohon maaf, pendaftaran ini sudah telanjur kami batalkan:
