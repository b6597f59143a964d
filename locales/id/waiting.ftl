# Daftar tunggu: masuk, giliran, tawaran nomor yang kembali.

waiting-offer = Mau menunggu nomor yang kosong? Balas *#tunggu*. Untuk hari apa saja, balas *#tunggu secepatnya*.
waiting-none = Kantor ini tidak punya daftar tunggu. Untuk melihat hari yang masih ada nomornya, kirim #cek.
waiting-needs-form = Untuk masuk daftar tunggu, kirim dulu data Anda. Jika harinya penuh, balas #tunggu.
waiting-full = Maaf, daftar tunggu sudah penuh. Coba lagi besok, atau kirim #cek untuk melihat hari lain.
waiting-not = Anda tidak ada dalam daftar tunggu, jadi tidak ada yang perlu dibatalkan. Untuk melihat hari yang masih ada nomornya, kirim #cek.
waiting-joined = Anda masuk daftar tunggu.
waiting-for-day = *Menunggu nomor untuk:* { $day }
waiting-for-any = *Menunggu nomor untuk:* hari apa saja, secepatnya
waiting-ahead = { $ahead ->
        [0] *Giliran:* Anda yang pertama.
       *[other] *Giliran:* ada { $ahead } orang sebelum Anda.
    }
waiting-keeps = Jadwal Anda sekarang, { $slot }, tetap berlaku sampai Anda memilih yang lain.
waiting-rules = Jika ada nomor yang kembali, kami tawarkan menurut giliran, { $at_once ->
        [1] hanya kepada Anda,
       *[other] kadang kepada sampai { $at_once } orang sekaligus (siapa yang lebih dulu membalas *ya* mendapatkannya, yang lain tetap pada gilirannya),
    } selama 20 menit (10 menit jika jadwalnya kurang dari sehari lagi). Balas *ya* untuk mengambilnya. Dua tawaran yang tidak diambil mengakhiri giliran Anda, begitu juga nomor antrean yang Anda dapat dengan cara lain. Malam hari kami tidak menawarkan.
waiting-rules-earlier = Jika ada nomor yang lebih awal, kami tawarkan menurut giliran, { $at_once ->
        [1] hanya kepada Anda,
       *[other] kadang kepada sampai { $at_once } orang sekaligus (siapa yang lebih dulu membalas *ya* mendapatkannya, yang lain tetap pada gilirannya),
    } selama 20 menit (10 menit jika jadwalnya kurang dari sehari lagi), paling banyak tiga kali. Balas *ya* untuk pindah. Dua tawaran yang tidak diambil mengakhiri giliran Anda. Malam hari kami tidak menawarkan.
waiting-leave = Tidak mau menunggu lagi? Balas #tunggu batal.
waiting-left = Anda sudah keluar dari daftar tunggu.
waiting-not-earlier = Jadwal Anda { $slot }. Daftar tunggu hanya untuk hari yang lebih awal. Untuk hari lain, balas #ganti.
waiting-offered = *Ada nomor antrean untuk Anda*
    { $office }
waiting-offered-seat = *Jadwal:* { $slot }
waiting-offered-for = *Untuk:* { $names }
waiting-offered-instead = Jika Anda ambil, jadwal Anda yang lama, { $slot }, kami lepas. Jika tidak, jadwal lama tetap berlaku.
waiting-offered-reply = Balas *ya* untuk mengambilnya, paling lambat { $until }. Tidak mau? Balas *#batal*, dan kami tawarkan kepada yang berikutnya.
waiting-offered-last = Ini tawaran terakhir: jika tidak Anda ambil, giliran Anda di daftar tunggu berakhir.
button-wait = #tunggu
button-skip = Lewati
waiting-declined = Baik, nomor itu kami tawarkan kepada yang berikutnya. Giliran Anda tetap.
waiting-declined-over = Baik, nomor itu kami tawarkan kepada yang berikutnya. Giliran Anda di daftar tunggu sudah berakhir.
waiting-too-late = Maaf, waktu untuk tawaran itu sudah lewat. Giliran Anda di daftar tunggu tetap.
waiting-too-late-over = Maaf, waktu untuk tawaran itu sudah lewat, dan giliran Anda di daftar tunggu sudah berakhir. Untuk mendaftar, kirim lagi data Anda.
entry-offer = { $name }, { $slot }: ditawarkan kepada Anda sampai { $until }. Balas *ya* untuk mengambilnya.
answer-hold-offer = Nomor antrean untuk { $slot } ditawarkan kepada Anda sampai { $until }. Balas *ya* untuk mengambilnya.
waiting-write-daily = Kirim satu pesan setiap hari, agar tawaran dapat sampai kepada Anda.
waiting-offered-shared = Nomor ini kami tawarkan juga kepada { $others } orang lain. Siapa yang lebih dulu membalas mendapatkannya. Jika orang lain yang mendapatkannya, giliran Anda tetap.
waiting-offered-reply-shared = Balas *ya* untuk mengambilnya, paling lambat { $until }. Tidak mau? Balas *#batal*.
waiting-offered-last-shared = Ini tawaran terakhir: jika Anda tidak membalas, giliran Anda di daftar tunggu berakhir.
waiting-shared-now = Nomor antrean untuk { $slot } ditawarkan kepada Anda dan orang lain sampai { $until }. Balas *ya* untuk mengambilnya.
waiting-taken = Maaf, nomor antrean untuk { $slot } sudah diambil orang lain yang membalas lebih dulu. Giliran Anda di daftar tunggu tetap.
