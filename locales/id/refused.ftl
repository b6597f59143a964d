# Formulir yang benar, tetapi tidak dapat dilayani: sebabnya, lalu apa yang dapat dilakukan.

refused-past = { $asked } sudah lewat. Hari ini { $today }.
refused-too-soon = { $asked } terlalu dekat. Kantor ini tidak menerima pendaftaran untuk hari yang sama.
refused-too-late-today = Untuk hari ini, { $asked }, batas waktu pendaftaran sudah lewat.
refused-weekday = Hari { $asked } kantor tutup: setiap hari { $weekday } tidak ada pelayanan.
refused-holiday = Hari { $asked } kantor tutup karena hari libur nasional: { $holiday }.
refused-joint-leave = Hari { $asked } kantor tutup karena cuti bersama: { $holiday }.
refused-closed = Hari { $asked } kantor tutup: { $reason }.
refused-beyond-horizon = { $asked } masih terlalu jauh. Saat ini Anda dapat mendaftar sampai { $last }. Untuk hari itu, kirim lagi formulir mulai { $from }.
refused-unknown-calendar = { $asked } belum dapat kami terima, karena kalender libur tahun { $year } belum ada pada kami.
refused-next = Hari terdekat yang dapat dipilih: *{ $next }*. Kirim lagi formulir dengan tanggal itu.
refused-no-next = Saat ini belum ada hari lain yang dapat dipilih. Silakan coba lagi besok.

refused-full = { $asked } sudah penuh. Silakan kirim lagi formulir dengan tanggal lain.
refused-full-suggest = { $asked } sudah penuh. Masih ada tempat pada *{ $suggest }*. Jika mau, kirim lagi formulir dengan tanggal itu.
refused-all-full = Maaf, sampai { $last } sudah tidak ada tempat. Setiap hari kami membuka tanggal baru, dan ada tempat yang kembali jika orang membatalkan. Silakan kirim lagi besok.

refused-too-many-people = Formulir Anda untuk { $party } orang, tetapi di kantor ini { $limit ->
        [1] satu nomor hanya dapat mendaftarkan satu orang. Kirim satu formulir saja, dan minta yang lain mendaftar dari nomornya sendiri.
       *[other] satu pesan paling banyak untuk { $limit } orang. Kirim lagi dengan paling banyak { $limit } orang.
    }

refused-person = { $name } sudah punya tempat yang masih berlaku, jadi formulir ini tidak dapat kami terima.
refused-person-cancel = Kode dan jadwalnya ada pada nomor yang dipakai mendaftar. Untuk ganti jadwal, kirim #batal dari nomor itu lebih dulu. Tidak tahu siapa yang mendaftar? Tanyakan kepada petugas kantor.
refused-person-next = Kode dan jadwalnya ada pada nomor yang dipakai mendaftar. Tidak tahu siapa yang mendaftar? Tanyakan kepada petugas kantor.
refused-holds = Hari ini nomor Anda sudah { $limit } kali meminta tempat tanpa menyelesaikannya, jadi formulir baru tidak kami terima lagi sampai besok.
refused-holds-kept = Pendaftaran Anda yang terakhir masih dapat diselesaikan:
refused-holds-next = Silakan kirim lagi formulir Anda besok, atau tanyakan kepada petugas kantor.

intake-later-today = Pendaftaran belum dibuka. Hari ini formulir diterima pukul { $from } sampai { $until }.
intake-over = Pendaftaran hari ini sudah ditutup.
intake-weekday = Hari { $weekday } tidak ada pendaftaran, karena kantor tutup.
intake-holiday = Hari ini tidak ada pendaftaran, karena kantor tutup: { $holiday }.
intake-closed = Hari ini tidak ada pendaftaran, karena kantor tutup: { $reason }.
intake-unknown-calendar = Hari ini tidak ada pendaftaran, karena kalender libur tahun { $year } belum ada pada kami.
intake-next = Formulir diterima lagi pada *{ $next }*, pukul { $from } sampai { $until }.
intake-no-next = Formulir diterima pada hari buka, pukul { $from } sampai { $until }. Hari buka berikutnya belum dapat kami pastikan; silakan coba lagi besok.
intake-not-kept = Formulir Anda belum terdaftar. Mohon kirim lagi pada jam itu.

refused-no-session = Pada { $asked } tidak ada jam yang dapat dipilih pada sesi { $session }.
refused-full-session = Sesi { $session } pada { $asked } sudah penuh. Silakan kirim lagi formulir dengan tanggal atau sesi lain.
refused-full-session-suggest = Sesi { $session } pada { $asked } sudah penuh. Sesi yang sama masih ada tempat pada *{ $suggest }*. Jika mau, kirim lagi formulir dengan tanggal itu.
refused-all-full-session = Maaf, sampai { $last } tidak ada tempat pada sesi { $session }. Silakan kirim lagi formulir dengan sesi lain, atau coba lagi besok.
