# Formulir yang belum benar: bagian mana, apa yang tertulis, apa yang seharusnya.

misread-also = Yang ini juga belum benar:
misread-found = Yang tertulis: “{ $found }”.
misread-photo-kept = Foto Anda sudah kami simpan. Cukup kirim lagi teksnya.
misread-next-day = Hari terdekat yang dapat dipilih: *{ $day }*.

misread-missing = Data Anda belum lengkap: *{ $field }* belum ada.
misread-missing-some = Data Anda belum lengkap.
misread-surplus = Ada yang lebih dalam pesan Anda. Tanda { $mark } hanya dipakai untuk memisahkan data.
misread-name-character = *Nama* hanya boleh berisi huruf.
misread-name-alphabet = Pada *nama* ada huruf dari abjad lain, mungkin yang hanya mirip dengan huruf biasa.
misread-name-marks = Pada *nama* ada huruf dengan terlalu banyak tanda.
misread-mingled = Tulis *{ $field }* saja, tanpa keterangan lain.
misread-two-people = Pada *nama* tertulis lebih dari satu orang.
misread-name-empty = *Nama* belum diisi.
misread-name-too-long = *Nama* terlalu panjang.
misread-swapped = Urutannya tertukar: di tempat *nama* ada tanggal. Ikuti urutan pada format.
misread-not-a-date = Kami belum dapat membaca *{ $field }*.
misread-no-such-day = Di kalender tidak ada *{ $field }* seperti itu. Misalnya, Juni hanya sampai tanggal 30.
misread-ambiguous-date = Ada lebih dari satu cara membaca *{ $field }* itu.
misread-other-weekday = Nama hari dan tanggal untuk *{ $field }* tidak cocok.
misread-birth-in-future = *Tanggal lahir* itu belum lewat. Mungkin tertukar dengan tanggal kedatangan.
misread-birth-too-old = Menurut *tanggal lahir* itu, umurnya lebih dari { $years } tahun. Periksa tahunnya.
misread-visit-past = *Tanggal kedatangan* itu sudah lewat; hari ini { $today }. Jika Anda menyalin contoh dari koran atau poster, ganti dengan tanggal dan data Anda sendiri.
misread-address = *Alamat* itu tidak dapat kami terima.
misread-count = *Jumlah orang* tidak dapat kami terima.
misread-nik = *NIK* itu belum benar.
misread-several = Bagian pesan ini tidak cocok dengan baris yang lain. Untuk beberapa orang, tulis satu baris untuk setiap orang, semuanya dengan format yang sama.
misread-too-many-people = Pesan Anda berisi lebih dari { $limit } orang. Kirim lagi satu pesan dengan paling banyak { $limit } orang, satu baris untuk setiap orang.
misread-same-person = Orang ini tertulis dua kali. Tulis setiap orang satu kali saja.
misread-not-together = Semua orang dalam satu pesan harus punya *{ $field }* yang sama.
misread-missing-keyword = Pesan Anda harus diawali kata *{ $keywords }*.
misread-keyword = Kata di depan data Anda tidak dipakai di sini.
misread-send-all = Setelah diperbaiki, kirim lagi satu pesan untuk semua orang, satu baris untuk setiap orang.
expect-keyword = Kata yang dipakai di sini: { $keywords }. Untuk layanan biasa, kirim tanpa kata di depan.
expect-no-keyword = Tulis data Anda langsung, tanpa kata itu di depannya.
expect-together = Tulis { $field } yang sama pada setiap baris.
person-of = *Orang ke-{ $number }:*
person-of-name = *Orang ke-{ $number }, { $name }:*
of-person = Orang ke-{ $number }: { $told }
misread-suggestion = Mungkin maksud Anda:
    { $line }
    Jika benar, balas *ya*. Jika tidak, kirim lagi data yang benar.

repaired = Anda menulis “{ $from }”. Kami membacanya sebagai *{ $to }*.
repaired-passed-over = Yang ini tidak kami perlukan, jadi tidak kami pakai: { $from }.
repaired-passed-over-more = Yang ini tidak kami perlukan, jadi tidak kami pakai: { $from }, dan { $to } lainnya.
repaired-just-born = Tanggal lahir yang tertulis: *{ $to }*. Itu hari ini atau kemarin. Mohon periksa lagi.
confirm-check = Mohon periksa data Anda:
confirm-visit = *Tgl kedatangan:* { $day }
confirm-reply = Jika sudah benar, balas *ya*. Jika belum, kirim lagi data yang benar.
confirm-photo-kept = Foto Anda sudah kami simpan.
which-day = Tulisan “{ $found }” untuk *{ $field }* dapat dibaca lebih dari satu cara. Mana yang benar?
which-day-choice = { $number }. { $day }
which-day-reply = Balas dengan nomornya, misalnya 1, atau dengan tanggalnya, misalnya { $day }.

misread-message-too-long = Pesan Anda terlalu panjang. Kirim datanya saja.

expect-alone = Untuk beberapa orang, tulis satu baris untuk setiap orang.
expect-each-person = Berapa orang yang mendaftar? Tulis satu baris untuk setiap orang, masing-masing dengan nama dan tanggal lahirnya.
expect-name = Tulis nama seperti di e-KTP atau akta lahir, paling banyak { $name-max } huruf.
expect-name-alphabet = Ketik lagi seluruh nama itu seperti di e-KTP, tanpa menyalinnya dari tempat lain.
expect-date = Tulis tanggal, bulan, lalu tahun lengkap. Misalnya 5 Juni 1987 ditulis 05061987.
expect-visit = Tulis tanggal, bulan, lalu tahun lengkap. Misalnya { $day }, ditulis { $compact }.
expect-real-day = Periksa tanggal dan bulannya.
expect-birth = Periksa tahunnya, dan tulis tanggal lahir seperti di e-KTP.
expect-address = Tulis alamat seperti di e-KTP, paling banyak { $address-max } huruf.
expect-count = Tulis satu angka dari 1 sampai { $party-max }.
expect-nik = NIK harus 16 angka. Salin dari e-KTP atau kartu keluarga.

misread-family-card = *Nomor kartu keluarga* itu tidak benar.
misread-phone = *Nomor telepon* itu tidak dapat kami pakai.
misread-email = *Alamat email* itu tidak benar.
misread-session = *Sesi* itu tidak kami kenal.
misread-service = *Layanan* itu tidak ada di sini.
misread-text = Isi *{ $field }* kosong atau terlalu panjang.
misread-which-piece = Kami belum tahu itu data yang mana.
misread-date-shape = Tulis *{ $field }* seperti yang diminta kantor ini.
misread-too-young = Menurut *tanggal lahir* itu, pemohon belum cukup umur. Pendaftaran ini hanya untuk yang berumur { $years } tahun ke atas.
misread-too-old = Pendaftaran ini hanya untuk yang berumur paling tua { $years } tahun.
misread-visit-today = Pendaftaran untuk hari ini sudah tidak dapat. Pilih besok atau sesudahnya.
misread-visit-too-far = Pilih tanggal dalam { $days } hari ke depan.

expect-family-card = Nomor kartu keluarga harus 16 angka. Salin dari kartu keluarga Anda.
expect-phone = Tulis nomor yang dapat kami hubungi, misalnya 0812 0000 0001. Nomor luar negeri diawali + dan kode negaranya.
expect-email = Tulis alamat lengkap, misalnya budi@example.id.
expect-session = Tulis pagi atau siang.
expect-service = Tulis salah satu: { $services }.
expect-text = Tulis { $field } dengan paling banyak { $text-max } huruf.
expect-which-piece = Tulis *NIK* atau *KK* di depan angkanya.
expect-house-or-count = Jika itu nomor rumah, tulis *No* di depannya, tanpa tanda #, misalnya No 5. Jika itu jumlah orang, tulis *orang* di belakangnya, misalnya 2 orang.
expect-date-shape = Ikuti cara menulis pada contoh.
repaired-nik-birth = Di dalam NIK Anda ada tanggal lahir { $from }, tetapi Anda menulis *{ $to }*. Mohon periksa. Jika keduanya benar, sampaikan kepada petugas saat datang.
