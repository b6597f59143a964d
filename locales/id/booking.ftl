# Balasan tentang pendaftaran sendiri.

## Permintaan persetujuan

echo-title = *{ $office }*
echo-replaced = Formulir ini menggantikan formulir Anda yang sebelumnya. Kode yang lama tidak berlaku lagi.
echo-check = Mohon periksa data Anda:
echo-code = *Kode persetujuan:* { $code }
echo-reply = Jika sudah benar, balas dengan kode itu sebelum pukul { $until }. Sampai saat itu tempat Anda kami simpan.
hold-short = Banyak pendaftaran untuk hari itu belum diselesaikan, jadi tempat Anda kami simpan *{ $minutes } menit saja*.
echo-wrong = Ada yang salah? Kirim lagi formulir yang benar. Tidak jadi? Kirim #batal.

person-contact = *Nomor:* { $contact }
person-name = *Nama:* { $name }
person-birth = *Tgl lahir:* { $date }
person-nik = *NIK:* berakhir { $digits }
person-family-card = *No. KK:* berakhir { $digits }
person-phone = *Telepon:* { $number }
person-email = *Email:* { $email }
person-service = *Layanan:* { $service }
person-session = *Sesi:* { $session }
person-text = *{ $label }:* { $text }
person-address = *Alamat:* { $address }
person-party = *Untuk:* { $count } orang
person-numbered = { $number }. { $name }
person-numbered-born = { $number }. { $name }, lahir { $date }
visit-when = *Jadwal:* { $slot }

day-moved = Hari yang Anda minta ({ $asked }) sudah penuh. Anda kami beri hari berikutnya yang masih ada tempat: *{ $given }*.
day-moved-session = Sesi { $session } pada hari yang Anda minta ({ $asked }) sudah penuh. Anda kami beri sesi { $session } pada hari berikutnya yang masih ada tempat: *{ $given }*.
party-together = Anda mendaftar untuk { $count } orang, dan semuanya dilayani pada jam yang sama.

## Konfirmasi

booked-title = *Pendaftaran berhasil*
    { $office }
booked-late = Batas waktu kode sudah lewat dan jam yang tadi sudah diambil orang lain. Pada hari itu masih ada tempat: *perhatikan jam Anda yang baru*.
booked-code = *Kode booking:* { $code }
registered-code = *Kode registrasi:* { $code }
booked-queue = *Nomor antrean:* { $numbers }{ $count ->
        [1] { "" }
       *[other] { " " }({ $count } orang)
    }
arrive-early = *Datang:* pukul { $time } ({ $minutes } menit lebih awal)
arrive-doors = *Datang:* pukul { $time }, saat pintu kantor dibuka
booked-site = *Tempat:* { $site }
booked-bring = *Bawa:* { $bring }
booked-for = Terdaftar:
booked-show = Tunjukkan pesan ini kepada petugas. Kode hanya berlaku untuk jadwal ini.
booked-grace = Jika terlambat lebih dari { $minutes } menit, tempat Anda hangus dan Anda harus mendaftar lagi.
booked-no-grace = Jika terlambat, tempat Anda hangus dan Anda harus mendaftar lagi.
booked-cancel = Tidak jadi datang? Kirim #batal agar tempat ini dapat dipakai orang lain.

already-booked = *Anda sudah terdaftar*
    { $office }
another-time-cancel = Ingin jadwal lain? Batalkan dulu dengan #batal, lalu kirim formulir baru.
another-time-move = Ingin hari lain? Kirim #ganti. Kode Anda tetap sama.
another-time-wait = Anda dapat mendaftar lagi setelah jadwal ini lewat.

## Foto

photo-wanted = *{ $office }*
    Data Anda sudah kami terima. Tinggal fotonya.
photo-wanted-next = Kirim foto { $photo } sebelum pukul { $until }. Sampai saat itu tempat Anda kami simpan.
photo-of-one = Cukup satu foto, milik { $name }. Dokumen yang lain dibawa saat datang.
photo-received = Terima kasih, foto Anda sudah kami terima. Pendaftaran Anda tetap berlaku:
photo-lost = Maaf, foto Anda tidak dapat kami buka. Pendaftaran Anda tetap berlaku, tetapi mohon kirim foto itu sekali lagi.

## Kode persetujuan yang tidak cocok

code-replaced = Kode itu milik formulir Anda yang lama dan tidak berlaku lagi. Yang berlaku adalah formulir terakhir:
code-awaited = Pendaftaran Anda belum selesai. Yang kami tunggu adalah kode persetujuan di bawah ini.
code-wrong = Kode itu tidak cocok dengan pendaftaran atas nama { $name }.
code-wrong-next = Lihat kode 8 angka pada balasan kami, lalu kirim lagi sebelum pukul { $until }. Anda masih dapat mencoba { $tries } kali.
code-wrong-lost = Kodenya hilang? Kirim lagi formulir yang sama, nanti kami balas dengan kode yang sama.
code-blocked = Kode yang salah sudah dikirim { $tries } kali, jadi tempat Anda kami lepaskan. Untuk mendaftar lagi, kirim formulir.
code-expired = Batas waktu kode sudah lewat, dan tempat pada hari { $day } sudah tidak ada. Silakan mendaftar lagi.
code-expired-day = Batas waktu kode sudah lewat, dan hari { $day } tidak dapat dipilih lagi. Silakan mendaftar lagi.
hold-on-closed-day = Pendaftaran Anda tidak dapat diselesaikan, dan kodenya tidak berlaku, selama kantor tutup pada hari itu.
code-unknown = Tidak ada pendaftaran Anda yang sedang menunggu kode. Untuk mendaftar, kirim formulir.

## Membatalkan

released = Pendaftaran atas nama { $name } ({ $slot }) sudah dibatalkan. Tempatnya tidak kami simpan lagi.
cancelled = Booking { $code } ({ $slot }) sudah dibatalkan. Kode itu tidak berlaku lagi.
cancelled-party = Itu berlaku untuk semua { $count } orang.
book-again = Ingin mendaftar lagi? Kirim:
    { $line }
cancel-not-allowed = Maaf, kantor ini tidak membatalkan nomor antrean yang sudah terbit. Booking Anda tetap berlaku:
cancel-not-needed = Tidak dapat datang? Anda tidak perlu berbuat apa-apa: { $minutes ->
        [0] tempat Anda hangus begitu jamnya mulai
       *[other] tempat Anda hangus { $minutes } menit setelah jam itu
    }. Setelah jadwal itu lewat, Anda dapat mendaftar lagi.
nothing-to-cancel = Tidak ada pendaftaran dari nomor Anda yang dapat dibatalkan. Formulir yang belum Anda setujui tidak kami proses.
    Untuk mendaftar, kirim data Anda; formatnya ada di #bantuan.
not-of-that-code = Anda tidak punya pendaftaran dengan kode itu, jadi tidak ada yang dibatalkan. Pendaftaran Anda:
not-of-that-code-next = Untuk membatalkan, kirim #batal dan kodenya, misalnya #batal { $code }.
cancel-alone = Belum ada yang kami ubah.
    Untuk membatalkan pendaftaran, kirim #batal saja, tanpa kata lain.
cancel-alone-move = Untuk ganti hari, kirim #ganti.
cancel-alone-again = Untuk ganti tanggal, batalkan dulu, lalu kirim lagi data Anda dengan tanggal yang baru.
which-to-cancel = Anda punya { $count } pendaftaran. Mana yang ingin dibatalkan?
which-to-cancel-number = Balas dengan nomor urutnya, misalnya 1.
which-to-cancel-code = Atau dengan kodenya: #batal { $code }

## Status

status-none = Belum ada pendaftaran dari nomor Anda di { $office }.
status-some = *Pendaftaran Anda di { $office }*
status-photo = Foto Anda kami simpan sampai pukul { $until }. Kirim formulirnya sebelum itu.
status-cancel = Untuk membatalkan, kirim #batal.
entry-booked = *{ $code }* – { $name }
    { $slot }
    Nomor antrean { $numbers }
entry-held = { $name } – menunggu kode persetujuan
    { $slot }
    Balas dengan { $code } sebelum pukul { $until }
entry-held-closed = { $name } – tidak dapat diselesaikan
    { $slot }
entry-photo = { $name } – menunggu foto
    { $slot }
    Kirim fotonya sebelum pukul { $until }
entry-closed = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Tanyakan hari pengganti kepada kantor.
entry-closed-move = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim #ganti untuk pindah ke hari lain.
entry-closed-cancel = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim #batal, lalu formulir dengan hari lain.
entry-closed-held = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim lagi formulir dengan hari lain.
too-many = Formulir ini tidak dapat kami terima: satu nomor hanya boleh punya { $limit } pendaftaran yang masih berlaku. Milik Anda:
