# Data yang kami simpan tentang warga, dan penghapusannya.

data-kept = Data yang disimpan { $office } tentang nomor ini: pesan Anda dan balasan kami, data pada pendaftaran, dan foto kalau Anda mengirimnya.
data-kept-no-booking = Saat ini tidak ada pendaftaran yang berlaku.
data-whole = Untuk melihat semuanya atau meminta salinannya, datang ke kantor dengan kartu identitas. Di sini tidak kami tampilkan, karena ponsel bisa dipegang orang lain.
data-erase = Untuk menghapus data Anda, kirim #hapusdata.

erase-asked = Semua data yang disimpan { $office } tentang nomor ini akan dihapus: pesan, balasan, foto, dan isi pendaftaran. Yang sudah dihapus tidak dapat dikembalikan.
erase-after-visit = Pendaftaran Anda masih berlaku sampai { $day }, jadi data dihapus sesudah kunjungan itu.
erase-or-cancel = Ingin sekarang? Batalkan dulu dengan #batal.
erase-after-waiting = Data dihapus sesudah urusan Anda selesai: percakapan dengan petugas, atau daftar tunggu.
erase-yes = Lanjutkan? Balas *ya*. Kalau tidak, balas *tidak*.
will-erase-now = Baik. Semua data Anda kami hapus sekarang. Ini pesan terakhir tentang hal ini.
will-erase-after-visit = Baik. Semua data Anda kami hapus sesudah kunjungan Anda { $day }. Sampai hari itu pendaftaran Anda tetap berlaku. Ini pesan terakhir tentang hal ini.
will-erase-after-waiting = Baik. Semua data Anda kami hapus sesudah urusan Anda selesai. Ini pesan terakhir tentang hal ini.
erase-what-stays = Yang tinggal hanya hitungan tanpa nama, misalnya jumlah pengunjung pada satu hari.

privacy = *Data Anda:* { $text }
