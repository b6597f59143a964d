# Balasan tentang pindah hari.

moved-title = *Jadwal Anda sudah diganti*
    { $office }
moved-before = *Sebelumnya:* { $slot }, nomor antrean { $numbers }. Itu tidak berlaku lagi. Kode Anda tetap sama.
moved-before-held = *Sebelumnya:* { $slot }. Itu tidak berlaku lagi.
moved-same-approval = Kode konfirmasi Anda tetap sama.
moved-left = Anda masih dapat pindah hari { $left } kali lagi.
moved-no-more = Jadwal ini tidak dapat diganti lagi.

move-same-day = Anda memang sudah terdaftar pada hari itu ({ $day }). Yang dapat diganti harinya saja; jamnya mengikuti urutan.
move-full = { $asked }, sudah penuh, jadi jadwal Anda belum kami ganti.
move-full-session = Sesi { $session } pada { $asked }, sudah penuh, jadi jadwal Anda belum kami ganti.
move-now = *Jadwal Anda sekarang:* { $slot }
move-none = Sampai { $last }, tidak ada hari lain yang masih kosong. Jadwal Anda tetap berlaku.
which-new-day = Pindah ke hari apa?
which-new-day-reply = Balas dengan nomor urutnya, misalnya 1. Hari lain? Kirim #ganti dan tanggalnya. Sebelum Anda memilih, jadwal yang sekarang tetap berlaku.
confirm-move = Pindah ke *{ $day }*?
confirm-move-reply = Jika benar, balas *ya*. Jika tidak, jadwal yang sekarang tetap berlaku.

which-to-move = Anda punya { $count } pendaftaran. Mana yang ingin dipindah harinya?
which-to-move-code = Atau dengan kodenya: #ganti { $code }

move-not-allowed = Maaf, kantor ini tidak mengganti hari atau jam nomor antrean yang sudah terbit. Pendaftaran Anda tetap berlaku:
move-used-up = Maaf, di kantor ini satu pendaftaran hanya dapat pindah hari { $times ->
        [1] satu kali
       *[other] { $times } kali
    }, dan itu sudah Anda pakai. Pendaftaran Anda tetap berlaku:
move-too-late = Maaf, jadwal ini hanya dapat diganti sampai pukul { $until }, dan waktu itu sudah lewat. Pendaftaran Anda tetap berlaku:
move-cancel = Tidak dapat datang? Kirim #batal agar nomor ini dapat dipakai orang lain. Setelah itu Anda dapat mendaftar lagi untuk hari lain.
nothing-to-move = Nomor Anda belum terdaftar, jadi belum ada jadwal yang dapat diganti. Ingin mendaftar? Kirim data Anda.
move-of-none-of-these = Anda tidak punya pendaftaran dengan kode itu, jadi tidak ada jadwal yang diganti. Pendaftaran Anda:
move-of-none-next = Untuk pindah hari, kirim #ganti dan kodenya, misalnya #ganti { $code }.
