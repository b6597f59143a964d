//! What the page says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Giliran Anda", "Your turn";
    other_language: "English", "Bahasa Indonesia";
    number: "Nomor antrean", "Queue number";
    numbers: "Nomor antrean Anda", "Your queue number";
    clock: "pukul", "at";
    later: "Pada hari itu halaman ini menunjukkan giliran Anda, setelah Anda melapor di pintu masuk.", "On that day this page shows your turn, once you have checked in at the entrance.";
    not_here: "Anda belum tercatat hadir. Setibanya di kantor, tunjukkan kode antrean Anda di pintu masuk.", "You are not checked in yet. When you arrive, show your booking code at the entrance.";
    others_not_here: "Yang lain dari rombongan Anda belum tercatat hadir.", "The others of your party are not checked in yet.";
    waiting: "Menunggu", "Waiting";
    next: "Anda dipanggil berikutnya. Bersiaplah di dekat loket.", "You are called next. Stay near the counters.";
    before_after: "orang lagi sebelum Anda", "more before you";
    estimate: "Perkiraan tunggu", "Estimated wait";
    minutes: "menit", "minutes";
    until: "sampai", "to";
    as_of: "Dihitung dari layanan sampai pukul", "By those served until";
    unknown: "Lama tunggu belum tahu: belum cukup orang yang selesai dilayani, atau belum ada loket yang buka.", "How long is not known yet: too few have been served, or no counter is open.";
    called: "Silakan ke loket", "Please go to counter";
    serving: "Sedang dilayani di loket", "Being served at counter";
    parked: "Ditunda sebentar oleh loket. Tetap di ruang tunggu; nomor Anda akan dipanggil lagi.", "Put aside for a moment. Stay in the hall; your number is called again.";
    missed: "Sudah dipanggil beberapa kali, tetapi Anda belum datang ke loket. Segera lapor ke petugas di pintu masuk.", "Called several times, and you did not come. Tell the officer at the entrance at once.";
    done: "Selesai dilayani. Terima kasih.", "Served. Thank you.";
    unserved: "Belum terlayani sampai kantor tutup. Tanyakan kepada petugas kapan Anda dilayani.", "Not served before closing. Ask an officer when you will be.";
    no_show: "Nomor ini hangus karena Anda belum datang sampai batas waktunya. Tanyakan kepada petugas.", "This number is forfeited: nobody came in time. Ask an officer.";
    shown_at: "Keadaan pukul", "As of";
    refreshes: "Halaman ini memperbarui diri selama terbuka.", "This page updates itself while it is open.";
    stale: "Tidak tersambung. Yang tertulis di sini mungkin sudah berubah.", "Not connected. What stands here may have changed.";
    gone_title: "Tidak ada giliran di alamat ini", "There is no turn at this address";
    gone: "Alamatnya salah, harinya sudah lewat, atau pendaftarannya sudah dibatalkan. Untuk melihat pendaftaran Anda, kirim #status ke nomor WhatsApp kantor.", "The address is wrong, its day is over, or the booking was cancelled. To see your bookings, send #status to the office's WhatsApp number.";
    often_title: "Sebentar", "One moment";
    often: "Halaman ini diminta terlalu sering. Tunggu setengah menit, lalu muat ulang.", "This page was asked for too often. Wait half a minute, then reload.";
    busy: "Server sedang sibuk. Tunggu sebentar, lalu muat ulang halaman ini.", "The server is busy. Wait a moment, then reload this page.";
}
