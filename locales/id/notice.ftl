# Yang dikatakan kantor tanpa ditanya.

notice-hold-lapsing = *Pendaftaran Anda belum selesai.* Pukul { $until } nanti nomor antrean Anda kami lepas.
notice-hold-lapsed = *Pendaftaran Anda belum jadi.* Waktunya habis pukul { $until }, jadi nomor antrean atas nama { $name } ({ $slot }) kami lepas.
notice-hold-lapsed-code = Masih mau? Balas dengan kode konfirmasi tadi. Kalau hari itu masih ada tempat, pendaftaran Anda tetap jadi.
notice-hold-lapsed-photo = Masih mau? Kirim lagi data Anda, lalu fotonya.

notice-reminder = *Besok giliran Anda*
    { $office }
notice-reminder-ask = Balas dengan nomornya:
notice-choice = { $number }. { $choice }
notice-choice-or = { $number }. { $choice } ({ $command })
notice-choice-come = Datang
notice-choice-move = Ganti hari
notice-choice-cancel = Batal
will-come = Baik, sampai jumpa hari { $slot }. Tunjukkan kode { $code } kepada petugas.

notice-forfeited = *Nomor antrean Anda hangus*
    { $office }
    Sampai pukul { $until } belum ada yang datang dari pendaftaran ini, jadi nomor { $numbers } atas nama { $name } ({ $slot }) tidak berlaku lagi.
notice-forfeited-here = Sudah di kantor? Tunjukkan kode { $code } kepada petugas. Petugas yang menentukan apakah Anda masih dapat dilayani hari ini.
notice-forfeited-again = Masih perlu datang? Setelah pukul { $ends }, kirim lagi data Anda untuk hari lain.

notice-ready = *Paspor sudah jadi*
    { $office }
    Paspor atas nama { $name } (kode antrean { $code }) sudah dapat diambil.
notice-ready-where = *Lokasi:* { $site }
notice-message = *Kabar dari kantor*
    { $office }
notice-message-about = Pendaftaran Anda:
