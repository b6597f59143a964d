# Balasan tentang pendaftaran sendiri.

## Data yang menunggu kode

echo-title = *{ $office }*
echo-replaced = Data ini menggantikan data yang Anda kirim sebelumnya. Kode yang lama tidak berlaku lagi.
echo-check = Mohon periksa data Anda:
echo-code = *Kode konfirmasi:* { $code }
echo-reply = Jika sudah benar, balas dengan kode itu sebelum pukul { $until }. Sampai saat itu nomor antrean Anda kami simpan.
hold-short = Banyak pendaftaran untuk hari itu belum diselesaikan, jadi nomor antrean Anda kami simpan *{ $minutes } menit saja*.
echo-wrong = Ada yang salah? Kirim lagi data yang benar. Tidak jadi? Kirim #batal.

person-contact = *Nomor WA:* { $contact }
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
person-party = *Jumlah:* { $count } orang
person-numbered = { $number }. { $name }
person-numbered-born = { $number }. { $name }, lahir { $date }
visit-when = *Jadwal:* { $slot }

day-moved = Hari yang Anda minta ({ $asked }) sudah penuh. Kami jadwalkan Anda pada hari berikutnya yang masih kosong: *{ $given }*.
day-moved-session = Sesi { $session } pada hari yang Anda minta ({ $asked }) sudah penuh. Kami jadwalkan Anda pada sesi { $session } di hari berikutnya yang masih kosong: *{ $given }*.
party-together = Anda mendaftar untuk { $count } orang, dan semuanya dilayani pada jam yang sama.

## Konfirmasi

booked-title = *Pendaftaran berhasil*
    { $office }
booked-late = Kode Anda terlambat, dan jam Anda sudah diambil orang lain. Jam Anda berubah. *Perhatikan jam yang baru* di bawah ini.
booked-code = *Kode antrean:* { $code }
registered-code = *Kode antrean:* { $code }
booked-queue = *Nomor antrean:* { $numbers }{ $count ->
        [1] { "" }
       *[other] { " " }({ $count } orang)
    }
arrive-early = *Datang:* pukul { $time } ({ $minutes } menit lebih awal)
arrive-doors = *Datang:* pukul { $time }, saat pintu kantor dibuka
booked-site = *Lokasi:* { $site }
booked-bring = *Bawa:* { $bring }
booked-for = Data pendaftar:
booked-show = Tunjukkan pesan ini kepada petugas. Kode hanya berlaku untuk jadwal ini.
booked-grace = Jika terlambat lebih dari { $minutes } menit, nomor antrean Anda hangus dan Anda harus mendaftar lagi.
booked-no-grace = Jika terlambat, nomor antrean Anda hangus dan Anda harus mendaftar lagi.
booked-turn = Giliran Anda pada hari itu: { $link }
booked-cancel = Tidak jadi datang? Kirim #batal agar nomor ini dapat dipakai orang lain.
booked-cancel-move = Tidak jadi datang? Kirim #batal. Mau ganti hari? Kirim #ganti.
booked-move = Mau ganti hari? Kirim #ganti.

already-booked = *Anda sudah terdaftar*
    { $office }
another-time-cancel = Ingin jadwal lain? Batalkan dulu dengan #batal, lalu kirim data Anda lagi.
another-time-move = Ingin hari lain? Kirim #ganti. Kode Anda tetap sama.
another-time-wait = Anda dapat mendaftar lagi setelah jadwal ini lewat.

## Foto

photo-wanted = *{ $office }*
    Data Anda sudah kami terima. Sekarang kirim fotonya.
photo-wanted-next = Kirim foto { $photo } sebelum pukul { $until }. Sampai saat itu nomor antrean Anda kami simpan.
photo-wanted-page = Buka halaman ini dan kirim foto { $photo } di sana sebelum pukul { $until }:
    { $link }
    Halaman itu milik kantor, hanya untuk satu foto, dan tutup dalam 30 menit. Jangan kirim fotonya di obrolan ini.
photo-of-one = Cukup satu foto, milik { $name }. Dokumen yang lain dibawa saat datang.
photo-received = Terima kasih, foto Anda sudah kami terima. Pendaftaran Anda tetap berlaku:
photo-lost = Maaf, foto Anda tidak dapat kami buka. Pendaftaran Anda tetap berlaku, tetapi mohon kirim foto itu sekali lagi.
photo-lost-page = Maaf, foto Anda tidak dapat kami buka. Pendaftaran Anda tetap berlaku, tetapi mohon kirim foto itu sekali lagi lewat halaman ini:
    { $link }

## Kode konfirmasi yang tidak cocok

code-replaced = Itu kode dari data Anda yang lama, dan tidak berlaku lagi. Yang berlaku adalah data terakhir:
code-awaited = Pendaftaran Anda belum selesai. Tinggal satu langkah: balas dengan kode di bawah.
code-wrong = Kode itu tidak cocok dengan pendaftaran atas nama { $name }.
code-wrong-next = Lihat kode 8 angka pada balasan kami, lalu kirim lagi sebelum pukul { $until }. Anda masih punya { $tries } kesempatan.
code-wrong-lost = Kodenya hilang? Kirim lagi data yang sama, nanti kami balas dengan kode yang sama.
code-blocked = Kode yang salah sudah dikirim { $tries } kali, jadi pendaftaran Anda kami batalkan. Untuk mendaftar lagi, kirim data Anda.
code-expired = Batas waktu kode sudah lewat, dan nomor antrean untuk { $day }, sudah habis. Silakan mendaftar lagi.
code-expired-day = Batas waktu kode sudah lewat, dan { $day }, tidak dapat dipilih lagi. Silakan mendaftar lagi.
hold-on-closed-day = Pendaftaran Anda tidak dapat diselesaikan, dan kodenya tidak berlaku, selama kantor tutup pada hari itu.
code-unknown = Tidak ada pendaftaran Anda yang sedang menunggu kode.
code-unknown-register = Untuk mendaftar, kirim data Anda.

## Membatalkan

released = Pendaftaran atas nama { $name } ({ $slot }) sudah dibatalkan. Nomor antrean itu kami lepas.
cancelled = Pendaftaran { $code } ({ $slot }) sudah dibatalkan. Kode itu tidak berlaku lagi.
cancelled-party = Pembatalan ini berlaku untuk semuanya ({ $count } orang).
book-again = Ingin mendaftar lagi? Kirim:
    { $line }
cancel-not-allowed = Maaf, kantor ini tidak membatalkan nomor antrean yang sudah terbit. Pendaftaran Anda tetap berlaku:
cancel-not-needed = Tidak dapat datang? Tidak apa-apa, { $minutes ->
        [0] nomor ini hangus sendiri begitu jamnya mulai
       *[other] nomor ini hangus sendiri { $minutes } menit setelah jamnya
    }. Setelah jadwal itu lewat, Anda dapat mendaftar lagi.
nothing-to-cancel = Nomor Anda belum terdaftar, jadi tidak ada yang dapat dibatalkan atau diubah.
    Ingin mendaftar? Caranya ada di #bantuan.
not-of-that-code = Anda tidak punya pendaftaran dengan kode itu, jadi tidak ada yang dibatalkan. Pendaftaran Anda:
not-of-that-code-next = Untuk membatalkan, kirim #batal dan kodenya, misalnya #batal { $code }.
cancel-alone = Belum ada yang kami ubah: pendaftaran Anda masih berlaku. Mau batal? Kirim #batal saja.
cancel-alone-person = Mau membatalkan satu orang saja? Kirim #batal dan nama lengkapnya, misalnya #batal { $name }.
cancel-alone-move = Mau ganti hari? Kirim #ganti.
cancel-alone-again = Mau ganti tanggal? Batalkan dulu, lalu kirim lagi data Anda dengan tanggal yang baru.
which-to-cancel = Anda punya { $count } pendaftaran. Mana yang ingin dibatalkan?
which-to-cancel-number = Balas dengan nomor urutnya, misalnya 1.
which-to-cancel-code = Atau dengan kodenya: #batal { $code }

## Status

status-none = Belum ada pendaftaran dari nomor Anda di { $office }.
status-some = *Pendaftaran Anda di { $office }*
status-photo = Foto Anda kami simpan sampai pukul { $until }. Kirim data Anda sebelum itu.
status-cancel = Untuk membatalkan, kirim #batal.
status-cancel-move = Untuk membatalkan, kirim #batal. Untuk ganti hari, kirim #ganti.
status-move = Untuk ganti hari, kirim #ganti.
entry-booked = *{ $code }* – { $name }
    { $slot }
    Nomor antrean { $numbers }
entry-held = { $name } – menunggu kode konfirmasi
    { $slot }
    Balas dengan { $code } sebelum pukul { $until }
entry-held-closed = { $name } – tidak dapat diselesaikan
    { $slot }
entry-photo = { $name } – menunggu foto
    { $slot }
    Kirim fotonya sebelum pukul { $until }
entry-photo-page = { $name } – menunggu foto
    { $slot }
    Kirim fotonya lewat halaman ini sebelum pukul { $until }: { $link }
entry-closed = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Tanyakan hari pengganti kepada kantor.
entry-closed-move = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim #ganti untuk pindah ke hari lain.
entry-closed-cancel = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim #batal, lalu kirim lagi data Anda dengan hari lain.
entry-closed-held = *Perhatian:* pada hari itu kantor tutup ({ $reason }). Kirim lagi data Anda dengan hari lain.
too-many = Pesan ini tidak dapat kami terima: satu nomor WhatsApp hanya boleh punya { $limit } pendaftaran yang masih berlaku. Milik Anda:
