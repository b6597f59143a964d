# Pengingat yang harus dijawab, bagi yang pernah tidak datang.

attendance-announced = *Mohon perhatian:* ada jadwal Anda sebelumnya yang tidak dihadiri, jadi kali ini pengingat kami harus dijawab. Kami mengirimnya pukul { $at }. Balas *datang* paling lambat pukul { $until }. Tanpa jawaban, nomor antrean ini kami lepas untuk orang lain.
attendance-announced-entry = Pengingatnya kami kirim pukul { $at }. Balas *datang* paling lambat pukul { $until }. Tanpa jawaban, nomornya kami lepas.
attendance-asked = Pengingatnya belum Anda jawab. Balas *datang* paling lambat pukul { $until }. Tanpa jawaban, nomornya kami lepas.
attendance-confirmed = Anda sudah menjawab: akan datang.

notice-reminder-answer = *Mohon dijawab paling lambat pukul { $until }.* Tanpa jawaban, nomor antrean ini kami lepas untuk orang lain.
notice-reminder-ask-or-word = Balas dengan nomornya, atau tulis *datang*:
notice-reminder-ask-word = Akan datang? Balas *datang*.

notice-released = *Nomor antrean Anda sudah kami lepas*
    { $office }
    Sampai pukul { $until } pengingat untuk nomor { $numbers } atas nama { $name } ({ $slot }) belum dijawab, jadi tempatnya kami lepas untuk orang lain. Kode { $code } tidak berlaku lagi.
notice-released-again = Masih perlu datang? Silakan mendaftar lagi sekarang untuk hari lain:
