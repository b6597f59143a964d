# Tanya jawab satu per satu, untuk yang kesulitan menulis semuanya dalam satu pesan.

guide-offer = Ingin kami pandu? Balas *1*. Kami tanyakan datanya satu per satu.
guide-offer-button = Pandu saya
guide-begin = Baik, kami tanyakan satu per satu. Ingin berhenti? Kirim #batal.
guide-taken = Sudah dicatat: { $taken }.
guide-ended = Baik, pendaftaran ini tidak dilanjutkan, dan tidak ada yang terdaftar dari tanya jawab tadi. Ingin mulai lagi? Kirim *mau daftar*.
guide-skip = Tidak ada? Balas *0*.
guide-people = { $count } orang
guide-ordinary = biasa
guide-family = keluarga (beberapa orang)

guide-ask-format = Layanan yang mana? Balas dengan nomornya.
guide-ask-alternative = Mana yang Anda punya? Cukup satu. Balas dengan nomornya.
guide-ask-name = *Siapa nama lengkap yang akan datang?* Tulis seperti di e-KTP atau akta lahir.
guide-ask-birth = *Kapan tanggal lahirnya?* Contoh: { $sample }
guide-ask-which-day = *Yang mana yang benar?* Balas dengan nomornya.
guide-ask-visit = *Mau datang tanggal berapa?* Contoh: { $sample }
guide-ask-visit-choice = *Mau datang hari apa?* Balas dengan nomornya, atau tulis tanggal lain, misalnya { $sample }
guide-ask-address = *Di mana alamatnya?* Tulis seperti di e-KTP. Contoh: { $sample }
guide-ask-count = *Untuk berapa orang?* Tulis angka 1 sampai { $party-max }.
guide-ask-nik = *Berapa NIK-nya?* NIK adalah 16 angka di e-KTP atau kartu keluarga.
guide-ask-family-card = *Berapa nomor kartu keluarganya?* Ada 16 angka.
guide-ask-phone = *Nomor telepon yang dapat kami hubungi?* Contoh: 0812 0000 0001
guide-ask-email = *Apa alamat emailnya?* Contoh: { $sample }
guide-ask-session = *Pagi atau siang?* Balas dengan nomornya.
guide-ask-service = *Layanan apa?* Balas dengan nomornya.
guide-ask-text = *Sekarang tulis { $field }.*
