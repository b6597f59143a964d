# Jawaban atas pertanyaan.

answer-ask = Selebihnya tanyakan langsung kepada petugas di { $site }.
answer-ask-telephone = Selebihnya tanyakan kepada petugas: telepon { $telephone }, atau langsung di { $site }.
answer-question-open = Pertanyaan kami yang tadi masih menunggu jawaban Anda.
answer-hold-code = Nomor antrean Anda ({ $slot }) masih kami simpan: balas dengan { $code } sebelum pukul { $until }.
answer-hold-photo = Nomor antrean Anda ({ $slot }) masih kami simpan: kirim fotonya sebelum pukul { $until }.
answer-cut = Jawaban selengkapnya: kirim pertanyaan itu sekali lagi, tanpa formulir.
answer-switch = Untuk selalu dijawab dalam bahasa Inggris, kirim #english.

answer-register = Untuk mendapat nomor antrean di { $office }, kirim satu pesan dengan data Anda.
answer-fee = *Biaya:* mengambil nomor antrean lewat pesan ini gratis. Itu hanya pendaftarannya; paspornya sendiri ada biayanya.
answer-location = *Alamat { $office }:* { $site }
answer-map = Peta: { $link }
answer-language = Kami menjawab dalam bahasa Indonesia dan bahasa Inggris. Untuk bahasa Inggris kirim #english, untuk bahasa Indonesia kirim #indonesia.
answer-others = Satu nomor dapat punya { $places } pendaftaran yang masih berlaku.
answer-others-alone = Satu pendaftaran hanya untuk satu orang.
answer-others-people = Satu pendaftaran dapat untuk paling banyak { $people } orang: kirim dalam satu pesan, satu baris untuk setiap orang.
answer-photo-none = Untuk mengambil nomor antrean, foto tidak perlu dikirim.
answer-data = Data di pendaftaran Anda salah? Sebelum disetujui, kirim saja data yang benar. Kalau sudah terdaftar, kirim #batal dulu, lalu data yang benar.
answer-data-fixed = Data di pendaftaran Anda salah? Sebelum disetujui, kirim saja data yang benar. Kalau sudah terdaftar, data tidak dapat diubah lewat pesan; sampaikan kepada petugas.
answer-child = Nomor antrean anak diambil dengan formulir yang sama: isi nama dan tanggal lahir anak itu.
answer-priority = Lewat pesan ini kami hanya memberi nomor antrean. Layanan khusus bagi lansia, ibu hamil, penyandang disabilitas, dan anak kecil diatur di kantor.
answer-origin = Untuk mengambil nomor antrean, asal KTP tidak kami tanyakan.
answer-ready = Lewat pesan ini kami hanya memberi nomor antrean. Kami tidak dapat melihat apakah paspor sudah jadi.
answer-collection = Lewat pesan ini kami hanya memberi nomor antrean. Pengambilan paspor tidak kami urus di sini.
answer-officer = Pesan di nomor ini dijawab otomatis.
answer-other-passport = Lewat pesan ini kami hanya memberi nomor antrean. Jenis dan masa berlaku paspor tidak kami atur di sini.
answer-sorry = Mohon maaf atas kesulitan Anda. Ini yang kami catat dari nomor Anda:
answer-authenticity = Lewat pesan saja keaslian nomor ini tidak dapat Anda pastikan. Cocokkan dengan nomor yang dipasang di kantor, atau tanyakan kepada petugas.
answer-brokers = Mengambil nomor antrean lewat pesan ini gratis. Jangan membayar calo atau siapa pun untuk itu.

answer-hours = *Jam buka { $office }*
answer-hours-line = { $days }: { $hours }
answer-days = { $first }–{ $last }
answer-closed-word = tutup
answer-and = dan
answer-today = Hari ini, { $day }
answer-open-on = { $day }: buka pukul { $piece }.
answer-closed-on = { $day }: tutup ({ $piece }).
answer-closed-weekday = { $day }: tutup, karena kantor tidak buka pada hari { $piece }.
answer-open-unknown = { $day }: belum dapat kami pastikan, karena hari libur tahun { $piece } belum ada di sini.

answer-day-free = { $day }: masih { $piece } tempat.
answer-day-full = { $day }: sudah penuh.
answer-day-past = { $day }: sudah lewat.
answer-day-too-soon = { $day }: tidak dapat dipilih lagi. Paling cepat { $piece }.
answer-day-not-yet = { $day }: belum dibuka. Hari itu dapat dipilih mulai { $piece }.
answer-day-no-session = { $day }: tidak ada sesi { $piece }.
answer-free-nearest = *Hari-hari terdekat:*
answer-free-none = Saat ini semua hari yang dapat dipilih sudah penuh. Coba tanyakan lagi nanti dengan #cek.
answer-free-asked = Jumlah ini berubah setiap saat. Untuk mengambil tempat, kirim formulir dengan tanggal itu.
answer-free-given = Jumlah ini berubah setiap saat. Harinya ditentukan oleh kantor: kirim saja formulir Anda.
answer-hours-free = *{ $day }, jam yang masih ada tempat:*
answer-hours-not-that = { $day }: pada jam itu tidak ada tempat. Yang masih ada:
answer-hour = { $time }: { $free } tempat
answer-hour-given = Jamnya kami berikan menurut urutan pendaftaran. Jumlah ini berubah setiap saat.
