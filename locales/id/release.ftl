# Kalender pembukaan: hari yang belum dibuka, dan kapan dibuka.

refused-not-released = Pendaftaran untuk { $asked }, belum dibuka. Pendaftaran dibuka *{ $opens }*.
refused-not-released-wait = Saat ini belum ada hari lain yang dapat dipilih. Kirim lagi setelah pendaftaran dibuka.
refused-no-next-release = Saat ini belum ada hari lain yang dapat dipilih. Kirim #cek untuk melihat hari yang sudah dibuka.
refused-all-full-release = Maaf, sampai { $last }, nomor antrean sudah habis. Kadang ada nomor kosong karena orang lain batal.
release-more = Nomor antrean lain untuk hari itu dibuka *{ $opens }*.
release-next = Nomor antrean berikutnya, untuk { $first }, sampai { $last }, dibuka *{ $opens }*.
release-next-day = Nomor antrean berikutnya, untuk { $first }, dibuka *{ $opens }*.
answer-day-not-released = { $day }: belum dibuka. Dibuka { $piece }.
opening-ask = Mau kami beri tahu saat dibuka? Balas *ya*.
opening-noted = Baik. Kami beri tahu Anda satu kali, pada { $opens }. Nomor antrean belum ada yang kami simpan untuk Anda.
notice-opening = *Pendaftaran sudah dibuka*
    { $office }
notice-opening-days = Sekarang Anda dapat mendaftar untuk { $first }, sampai { $last }. Kirim lagi data Anda:
notice-opening-day = Sekarang Anda dapat mendaftar untuk { $first }. Kirim lagi data Anda:
