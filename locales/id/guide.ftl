# Penjelasan: cara mendaftar, syarat, dan apa yang harus dikirim.

form-line = *Format:*
    { $line }
form-example = *Contoh:*
    { $example }
form-optional = Bagian di dalam [ ] boleh tidak ditulis. Tanda [ ] sendiri tidak perlu ditulis.
form-photo = Lampirkan foto { $photo } pada pesan itu, atau kirim fotonya sesudahnya.

ask-help = Untuk penjelasan lain, kirim #bantuan.
ask-status = Untuk melihat pendaftaran Anda, kirim #status.

greeting = Selamat datang di antrean { $office }. Untuk mendapat nomor antrean, kirim satu pesan dengan data Anda.
thanks = Sama-sama. Untuk mendaftar atau bertanya, kirim #bantuan.
thanks-booked = Sama-sama. Kode booking Anda *{ $code }*: { $slot }.
muted = Baik, kami berhenti mengirim pesan. Pendaftaran yang sudah ada tetap berlaku. Formulir, kode, dan perintah seperti #status tetap kami jawab. Ingin menerima pesan kami lagi? Kirim MULAI.
unmuted = Selamat datang kembali. Kami menjawab pesan Anda lagi seperti biasa.
last-answer = Pesan Anda sudah banyak, jadi kami berhenti menjawab sampai pukul { $until }. Sampai saat itu pesan Anda tetap kami baca; hanya pendaftaran dan pembatalan yang kami jawab.
placeholder = Itu masih format kosongnya. Gantilah setiap bagian dengan data Anda sendiri, lalu kirim lagi.
unreadable = Maaf, pesan Anda belum kami mengerti. Untuk mendaftar, tulis data Anda dengan tanda { $mark } di antaranya.
unreadable-likely = Ada pertanyaan? Tulis saja, atau kirim:
    #bantuan – cara mendaftar
    #persyaratan – yang harus dibawa
    #cek – hari yang masih ada tempat
send-again = Maaf, pesan Anda tidak dapat kami proses karena gangguan di tempat kami. Mohon kirim lagi.
language-set = Baik. Mulai sekarang kami menjawab dalam bahasa Indonesia.

help-title = *Antrean { $office }*
    Lewat pesan ini Anda hanya mengambil nomor antrean. Berkas dan wawancara tetap di kantor.
help-other-line = Format lain di kantor ini:
    { $line }
help-days-tomorrow = Tanggal kedatangan: hari buka, paling cepat besok dan paling lambat { $last }.
help-days-today = Tanggal kedatangan: hari buka, paling cepat hari ini dan paling lambat { $last }.
help-days-given = Hari dan jam kedatangan ditentukan oleh kantor.
help-intake = Pendaftaran diterima pada hari buka, pukul { $from } sampai { $until }.
help-cancel = #batal – membatalkan
help-cancel-hold = #batal – melepas tempat yang belum Anda setujui
help-commands = *Perintah:*
    #status – melihat pendaftaran Anda
    { $cancel }
    #persyaratan – dokumen yang harus dibawa
    #cek – hari yang masih ada tempat
    #english – replies in English

requirements-title = *Yang harus dibawa ke { $office }*
requirements-none = { $office } belum mengisi daftar persyaratan di sini. Bawalah dokumen asli Anda, dan tanyakan di loket informasi kantor.
requirements-line = • { $document }

photo-kept = Foto Anda sudah kami terima dan kami simpan sampai pukul { $until }. Sekarang kirim data Anda sebelum itu.
photo-not-needed = Foto tidak diperlukan saat ini, jadi foto Anda tidak kami simpan. Untuk mendaftar, cukup kirim teks.

not-text-audio = Maaf, kami tidak dapat mendengarkan pesan suara. Mohon tulis data Anda sebagai teks.
not-text-video = Maaf, kami tidak dapat membuka video. Mohon tulis data Anda sebagai teks.
not-text-sticker = Maaf, kami tidak dapat membaca stiker. Mohon tulis data Anda sebagai teks.
not-text-location = Maaf, lokasi tidak kami perlukan. Mohon tulis data Anda sebagai teks.
not-text-contact-card = Maaf, kartu kontak tidak dapat kami pakai. Mohon tulis data Anda sebagai teks.
not-text-document = Maaf, kami tidak dapat membuka dokumen. Mohon tulis data Anda sebagai teks. Foto dikirim sebagai gambar, bukan sebagai berkas.
not-text-edit = Maaf, perubahan pada pesan yang sudah dikirim tidak kami baca; yang kami pakai adalah pesan yang pertama. Mohon kirim data yang benar sebagai pesan baru (bila sudah terdaftar, kirim #batal dulu).
not-text-photo-lost = Maaf, foto Anda tidak sampai kepada kami. Mohon kirim foto itu sekali lagi, sebagai gambar.
not-text-unsupported = Maaf, jenis pesan ini tidak dapat kami baca. Mohon tulis data Anda sebagai teks biasa.
