# Formulir yang belum benar: bagian mana, apa yang tertulis, apa yang seharusnya.

misread-found = Yang tertulis: “{ $found }”.
misread-photo-kept = Foto Anda sudah kami simpan. Cukup kirim lagi teksnya.
misread-next-day = Hari terdekat yang dapat dipilih: *{ $day }*.

misread-missing = Formulir Anda belum lengkap: *{ $field }* belum ada.
misread-missing-some = Formulir Anda belum lengkap.
misread-surplus = Formulir Anda berisi terlalu banyak bagian. Tanda # hanya dipakai untuk memisahkan bagian.
misread-name-character = Pada *nama* ada tanda yang tidak dapat kami terima.
misread-name-empty = *Nama* belum diisi.
misread-name-too-long = *Nama* terlalu panjang.
misread-swapped = Urutannya tertukar: di tempat *nama* ada tanggal. Ikuti urutan pada format.
misread-not-a-date = Isi *{ $field }* tidak terbaca sebagai tanggal.
misread-no-such-day = Tanggal pada *{ $field }* tidak ada di kalender.
misread-ambiguous-date = Tanggal pada *{ $field }* dapat dibaca lebih dari satu cara.
misread-birth-in-future = *Tanggal lahir* itu belum terjadi. Mungkin tertukar dengan tanggal kedatangan.
misread-birth-too-old = *Tanggal lahir* itu lebih dari { $years } tahun yang lalu.
misread-visit-past = *Tanggal kedatangan* itu sudah lewat; hari ini { $today }. Jika Anda menyalin contoh dari koran atau poster, ganti dengan tanggal dan data Anda sendiri.
misread-address = *Alamat* kosong atau terlalu panjang.
misread-count = *Jumlah orang* tidak dapat kami terima.
misread-nik = *NIK* itu tidak benar.
misread-several = Ada lebih dari satu pendaftaran dalam pesan Anda. Kirim satu pesan untuk satu orang.
misread-suggestion = Mungkin maksud Anda:
    { $line }
    Jika benar, balas *ya*. Jika tidak, kirim lagi data yang benar.

repaired = Anda menulis “{ $from }”. Kami membacanya sebagai *{ $to }*.
repaired-separator = Anda memakai tanda “{ $from }”. Kami membacanya sebagai tanda #.
repaired-space = Kami membaca spasi di antara data Anda sebagai tanda #.
confirm-check = Mohon periksa data Anda:
confirm-visit = *Tgl kedatangan:* { $day }
confirm-reply = Jika sudah benar, balas *ya*. Jika belum, kirim lagi formulir yang benar.
confirm-photo-kept = Foto Anda sudah kami simpan.
which-day = Isi *{ $field }* (“{ $found }”) dapat dibaca lebih dari satu cara. Mana yang benar?
which-day-choice = { $number }. { $day }
which-day-reply = Balas dengan nomornya, misalnya 1.

misread-message-too-long = Pesan Anda terlalu panjang untuk sebuah formulir. Kirim datanya saja.

expect-name = Tulis nama seperti di e-KTP, dengan huruf, paling banyak { $name-max } huruf.
expect-date = Tulis tanggal, bulan, lalu tahun lengkap. Misalnya 5 Juni 1987 ditulis 05061987.
expect-visit = Tulis tanggal, bulan, lalu tahun lengkap. Misalnya { $day } ditulis { $compact }.
expect-real-day = Periksa tanggal dan bulannya.
expect-birth = Periksa tahunnya, dan tulis tanggal lahir seperti di e-KTP.
expect-address = Tulis alamat seperti di e-KTP, paling banyak { $address-max } huruf.
expect-count = Tulis satu angka dari 1 sampai { $party-max }.
expect-nik = NIK terdiri dari 16 angka. Salin dari e-KTP atau kartu keluarga.
