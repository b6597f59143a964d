# Berubah pikiran: membatalkan dengan kata-kata biasa, dan menarik kembali yang terakhir.

cancel-asked = Benar, Anda ingin membatalkan pendaftaran ini?
cancel-asked-reply = Balas *ya* untuk membatalkan. Kalau tidak, abaikan saja: pendaftaran ini tetap berlaku.

undo-hint = Keliru? Kirim #urung dalam { $minutes } menit.
undone-cancel = Pembatalan tadi sudah ditarik kembali. Pendaftaran ini berlaku lagi:
undone-move = Pindah hari tadi sudah ditarik kembali. Jadwal Anda sekarang:
undone-member = Pembatalan satu orang tadi sudah ditarik kembali. Yang terdaftar sekarang:
undone-booking = Pendaftaran tadi sudah ditarik kembali: atas nama { $name } ({ $slot }). Kode { $code } tidak berlaku lagi.
undo-offer = Pembatalan tadi belum dapat ditarik kembali: nomor antrean { $name } ({ $before }) sudah diambil orang lain.
undo-offer-move = Pindah hari tadi belum dapat ditarik kembali: jadwal yang lama ({ $before }) sudah diambil orang lain.
undo-offer-member = Pembatalan satu orang tadi belum dapat ditarik kembali: jam Anda ({ $before }) sudah penuh.
undo-offer-nearest = Jadwal terdekat yang masih kosong: *{ $slot }*.
undo-offer-reply = Balas *ya* jika mau jadwal itu. Kodenya tetap sama. Kalau tidak, pendaftaran itu tetap batal.
undo-offer-reply-move = Balas *ya* jika mau jadwal itu. Kodenya tetap sama. Kalau tidak, jadwal yang sekarang tetap berlaku.
undo-offer-reply-member = Balas *ya* jika semuanya ({ $count } orang) mau datang pada jadwal itu. Kodenya tetap sama. Kalau tidak, pendaftaran yang sekarang tetap berlaku.
not-undone-move = Pindah hari tadi tidak dapat ditarik kembali.
not-undone-member = Pembatalan satu orang tadi tidak dapat ditarik kembali.
not-undone-taken = Jadwal itu sudah diambil orang lain.
not-undone-person = { $name } sudah punya nomor antrean lain yang masih berlaku.
not-undone-people = Di sini satu pendaftaran hanya boleh untuk { $limit } orang.
not-undone-intake = Pendaftaran hanya diterima pukul { $from } sampai { $until }.
not-undone-now = Pendaftaran Anda yang sekarang tetap berlaku:
nothing-changed = Baik, tidak ada yang kami ubah.
nothing-to-undo = Tidak ada yang dapat ditarik kembali. #urung hanya untuk yang terakhir Anda lakukan, satu kali, paling lambat { $minutes } menit sesudahnya: membatalkan, pindah hari, atau mendaftar tanpa kode konfirmasi.

cancel-asked-person = Benar, Anda ingin membatalkan { $name } saja? Yang lain tetap terdaftar.
member-dropped = Pendaftaran { $name } sudah dibatalkan. Yang lain tetap terdaftar:
which-member = Belum ada yang dibatalkan: tidak jelas siapa yang Anda maksud. Yang terdaftar:
which-member-next = Untuk membatalkan satu orang, kirim #batal dan nama lengkapnya, misalnya #batal { $name }.

## Orang lain pada nomor yang sudah terdaftar

not-registered = *{ $names } belum terdaftar.*
not-registered-why = { $limit ->
        [1] Satu nomor WhatsApp hanya boleh punya satu pendaftaran yang masih berlaku, dan nomor ini sudah punya:
       *[other] Satu nomor WhatsApp hanya boleh punya { $limit } pendaftaran yang masih berlaku, dan nomor ini sudah punya:
    }
not-registered-own-number = Orang lain dapat mendaftar dari nomornya sendiri.
relatives-children = Anak di bawah { $years } tahun boleh didaftarkan dari nomor orang tuanya: kirim data anak itu dalam pesan tersendiri.
relatives-elders = Orang berusia { $years } tahun ke atas boleh didaftarkan dari nomor keluarganya: kirim datanya dalam pesan tersendiri.
not-all-registered-count = *Belum semuanya terdaftar.* Pesan Anda untuk { $party } orang, tetapi yang terdaftar baru { $count } orang.
not-all-registered = Yang sudah terdaftar dari nomor ini:
not-all-registered-together = Ingin datang bersama-sama? Batalkan dulu dengan #batal, lalu kirim lagi satu pesan untuk semuanya.
