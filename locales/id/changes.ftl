# Berubah pikiran: membatalkan dengan kata-kata biasa, dan menarik kembali yang terakhir.

cancel-asked = Benar, pendaftaran ini ingin Anda batalkan?
cancel-asked-reply = Balas *ya* untuk membatalkan. Kalau tidak, Anda tidak perlu berbuat apa-apa: pendaftaran ini tetap berlaku.

undo-hint = Keliru? Kirim #urung dalam { $minutes } menit untuk menarik kembali pembatalan ini.
undone-cancel = Pembatalan tadi sudah ditarik kembali. Pendaftaran ini berlaku lagi:
undone-booking = Pendaftaran tadi sudah ditarik kembali: atas nama { $name } ({ $slot }). Kode { $code } tidak berlaku lagi.
undo-offer = Pembatalan tadi belum dapat ditarik kembali: tempat { $name } ({ $before }) sudah diberikan kepada orang lain.
undo-offer-nearest = Tempat terdekat yang masih ada: *{ $slot }*.
undo-offer-reply = Balas *ya* jika mau tempat itu. Kodenya tetap sama. Kalau tidak, pendaftaran itu tetap batal.
nothing-to-undo = Tidak ada yang dapat ditarik kembali. #urung hanya untuk yang terakhir Anda lakukan, satu kali, paling lambat { $minutes } menit sesudahnya: membatalkan, atau mendaftar di kantor yang tidak meminta kode persetujuan.

cancel-asked-person = Benar, tempat { $name } ingin Anda batalkan? Yang lain tetap terdaftar.
member-dropped = Tempat { $name } sudah dibatalkan. Yang lain tetap terdaftar:
which-member = Belum ada yang dibatalkan: tidak jelas siapa yang Anda maksud. Yang terdaftar:
which-member-next = Untuk membatalkan satu orang, kirim #batal dan nama lengkapnya, misalnya #batal { $name }.

## Orang lain pada nomor yang sudah terdaftar

not-registered = *{ $names } belum terdaftar.*
not-registered-why = { $limit ->
        [1] Satu nomor hanya boleh punya satu pendaftaran yang masih berlaku, dan nomor ini sudah punya:
       *[other] Satu nomor hanya boleh punya { $limit } pendaftaran yang masih berlaku, dan nomor ini sudah punya:
    }
not-registered-own-number = Orang lain dapat mendaftar dari nomornya sendiri.
relatives-children = Anak di bawah { $years } tahun boleh didaftarkan dari nomor orang tuanya: kirim formulir sendiri untuk anak itu.
relatives-elders = Orang berusia { $years } tahun ke atas boleh didaftarkan dari nomor keluarganya: kirim formulir sendiri untuknya.
not-all-registered-count = *Belum semuanya terdaftar.* Formulir Anda untuk { $party } orang, tetapi yang terdaftar baru { $count } orang.
not-all-registered = Yang sudah terdaftar dari nomor ini:
not-all-registered-together = Ingin datang bersama-sama? Batalkan dulu dengan #batal, lalu kirim lagi satu formulir untuk semuanya.
