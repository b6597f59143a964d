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
