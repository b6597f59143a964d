//! The keys of the rules.

use super::key::{Choice, Kind, Row};

const WHEN_FULL: &[Choice] = &[
    ("roll", "langsung diberi hari kerja berikutnya", "book the next open day"),
    ("suggest", "ditolak, dengan saran hari lain", "refuse, and name another day"),
    ("refuse", "ditolak saja", "refuse only"),
];
const APPROVAL: &[Choice] = &[
    ("code", "dengan kode konfirmasi delapan angka", "by a confirmation code of eight digits"),
    ("none", "langsung tercatat tanpa kode", "the form books at once"),
];
const EARLIEST: &[Choice] = &[("tomorrow", "besok", "tomorrow"), ("today", "hari ini", "today")];

pub(super) const POLICY: &[Row] = &[
    Row(
        "policy.when_full",
        Kind::Choice(WHEN_FULL),
        "",
        ("Bila hari yang diminta penuh", "When the asked day is full"),
        ("", ""),
    ),
    Row("policy.approval", Kind::Choice(APPROVAL), "", ("Pendaftaran disahkan", "A booking is approved"), ("", "")),
    Row(
        "policy.approval_words",
        Kind::Yes,
        "true",
        ("Boleh disahkan dengan kata \u{201c}ya\u{201d}", "The word \u{201c}ya\u{201d} approves too"),
        (
            "Juga \u{201c}benar\u{201d} dan \u{201c}setuju\u{201d}, bila langsung menjawab ringkasan.",
            "Also \u{201c}benar\u{201d} and \u{201c}setuju\u{201d}, where they answer the summary at once.",
        ),
    ),
    Row(
        "policy.hold_minutes",
        Kind::Number,
        "",
        ("Tempat ditahan (menit)", "A place is held (minutes)"),
        ("Selama menunggu kode konfirmasi; 1 sampai 1440.", "While the confirmation code is awaited; 1 to 1440."),
    ),
    Row(
        "policy.photo_wait_minutes",
        Kind::Number,
        "",
        ("Menunggu foto (menit)", "A photo is awaited (minutes)"),
        (
            "Teks menunggu fotonya, atau foto menunggu teksnya; 1 sampai 1440.",
            "A text waits for its photo, or a photo for its text; 1 to 1440.",
        ),
    ),
    Row(
        "policy.cancelling",
        Kind::Yes,
        "",
        ("Warga boleh membatalkan", "Citizens may cancel"),
        ("Dengan #batal, juga setelah disahkan.", "With #batal, also after approval."),
    ),
    Row(
        "policy.live_per_number",
        Kind::Number,
        "",
        ("Antrean per nomor", "Bookings of a number"),
        (
            "Berapa antrean yang masih berlaku boleh dimiliki satu nomor; 1 sampai 50.",
            "How many live bookings one number may have; 1 to 50.",
        ),
    ),
    Row(
        "policy.live_per_person",
        Kind::NumberOrWord,
        "note",
        ("Antrean per orang", "Bookings of a person"),
        (
            "\u{201c}note\u{201d}: dilayani dan ditandai; atau angka: formulir ditolak bila orang itu sudah punya sebanyak itu di kantor ini.",
            "\u{201c}note\u{201d}: served and marked; or a number: a form of whoever has so many at this office is refused.",
        ),
    ),
    Row(
        "policy.holds_share",
        Kind::Line,
        "1/3",
        ("Bagian yang boleh ditahan", "Part of a day that may be held"),
        (
            "Bagian tempat sehari untuk yang belum disahkan; selebihnya ditahan lima menit saja. 1/1: semuanya.",
            "Part of a day's places for what is not approved; beyond it places are held for five minutes. 1/1: all.",
        ),
    ),
    Row(
        "policy.holds_per_number",
        Kind::Number,
        "20",
        ("Penahanan per nomor sehari", "Holds of a number in a day"),
        ("Yang tidak disahkan; 1 sampai 240.", "Those that are not approved; 1 to 240."),
    ),
    Row(
        "policy.people_per_booking",
        Kind::Number,
        "",
        ("Orang per pendaftaran", "People in a booking"),
        ("1 sampai 5.", "1 to 5."),
    ),
    Row(
        "policy.earliest",
        Kind::Choice(EARLIEST),
        "",
        ("Hari pertama yang boleh diminta", "First day that may be asked for"),
        ("", ""),
    ),
    Row(
        "policy.minutes_before_hour",
        Kind::Number,
        "",
        ("Batas untuk hari ini (menit)", "Last moment for today (minutes)"),
        (
            "Hanya bila hari ini boleh diminta: paling lambat sekian menit sebelum jamnya.",
            "Only where today may be asked for: at the latest so many minutes before the hour.",
        ),
    ),
    Row(
        "policy.horizon_days",
        Kind::Number,
        "",
        ("Hari terakhir yang boleh diminta", "Last day that may be asked for"),
        ("Dalam hari dari sekarang; 1 sampai 180.", "In days from today; 1 to 180."),
    ),
    Row(
        "policy.arrive_early_minutes",
        Kind::Number,
        "",
        ("Datang lebih awal (menit)", "Come early (minutes)"),
        (
            "Warga diminta datang sekian menit sebelum jamnya; 0 sampai 240.",
            "People are asked to come so many minutes before their hour; 0 to 240.",
        ),
    ),
    Row(
        "policy.grace_minutes",
        Kind::Number,
        "",
        ("Toleransi terlambat (menit)", "Grace (minutes)"),
        ("Sesudah itu hangus; 0 sampai 60.", "After it the place is forfeited; 0 to 60."),
    ),
    Row(
        "policy.arrivals",
        Kind::Yes,
        "false",
        ("Setiap kedatangan dicatat", "Every arrival is entered"),
        (
            "Di halaman Kedatangan. Maka yang tidak datang tercatat tidak hadir dengan sendirinya.",
            "On the check-in page. Then whoever does not come counts as absent by itself.",
        ),
    ),
    Row(
        "audit.ask_why",
        Kind::Yes,
        "false",
        ("Tanyakan alasan membuka data warga", "Ask why a citizen is looked up"),
        (
            "Petugas menulis alasannya sebelum mencari atau membuka pendaftaran; alasannya dicatat.",
            "Officers say why before they search or open a booking; the reason is recorded.",
        ),
    ),
    Row(
        "privacy.version",
        Kind::Number,
        "",
        ("Pemberitahuan data pribadi: nomor versi", "Notice about personal data: version"),
        (
            "Naikkan nomornya kalau isinya berubah: warga membacanya sekali lagi di bawah jawaban berikutnya.",
            "Raise it when the words change: citizens read them once more below their next answer.",
        ),
    ),
    Row(
        "privacy.id",
        Kind::Line,
        "",
        ("Isinya dalam bahasa Indonesia", "Its words in Indonesian"),
        (
            "Siapa menyimpan apa, untuk apa, berapa lama, hak warga, dan bertanya ke mana; paling banyak 150 huruf.",
            "Who keeps what, why, how long, which rights there are and whom to ask; at most 150 characters.",
        ),
    ),
    Row(
        "privacy.en",
        Kind::Line,
        "",
        ("Isinya dalam bahasa Inggris", "Its words in English"),
        (
            "Boleh kosong: maka yang berbahasa Indonesia yang dikirim.",
            "May be empty: then the Indonesian words are sent.",
        ),
    ),
    Row(
        "policy.handover.enabled",
        Kind::Yes,
        "false",
        ("Ada petugas yang membalas", "Officers answer messages"),
        (
            "Warga yang menulis #petugas mendapat tiket, dan petugas membalasnya.",
            "Citizens who write #petugas get a ticket, and an officer answers.",
        ),
    ),
    Row(
        "policy.relatives.children_under",
        Kind::Number,
        "0",
        ("Anak di bawah (tahun)", "Children under (years)"),
        (
            "Boleh didaftarkan dari nomor keluarga yang sudah punya antrean. 0: tidak.",
            "May be registered from a relative's number that has a booking. 0: no.",
        ),
    ),
    Row(
        "policy.relatives.elders_from",
        Kind::Number,
        "0",
        ("Lansia mulai (tahun)", "Elders from (years)"),
        ("Seperti di atas. 0: tidak.", "As above. 0: no."),
    ),
    Row(
        "policy.reschedule.times",
        Kind::Number,
        "1",
        ("Pindah hari, berapa kali", "Moves of a booking"),
        ("Dengan #ganti; 0: tidak boleh.", "With #ganti; 0: not at all."),
    ),
    Row(
        "policy.reschedule.days_before",
        Kind::Number,
        "1",
        ("Pindah paling lambat (hari sebelumnya)", "Latest move (days before)"),
        ("0 sampai 30.", "0 to 30."),
    ),
    Row(
        "policy.reschedule.until",
        Kind::Line,
        "21:00",
        ("Pindah paling lambat (jam)", "Latest move (time)"),
        ("Pada hari itu, misalnya 21:00.", "On that day, for example 21:00."),
    ),
    Row(
        "policy.reschedule.extra_after_closing",
        Kind::Yes,
        "true",
        ("Pindah tambahan bila kantor tutup", "One more move where the office closes"),
        (
            "Bila kantor yang menjadi sebab, kapan saja dan tidak dihitung.",
            "Where the office is the reason: at any time, not counted.",
        ),
    ),
    Row(
        "policy.no_shows.answer_from",
        Kind::Number,
        "0",
        ("Pengingat wajib dijawab sesudah tidak datang", "The reminder must be answered after so many no-shows"),
        (
            "Berapa kali tidak datang; 0: tidak pernah. Hanya bila setiap kedatangan dicatat. Tanpa jawaban, tempatnya dilepas.",
            "How many times nobody came; 0: never. Only where every arrival is entered. Without an answer the place is given back.",
        ),
    ),
    Row(
        "policy.no_shows.within_days",
        Kind::Number,
        "180",
        ("Tidak datang dihitung selama (hari)", "No-shows count for (days)"),
        ("1 sampai 365.", "1 to 365."),
    ),
    Row(
        "policy.no_shows.days_before",
        Kind::Number,
        "0",
        ("Jawaban ditunggu sampai (hari sebelumnya)", "The answer is awaited until (days before)"),
        ("0: pada hari kunjungan; 1: pada malam sebelumnya.", "0: on the day of the visit; 1: on the evening before."),
    ),
    Row(
        "policy.no_shows.until",
        Kind::Line,
        "06:00",
        ("Jawaban ditunggu sampai (jam)", "The answer is awaited until (time)"),
        (
            "Paling sedikit dua jam sesudah pengingat, dan satu jam sebelum kantor buka.",
            "At least two hours after the reminder, and an hour before the office opens.",
        ),
    ),
    Row(
        "policy.waiting.on",
        Kind::Yes,
        "false",
        ("Ada daftar tunggu", "There is a waiting list"),
        ("Dengan #tunggu bila hari penuh.", "With #tunggu where a day is full."),
    ),
    Row(
        "policy.waiting.at_once",
        Kind::Number,
        "1",
        ("Tempat ditawarkan kepada", "A place is offered to"),
        ("1 sampai 3 orang sekaligus.", "1 to 3 people at once."),
    ),
];
