//! The keys of the office itself, its hours and its release.

use super::key::{Choice, Kind, Row};

const ZONES: &[Choice] = &[
    ("WIB", "WIB (Jakarta)", "WIB (Jakarta)"),
    ("WITA", "WITA (Makassar)", "WITA (Makassar)"),
    ("WIT", "WIT (Jayapura)", "WIT (Jayapura)"),
];
pub(super) const OFFICE: &[Row] = &[
    Row(
        "name",
        Kind::Line,
        "",
        ("Nama kantor", "Name of the office"),
        ("Seperti yang dikenal warga; tertulis di setiap balasan.", "As citizens know it; it stands in every reply."),
    ),
    Row(
        "zone",
        Kind::Choice(ZONES),
        "",
        ("Zona waktu", "Time zone"),
        ("Semua jam kantor ini memakai zona ini.", "All hours of this office are in this zone."),
    ),
    Row(
        "site",
        Kind::Line,
        "",
        ("Tempat datang", "Where to come"),
        ("Satu baris, misalnya: Loket layanan paspor, Sukabumi.", "One line, for example: Passport counter, Sukabumi."),
    ),
    Row(
        "telephone",
        Kind::Line,
        "",
        ("Nomor telepon", "Telephone"),
        (
            "Tempat bertanya di luar yang diketahui mesin ini, dengan kode wilayah.",
            "Where to ask what is not known here, with its area code.",
        ),
    ),
    Row(
        "map",
        Kind::Line,
        "",
        ("Tautan peta", "Link to a map"),
        (
            "Diawali https:// dan tanpa deretan delapan angka.",
            "It begins with https:// and has no run of eight digits.",
        ),
    ),
    Row(
        "formats",
        Kind::Lines,
        "",
        ("Format pesan", "Message formats"),
        (
            "Nama format yang dibaca kantor ini, satu per baris; yang tertulis di poster lebih dahulu.",
            "Names of the formats that this office reads, one on each line; the one on the poster first.",
        ),
    ),
];

pub(super) const HOURS: &[Row] = &[
    Row(
        "hours.senin",
        Kind::Hours,
        "",
        ("Senin", "Monday"),
        ("Misalnya 08:00-12:00, 13:00-15:00. Kosong: tutup.", "For example 08:00-12:00, 13:00-15:00. Empty: closed."),
    ),
    Row("hours.selasa", Kind::Hours, "", ("Selasa", "Tuesday"), ("", "")),
    Row("hours.rabu", Kind::Hours, "", ("Rabu", "Wednesday"), ("", "")),
    Row("hours.kamis", Kind::Hours, "", ("Kamis", "Thursday"), ("", "")),
    Row("hours.jumat", Kind::Hours, "", ("Jumat", "Friday"), ("", "")),
    Row("hours.sabtu", Kind::Hours, "", ("Sabtu", "Saturday"), ("", "")),
    Row("hours.minggu", Kind::Hours, "", ("Minggu", "Sunday"), ("", "")),
    Row(
        "seats_per_hour",
        Kind::Number,
        "",
        ("Tempat per jam", "Places in an hour"),
        ("Berapa orang dilayani dalam satu jam.", "How many people are served in one hour."),
    ),
    Row(
        "seats_per_day",
        Kind::Number,
        "",
        ("Tempat per hari", "Places in a day"),
        (
            "Hanya bila lebih sedikit daripada jumlah semua jam. Kosong: sebanyak jam-jamnya.",
            "Only where it is fewer than all hours together. Empty: as many as the hours have.",
        ),
    ),
    Row(
        "intake",
        Kind::Line,
        "always",
        ("Jam menerima pesan", "When messages are taken"),
        (
            "\u{201c}always\u{201d} untuk setiap saat, atau misalnya 07:30-10:00 pada hari kerja.",
            "\u{201c}always\u{201d} for any hour, or for example 07:30-10:00 on open days.",
        ),
    ),
    Row(
        "closed",
        Kind::Closed,
        "",
        ("Hari tutup", "Closed days"),
        (
            "Satu hari per baris: 2026-12-28 Pindah gedung; atau beberapa hari: 2026-12-28..2026-12-30 Pindah gedung. Alasannya dibaca warga.",
            "A day on each line: 2026-12-28 Pindah gedung; or several: 2026-12-28..2026-12-30 Pindah gedung. Citizens read the reason.",
        ),
    ),
    Row(
        "open",
        Kind::Open,
        "",
        ("Hari buka tambahan", "Days open besides"),
        (
            "Satu hari per baris dengan jamnya: 2026-12-19 08:00-12:00.",
            "A day on each line with its hours: 2026-12-19 08:00-12:00.",
        ),
    ),
];

pub(super) const RELEASE: &[Row] = &[
    Row(
        "release.at",
        Kind::Line,
        "none",
        ("Pekan berikutnya dibuka", "The following week opens"),
        (
            "Misalnya jumat 14:00: setiap Jumat pukul 14.00 dibuka Senin sampai Minggu berikutnya. \u{201c}none\u{201d}: setiap hari dapat dipesan.",
            "For example jumat 14:00: every Friday at 14.00 the following Monday to Sunday open. \u{201c}none\u{201d}: every day can be booked.",
        ),
    ),
    Row(
        "release.waves",
        Kind::Waves,
        "",
        ("Atau dalam gelombang", "Or in waves"),
        (
            "Dua sampai empat baris, misalnya: 1/2 jumat 14:00. Bagiannya berjumlah satu; kosongkan kotak di atas.",
            "Two to four lines, for example: 1/2 jumat 14:00. The parts add up to one; leave the field above empty.",
        ),
    ),
];
