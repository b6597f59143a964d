# Penjelasan: cara mendaftar, syarat, dan apa yang harus dikirim.

form-line = *Format:*
    { $line }
form-example = *Contoh:*
    { $example }
form-own = *Pesan Anda, dengan tanggal yang dapat dipilih:*
    { $line }
form-own-gaps = *Pesan Anda; lengkapi bagian yang belum benar:*
    { $line }
form-optional = Bagian di dalam [ ] boleh dikosongkan. Tanda [ ] jangan ikut ditulis.
form-photo = Lampirkan foto { $photo } pada pesan itu, atau kirim fotonya sesudahnya.
form-photo-page = Foto { $photo } tidak dikirim di obrolan ini: setelah data Anda kami terima, kami balas dengan alamat halaman untuk fotonya.

ask-help = Untuk penjelasan lain, kirim #bantuan.
ask-status = Untuk melihat pendaftaran Anda, kirim #status.

greeting = Selamat datang di antrean { $office }. Untuk mendapat nomor antrean, kirim satu pesan dengan data Anda.
thanks = Sama-sama.
thanks-booked = Sama-sama. Kode antrean Anda *{ $code }*: { $slot }.
muted = Baik, kami tidak mengirim pemberitahuan lagi. Pendaftaran Anda tetap berlaku. Kalau Anda mengirim data, kode, atau perintah seperti #status, kami tetap menjawab. Ingin menerima pesan kami lagi? Kirim MULAI.
holding = Pendaftaran Anda yang ini belum selesai:
greeting-holding = Halo. Pendaftaran Anda belum selesai:
unmuted = Selamat datang kembali. Kami menjawab pesan Anda lagi seperti biasa.
last-answer = Maaf, pesan dari nomor Anda terlalu banyak dalam waktu singkat. Kami menjawab lagi mulai pukul { $until }. Pendaftaran dan pembatalan tetap kami jawab.
placeholder = Itu masih contoh kosong. Ganti setiap katanya dengan data Anda, lalu kirim lagi.
unreadable = Maaf, pesan Anda belum kami mengerti. Untuk mendaftar, tulis data Anda dengan tanda { $mark } di antaranya.
unreadable-likely = Ada pertanyaan? Tulis saja, atau kirim:
    #bantuan – cara mendaftar
    #persyaratan – yang harus dibawa
    #cek – hari yang masih kosong
send-again = Maaf, pesan Anda tidak dapat kami proses karena gangguan di tempat kami. Mohon kirim lagi.
language-set = Baik. Mulai sekarang kami menjawab dalam bahasa Indonesia.

help-title = *Antrean { $office }*
    Lewat pesan ini Anda hanya mengambil nomor antrean. Penyerahan berkas dan wawancara tetap dilakukan di kantor.
help-other-line = Format lain di kantor ini:
    { $line }
help-days-tomorrow = Tanggal kedatangan: hari saat kantor buka, paling cepat besok dan paling lambat { $last }.
help-days-today = Tanggal kedatangan: hari saat kantor buka, paling cepat hari ini dan paling lambat { $last }.
help-days-given = Hari dan jam kedatangan ditentukan oleh kantor.
help-intake = Pendaftaran diterima pada hari saat kantor buka, pukul { $from } sampai { $until }.
help-cancel = #batal – membatalkan
help-cancel-hold = #batal – membatalkan pendaftaran, selama Anda belum mengirim kode
help-move = #ganti – ganti hari
help-undo = #urung – menarik kembali yang terakhir, dalam { $minutes } menit
help-guided = #daftar – kami tanyakan datanya satu per satu
help-commands = *Perintah:*
    { $guided }
    #status – melihat pendaftaran Anda
    { $changes }
    #persyaratan – dokumen yang harus dibawa
    #cek – hari yang masih kosong
    #english – replies in English

requirements-title = *Yang harus dibawa ke { $office }*
requirements-none = { $office } belum mengisi daftar persyaratan di sini. Bawalah dokumen asli Anda, dan tanyakan di loket informasi kantor.
requirements-line = • { $document }

photo-kept = Foto Anda sudah kami terima. Sekarang kirim data Anda, paling lambat pukul { $until }.
photo-not-needed = Foto tidak diperlukan saat ini, jadi foto Anda tidak kami simpan. Untuk mendaftar, cukup kirim teks.

not-text-audio = Maaf, kami tidak dapat mendengarkan pesan suara. Mohon ketik pesan Anda.
not-text-video = Maaf, kami tidak dapat membuka video. Mohon ketik pesan Anda.
not-text-sticker = Maaf, kami tidak dapat membaca stiker. Mohon ketik pesan Anda.
not-text-location = Maaf, lokasi tidak kami perlukan. Mohon ketik pesan Anda.
not-text-contact-card = Maaf, kartu kontak tidak dapat kami pakai. Mohon ketik pesan Anda.
not-text-document = Maaf, kami tidak dapat membuka dokumen. Mohon ketik pesan Anda. Kirim foto sebagai gambar, bukan sebagai dokumen.
not-text-edit = Maaf, perubahan pada pesan yang sudah dikirim tidak kami baca; yang kami pakai adalah pesan yang pertama. Mohon kirim data yang benar sebagai pesan baru (bila sudah terdaftar, kirim #batal dulu).
not-text-photo-lost = Maaf, foto Anda tidak sampai kepada kami. Mohon kirim foto itu sekali lagi, sebagai gambar.
not-text-photo-lost-page = Maaf, foto Anda tidak sampai kepada kami. Foto tidak dikirim di obrolan ini: kirim data Anda, atau #status bila sudah, dan kami balas dengan alamat halaman untuk fotonya.
not-text-unsupported = Maaf, jenis pesan ini tidak dapat kami baca. Mohon ketik pesan Anda.
