# Kata-kata yang dipakai di dalam kalimat lain.

weekday-monday = Senin
weekday-tuesday = Selasa
weekday-wednesday = Rabu
weekday-thursday = Kamis
weekday-friday = Jumat
weekday-saturday = Sabtu
weekday-sunday = Minggu

day-at-time = { $day }, pukul { $time }
time-on-day = { $time } ({ $day })

button-yes = Ya, benar
button-cancel = Batalkan
button-register = Cara mendaftar
button-bring = Yang harus dibawa
button-free = Hari yang kosong

field-name = nama
field-birth = tanggal lahir
field-visit = tanggal kedatangan
field-address = alamat
field-count = jumlah orang
field-nik = NIK
field-family-card = nomor kartu keluarga
field-phone = nomor telepon
field-email = alamat email
field-session = sesi
field-service = layanan
field-text = jawaban
field-form = pesan

entry = { $entry }
numbered = { $number }. { $entry }

session-morning = pagi
session-afternoon = siang
mark-line = ganti baris

photo-ktp = e-KTP
photo-akta = akta kelahiran
photo-ktp-or-akta = e-KTP (untuk anak: akta kelahiran)
photo-any = dokumen Anda

month-1 = Januari
month-2 = Februari
month-3 = Maret
month-4 = April
month-5 = Mei
month-6 = Juni
month-7 = Juli
month-8 = Agustus
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Desember
