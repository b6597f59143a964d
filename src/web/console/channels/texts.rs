//! What this page says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Saluran", "Channels";
    lead: "Nomor dan akun tempat kantor ini menerima dan mengirim pesan.", "The numbers and accounts by which this office receives and sends messages.";
    none: "Kantor ini belum punya saluran. Pengelola menambahkannya sebagai [[channel]] di berkas konfigurasi.", "This office has no channel yet. The operator adds one as [[channel]] in the configuration.";
    state_open: "mengirim", "sends";
    state_paused: "dijeda", "paused";
    state_broken: "rusak", "broken";
    state_limited: "dibatasi penyedia", "limited by the provider";
    open_next: "Jawaban dikirim begitu ditulis.", "Replies go out as they are written.";
    paused_next: "Pesan warga tetap diterima; jawaban menunggu sampai saluran dilanjutkan.", "Messages are taken in; replies wait until the channel is resumed.";
    broken_next: "Penyedia menolak masuk. Saluran dicoba lagi setiap menit dan jalan sendiri setelah diperbaiki.", "The provider refuses us. It is tried every minute, and goes on by itself once mended.";
    limited_next: "Penyedia membatasi akun. Selesaikan dengan penyedia, lalu lanjutkan di sini.", "The provider has limited the account. Settle it with the provider, then resume here.";
    since: "sejak", "since";
    reason: "Sebab", "Reason";
    waiting: "menunggu dikirim", "wait to be sent";
    held: "ditahan sampai warga menulis", "held until the citizen writes";
    dead: "gagal", "given up";
    pace: "Kecepatan", "Pace";
    pace_some: "paling banyak sekitar", "at most about";
    pace_unit: "pesan per detik", "messages a second";
    pace_free: "tanpa batas", "without a limit";
    resting: "Istirahat sampai", "Rests until";
    errors: "Yang terakhir salah", "What went wrong lately";
    errors_none: "Tidak ada.", "Nothing.";
    replies: "jawaban", "replies";
    test: "Uji", "Test";
    pause: "Jeda", "Pause";
    pause_reason: "Alasan jeda", "Reason for the pause";
    pause_default: "dari konsol", "from the console";
    resume: "Lanjutkan", "Resume";
    can_send: "Penyedia menjawab: dapat mengirim.", "The provider answers: it can send.";
    cannot_send: "Penyedia menjawab: tidak dapat mengirim.", "The provider answers: it cannot send.";
    no_answer: "Penyedia tidak menjawab dalam sepuluh detik.", "The provider did not answer within ten seconds.";
    costs: "Pesan dan biaya, tujuh hari", "Messages and costs, seven days";
    day: "Hari", "Day";
    inside: "Dalam 24 jam", "Within 24 hours";
    outside: "Templat", "Templates";
    cost: "Biaya", "Cost";
    total: "Jumlah", "Total";
    price_unknown: "Biaya tidak dihitung: tulis harganya di [channel.price].", "Costs are not reckoned: write the prices into [channel.price].";
    done_paused: "Saluran dijeda. Jawaban menunggu.", "The channel is paused. Replies wait.";
    done_resumed: "Saluran mengirim lagi.", "The channel sends again.";

    wrong_throttled: "terlalu cepat untuk penyedia", "too fast for the provider";
    wrong_fault: "gangguan sesaat di penyedia", "a passing fault of the provider";
    wrong_doubt: "tidak jelas apakah terkirim", "unclear whether it went out";
    wrong_window: "lewat 24 jam, pesan bebas ditolak", "after 24 hours, free messages are refused";
    wrong_refused: "ditolak penyedia", "refused by the provider";
    wrong_opted_out: "warga menolak pesan", "the citizen wants no messages";
    wrong_template: "templat ditolak", "the template was refused";
    wrong_broken: "saluran rusak", "the channel is broken";
    wrong_limited: "akun dibatasi", "the account is limited";
    wrong_late: "terlambat untuk dikirim", "too late to be sent";
    wrong_other: "lainnya", "another reason";
}
