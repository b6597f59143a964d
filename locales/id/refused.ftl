# Formulir yang benar, tetapi tidak dapat dilayani: sebabnya, lalu apa yang dapat dilakukan.

refused-past = { $asked }, sudah lewat. Hari ini { $today }.
refused-too-soon = Pendaftaran untuk { $asked }, sudah tidak dapat. Kantor ini tidak menerima pendaftaran untuk hari yang sama.
refused-too-late-today = Untuk hari ini, { $asked }, batas waktu pendaftaran sudah lewat.
refused-weekday = { $asked }, kantor tutup. Kami tidak melayani pada hari { $weekday }.
refused-holiday = { $asked }, kantor tutup karena hari libur nasional: { $holiday }.
refused-joint-leave = { $asked }, kantor tutup karena cuti bersama: { $holiday }.
refused-closed = { $asked }, kantor tutup: { $reason }.
refused-beyond-horizon = { $asked }, masih terlalu jauh. Saat ini Anda dapat mendaftar sampai { $last }. Untuk hari itu, kirim lagi mulai { $from }.
refused-unknown-calendar = { $asked }, belum dapat kami terima, karena daftar hari libur { $year } belum tersedia.
refused-next = Hari terdekat yang dapat dipilih: *{ $next }*. Kirim lagi dengan tanggal itu.
refused-no-next = Saat ini belum ada hari lain yang dapat dipilih. Silakan coba lagi besok.

refused-full = { $asked }, sudah penuh. Silakan kirim lagi dengan tanggal lain.
refused-full-suggest = { $asked }, sudah penuh. Masih ada nomor antrean pada *{ $suggest }*. Jika mau, kirim lagi dengan tanggal itu.
refused-all-full = Maaf, sampai { $last }, nomor antrean sudah habis. Setiap hari kami membuka satu tanggal baru. Kadang ada nomor kosong karena orang lain batal. Silakan kirim lagi besok.

refused-too-many-people = Pesan Anda untuk { $party } orang, tetapi di kantor ini { $limit ->
        [1] satu nomor WhatsApp hanya dapat mendaftarkan satu orang. Kirim data satu orang saja, dan minta yang lain mendaftar dari nomornya sendiri.
       *[other] satu pesan paling banyak untuk { $limit } orang. Kirim lagi dengan paling banyak { $limit } orang.
    }

refused-person = { $name } sudah punya nomor antrean yang masih berlaku, jadi pesan ini tidak dapat kami terima.
refused-person-cancel = Kode dan jadwalnya ada pada nomor yang dipakai mendaftar. Untuk ganti jadwal, kirim #batal dari nomor itu lebih dulu. Tidak tahu siapa yang mendaftar? Tanyakan kepada petugas kantor.
refused-person-next = Kode dan jadwalnya ada pada nomor yang dipakai mendaftar. Tidak tahu siapa yang mendaftar? Tanyakan kepada petugas kantor.
refused-holds = Hari ini Anda sudah { $limit } kali meminta nomor antrean tanpa menyelesaikannya, jadi data baru tidak kami terima lagi sampai besok.
refused-holds-kept = Pendaftaran Anda yang terakhir masih dapat diselesaikan:
refused-holds-next = Silakan kirim lagi data Anda besok, atau tanyakan kepada petugas kantor.

intake-later-today = Pendaftaran belum dibuka. Hari ini kirim data Anda pukul { $from } sampai { $until }.
intake-over = Pendaftaran hari ini sudah tutup.
intake-weekday = Hari { $weekday } tidak ada pendaftaran, karena kantor tutup.
intake-holiday = Hari ini tidak ada pendaftaran, karena kantor tutup: { $holiday }.
intake-closed = Hari ini tidak ada pendaftaran, karena kantor tutup: { $reason }.
intake-unknown-calendar = Hari ini tidak ada pendaftaran, karena daftar hari libur { $year } belum tersedia.
intake-next = Kirim lagi pada *{ $next }*, pukul { $from } sampai { $until }.
intake-no-next = Pendaftaran diterima pada hari saat kantor buka, pukul { $from } sampai { $until }. Hari berikutnya belum dapat kami pastikan; silakan coba lagi besok.
intake-not-kept = Anda belum terdaftar.

refused-no-session = Pada { $asked }, tidak ada jam yang dapat dipilih pada sesi { $session }.
refused-full-session = Sesi { $session } pada { $asked }, sudah penuh. Silakan kirim lagi dengan tanggal atau sesi lain.
refused-full-session-suggest = Sesi { $session } pada { $asked }, sudah penuh. Sesi yang sama masih kosong pada *{ $suggest }*. Jika mau, kirim lagi dengan tanggal itu.
refused-all-full-session = Maaf, sampai { $last }, nomor antrean untuk sesi { $session } sudah habis. Silakan kirim lagi dengan sesi lain, atau coba lagi besok.
