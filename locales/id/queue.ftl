# Balasan kepada orang yang sudah hadir di kantor.

queue-waiting = *Nomor antrean { $number }*
    Anda sudah tercatat hadir.
queue-next = Anda dipanggil berikutnya.
queue-before = Masih ada { $before } orang sebelum Anda.
queue-estimate = Perkiraan tunggu { $from } sampai { $until } menit, dihitung dari layanan sampai pukul { $at }.
queue-unknown = Lama tunggunya belum dapat diperkirakan.
queue-called = *Nomor antrean { $number }* dipanggil. Silakan ke loket { $counter } sekarang.
queue-serving = *Nomor antrean { $number }* sedang dilayani di loket { $counter }.
queue-parked = *Nomor antrean { $number }* ditunda sebentar oleh loket. Tetap di ruang tunggu; nomor Anda akan dipanggil lagi.
queue-missed = *Nomor antrean { $number }* sudah dipanggil beberapa kali, tetapi Anda belum datang ke loket. Segera lapor ke petugas di pintu masuk.
queue-done = *Nomor antrean { $number }* sudah selesai dilayani.
queue-unserved = *Nomor antrean { $number }* belum terlayani sampai kantor tutup. Tanyakan kepada petugas kapan Anda dilayani.

already-here = Anda sudah tercatat hadir di kantor (nomor antrean { $numbers }), jadi pendaftaran ini tidak dapat dibatalkan atau dipindah lewat pesan.
already-here-next = Jika Anda harus pergi, beri tahu petugas di kantor.
