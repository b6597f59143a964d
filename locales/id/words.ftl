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

field-name = nama
field-birth = tanggal lahir
field-visit = tanggal kedatangan
field-address = alamat
field-count = jumlah orang
field-nik = NIK
field-form = formulir

entry = { $entry }
numbered = { $number }. { $entry }
