//! What the page of several offices says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Semua kantor", "All offices";
    intro: "Minggu ini, menurut hitungan beberapa menit terakhir.", "This week, as counted in the last minutes.";
    sort: "Urutkan", "Sort";
    none: "Belum ada kantor untuk Anda.", "There is no office for you yet.";
    office: "Kantor", "Office";
    full: "Hari terpenuh", "Fullest day";
    messages: "Pesan", "Messages";
    misread: "Tidak terbaca", "Not readable";
    refused: "Ditolak", "Refused";
    reply: "Separuh balasan dalam", "Half the replies within";
    queue: "Belum terkirim", "Not sent yet";
    absent: "Tidak datang", "Did not come";
    channel: "Saluran", "Channels";
    last: "Pesan terakhir", "Last message";
    since: "sejak", "since";
    sends: "mengirim", "sending";
    paused: "dihentikan", "paused";
    broken: "terputus", "broken";
    limited: "dibatasi penyedia", "limited by its provider";
    nothing: "–", "–";
    no_messages: "tidak ada minggu ini", "none this week";
    second: "detik", "s";
    worst_full: "Paling penuh", "Fullest";
    worst_stuck: "Paling macet", "Most stuck";
    worst_misread: "Formulir paling sering tidak terbaca", "Misread most often";
    all_well: "Tidak ada yang macet.", "Nothing is stuck.";
    of_messages: "dari pesan", "of the messages";
}
