//! Every key of an office file as a field: what it is called, what it means, and what may be written. A key that the reader of office
//! files knows and that is missing here fails a test by its name.

use crate::conversation::Lang;
use crate::domain::notice::Kind as NoticeKind;
use crate::grammar::Topic;

/// What stands on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// What the office is called and where it is.
    Office,
    /// Hours and places.
    Hours,
    /// When days open.
    Release,
    /// Rules.
    Policy,
    /// What citizens read.
    Texts,
    /// Answers to questions.
    Topics,
    /// What is said unasked.
    Notices,
}

impl Group {
    /// All of them, as pages show them.
    pub(super) const ALL: [Self; 7] =
        [Self::Office, Self::Hours, Self::Release, Self::Policy, Self::Texts, Self::Topics, Self::Notices];

    /// Its name in addresses.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Hours => "hours",
            Self::Release => "release",
            Self::Policy => "policy",
            Self::Texts => "texts",
            Self::Topics => "topics",
            Self::Notices => "notices",
        }
    }

    /// The group of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// A value that can be chosen, with its words in Indonesian and English.
pub(super) type Choice = (&'static str, &'static str, &'static str);

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line.
    Line,
    /// A whole number.
    Number,
    /// A whole number, or a word.
    NumberOrWord,
    /// Yes or no.
    Yes,
    /// One of these.
    Choice(&'static [Choice]),
    /// Several lines.
    Lines,
    /// The hours of a weekday, with commas between them.
    Hours,
    /// The days that the office closes: `2026-12-28 Reason`, or `2026-12-28..2026-12-30 Reason`, a line each.
    Closed,
    /// The days that it opens besides: `2026-12-19 08:00-12:00, 13:00-15:00`, a line each.
    Open,
    /// The waves of a release: `1/2 jumat 14:00`, a line each.
    Waves,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The key with the tables that it stands in.
    pub(super) path: String,
    pub(super) group: Group,
    pub(super) kind: Kind,
    /// What holds where nothing says it; empty: nothing does.
    pub(super) usual: &'static str,
    /// Its name in Indonesian and English.
    label: (String, String),
    /// What it means, in Indonesian and English.
    hint: (&'static str, &'static str),
}

impl Key {
    /// Its name.
    pub(super) fn label(&self, lang: Lang) -> &str {
        if lang == Lang::Id { &self.label.0 } else { &self.label.1 }
    }

    /// What it means.
    pub(super) fn hint(&self, lang: Lang) -> &'static str {
        if lang == Lang::Id { self.hint.0 } else { self.hint.1 }
    }
}

/// A key as the tables below declare it.
struct Row(&'static str, Kind, &'static str, (&'static str, &'static str), (&'static str, &'static str));

const ZONES: &[Choice] = &[
    ("WIB", "WIB (Jakarta)", "WIB (Jakarta)"),
    ("WITA", "WITA (Makassar)", "WITA (Makassar)"),
    ("WIT", "WIT (Jayapura)", "WIT (Jayapura)"),
];
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

const OFFICE: &[Row] = &[
    Row("name", Kind::Line, "", ("Nama kantor", "Name of the office"), ("Seperti yang dikenal warga; tertulis di setiap balasan.", "As citizens know it; it stands in every reply.")),
    Row("zone", Kind::Choice(ZONES), "", ("Zona waktu", "Time zone"), ("Semua jam kantor ini memakai zona ini.", "All hours of this office are in this zone.")),
    Row("site", Kind::Line, "", ("Tempat datang", "Where to come"), ("Satu baris, misalnya: Loket layanan paspor, Sukabumi.", "One line, for example: Passport counter, Sukabumi.")),
    Row("telephone", Kind::Line, "", ("Nomor telepon", "Telephone"), ("Tempat bertanya di luar yang diketahui mesin ini, dengan kode wilayah.", "Where to ask what is not known here, with its area code.")),
    Row("map", Kind::Line, "", ("Tautan peta", "Link to a map"), ("Diawali https:// dan tanpa deretan delapan angka.", "It begins with https:// and has no run of eight digits.")),
    Row("formats", Kind::Lines, "", ("Format pesan", "Message formats"), ("Nama format yang dibaca kantor ini, satu per baris; yang tertulis di poster lebih dahulu.", "Names of the formats that this office reads, one on each line; the one on the poster first.")),
];

const HOURS: &[Row] = &[
    Row("hours.senin", Kind::Hours, "", ("Senin", "Monday"), ("Misalnya 08:00-12:00, 13:00-15:00. Kosong: tutup.", "For example 08:00-12:00, 13:00-15:00. Empty: closed.")),
    Row("hours.selasa", Kind::Hours, "", ("Selasa", "Tuesday"), ("", "")),
    Row("hours.rabu", Kind::Hours, "", ("Rabu", "Wednesday"), ("", "")),
    Row("hours.kamis", Kind::Hours, "", ("Kamis", "Thursday"), ("", "")),
    Row("hours.jumat", Kind::Hours, "", ("Jumat", "Friday"), ("", "")),
    Row("hours.sabtu", Kind::Hours, "", ("Sabtu", "Saturday"), ("", "")),
    Row("hours.minggu", Kind::Hours, "", ("Minggu", "Sunday"), ("", "")),
    Row("seats_per_hour", Kind::Number, "", ("Tempat per jam", "Places in an hour"), ("Berapa orang dilayani dalam satu jam.", "How many people are served in one hour.")),
    Row("seats_per_day", Kind::Number, "", ("Tempat per hari", "Places in a day"), ("Hanya bila lebih sedikit daripada jumlah semua jam. Kosong: sebanyak jam-jamnya.", "Only where it is fewer than all hours together. Empty: as many as the hours have.")),
    Row("intake", Kind::Line, "always", ("Jam menerima pesan", "When messages are taken"), ("\u{201c}always\u{201d} untuk setiap saat, atau misalnya 07:30-10:00 pada hari kerja.", "\u{201c}always\u{201d} for any hour, or for example 07:30-10:00 on open days.")),
    Row("closed", Kind::Closed, "", ("Hari tutup", "Closed days"), ("Satu hari per baris: 2026-12-28 Pindah gedung; atau beberapa hari: 2026-12-28..2026-12-30 Pindah gedung. Alasannya dibaca warga.", "A day on each line: 2026-12-28 Pindah gedung; or several: 2026-12-28..2026-12-30 Pindah gedung. Citizens read the reason.")),
    Row("open", Kind::Open, "", ("Hari buka tambahan", "Days open besides"), ("Satu hari per baris dengan jamnya: 2026-12-19 08:00-12:00.", "A day on each line with its hours: 2026-12-19 08:00-12:00.")),
];

const RELEASE: &[Row] = &[
    Row("release.at", Kind::Line, "none", ("Pekan berikutnya dibuka", "The following week opens"), ("Misalnya jumat 14:00: setiap Jumat pukul 14.00 dibuka Senin sampai Minggu berikutnya. \u{201c}none\u{201d}: setiap hari dapat dipesan.", "For example jumat 14:00: every Friday at 14.00 the following Monday to Sunday open. \u{201c}none\u{201d}: every day can be booked.")),
    Row("release.waves", Kind::Waves, "", ("Atau dalam gelombang", "Or in waves"), ("Dua sampai empat baris, misalnya: 1/2 jumat 14:00. Bagiannya berjumlah satu; kosongkan kotak di atas.", "Two to four lines, for example: 1/2 jumat 14:00. The parts add up to one; leave the field above empty.")),
];

const POLICY: &[Row] = &[
    Row("policy.when_full", Kind::Choice(WHEN_FULL), "", ("Bila hari yang diminta penuh", "When the asked day is full"), ("", "")),
    Row("policy.approval", Kind::Choice(APPROVAL), "", ("Pendaftaran disahkan", "A booking is approved"), ("", "")),
    Row("policy.approval_words", Kind::Yes, "true", ("Boleh disahkan dengan kata \u{201c}ya\u{201d}", "The word \u{201c}ya\u{201d} approves too"), ("Juga \u{201c}benar\u{201d} dan \u{201c}setuju\u{201d}, bila langsung menjawab ringkasan.", "Also \u{201c}benar\u{201d} and \u{201c}setuju\u{201d}, where they answer the summary at once.")),
    Row("policy.hold_minutes", Kind::Number, "", ("Tempat ditahan (menit)", "A place is held (minutes)"), ("Selama menunggu kode konfirmasi; 1 sampai 1440.", "While the confirmation code is awaited; 1 to 1440.")),
    Row("policy.photo_wait_minutes", Kind::Number, "", ("Menunggu foto (menit)", "A photo is awaited (minutes)"), ("Teks menunggu fotonya, atau foto menunggu teksnya; 1 sampai 1440.", "A text waits for its photo, or a photo for its text; 1 to 1440.")),
    Row("policy.cancelling", Kind::Yes, "", ("Warga boleh membatalkan", "Citizens may cancel"), ("Dengan #batal, juga setelah disahkan.", "With #batal, also after approval.")),
    Row("policy.live_per_number", Kind::Number, "", ("Antrean per nomor", "Bookings of a number"), ("Berapa antrean yang masih berlaku boleh dimiliki satu nomor; 1 sampai 50.", "How many live bookings one number may have; 1 to 50.")),
    Row("policy.live_per_person", Kind::NumberOrWord, "note", ("Antrean per orang", "Bookings of a person"), ("\u{201c}note\u{201d}: dilayani dan ditandai; atau angka: formulir ditolak bila orang itu sudah punya sebanyak itu di kantor ini.", "\u{201c}note\u{201d}: served and marked; or a number: a form of whoever has so many at this office is refused.")),
    Row("policy.holds_share", Kind::Line, "1/3", ("Bagian yang boleh ditahan", "Part of a day that may be held"), ("Bagian tempat sehari untuk yang belum disahkan; selebihnya ditahan lima menit saja. 1/1: semuanya.", "Part of a day's places for what is not approved; beyond it places are held for five minutes. 1/1: all.")),
    Row("policy.holds_per_number", Kind::Number, "20", ("Penahanan per nomor sehari", "Holds of a number in a day"), ("Yang tidak disahkan; 1 sampai 240.", "Those that are not approved; 1 to 240.")),
    Row("policy.people_per_booking", Kind::Number, "", ("Orang per pendaftaran", "People in a booking"), ("1 sampai 5.", "1 to 5.")),
    Row("policy.earliest", Kind::Choice(EARLIEST), "", ("Hari pertama yang boleh diminta", "First day that may be asked for"), ("", "")),
    Row("policy.minutes_before_hour", Kind::Number, "", ("Batas untuk hari ini (menit)", "Last moment for today (minutes)"), ("Hanya bila hari ini boleh diminta: paling lambat sekian menit sebelum jamnya.", "Only where today may be asked for: at the latest so many minutes before the hour.")),
    Row("policy.horizon_days", Kind::Number, "", ("Hari terakhir yang boleh diminta", "Last day that may be asked for"), ("Dalam hari dari sekarang; 1 sampai 180.", "In days from today; 1 to 180.")),
    Row("policy.arrive_early_minutes", Kind::Number, "", ("Datang lebih awal (menit)", "Come early (minutes)"), ("Warga diminta datang sekian menit sebelum jamnya; 0 sampai 240.", "People are asked to come so many minutes before their hour; 0 to 240.")),
    Row("policy.grace_minutes", Kind::Number, "", ("Toleransi terlambat (menit)", "Grace (minutes)"), ("Sesudah itu hangus; 0 sampai 60.", "After it the place is forfeited; 0 to 60.")),
    Row("policy.arrivals", Kind::Yes, "false", ("Setiap kedatangan dicatat", "Every arrival is entered"), ("Di halaman Kedatangan. Maka yang tidak datang tercatat tidak hadir dengan sendirinya.", "On the check-in page. Then whoever does not come counts as absent by itself.")),
    Row("policy.handover.enabled", Kind::Yes, "false", ("Ada petugas yang membalas", "Officers answer messages"), ("Warga yang menulis #petugas mendapat tiket, dan petugas membalasnya.", "Citizens who write #petugas get a ticket, and an officer answers.")),
    Row("policy.relatives.children_under", Kind::Number, "0", ("Anak di bawah (tahun)", "Children under (years)"), ("Boleh didaftarkan dari nomor keluarga yang sudah punya antrean. 0: tidak.", "May be registered from a relative's number that has a booking. 0: no.")),
    Row("policy.relatives.elders_from", Kind::Number, "0", ("Lansia mulai (tahun)", "Elders from (years)"), ("Seperti di atas. 0: tidak.", "As above. 0: no.")),
    Row("policy.reschedule.times", Kind::Number, "1", ("Pindah hari, berapa kali", "Moves of a booking"), ("Dengan #ganti; 0: tidak boleh.", "With #ganti; 0: not at all.")),
    Row("policy.reschedule.days_before", Kind::Number, "1", ("Pindah paling lambat (hari sebelumnya)", "Latest move (days before)"), ("0 sampai 30.", "0 to 30.")),
    Row("policy.reschedule.until", Kind::Line, "21:00", ("Pindah paling lambat (jam)", "Latest move (time)"), ("Pada hari itu, misalnya 21:00.", "On that day, for example 21:00.")),
    Row("policy.reschedule.extra_after_closing", Kind::Yes, "true", ("Pindah tambahan bila kantor tutup", "One more move where the office closes"), ("Bila kantor yang menjadi sebab, kapan saja dan tidak dihitung.", "Where the office is the reason: at any time, not counted.")),
    Row("policy.waiting.on", Kind::Yes, "false", ("Ada daftar tunggu", "There is a waiting list"), ("Dengan #tunggu bila hari penuh.", "With #tunggu where a day is full.")),
    Row("policy.waiting.at_once", Kind::Number, "1", ("Tempat ditawarkan kepada", "A place is offered to"), ("1 sampai 3 orang sekaligus.", "1 to 3 people at once.")),
];

const TEXTS: &[Row] = &[
    Row("texts.id.requirements", Kind::Lines, "", ("Persyaratan (Indonesia)", "Requirements (Indonesian)"), ("Satu dokumen per baris; jawaban atas #persyaratan.", "A document on each line; the answer to #persyaratan.")),
    Row("texts.en.requirements", Kind::Lines, "", ("Persyaratan (Inggris)", "Requirements (English)"), ("", "")),
    Row("texts.id.bring", Kind::Line, "", ("Yang dibawa (Indonesia)", "What to bring (Indonesian)"), ("Satu baris, di belakang kata \u{201c}Bawa:\u{201d} dalam konfirmasi.", "One line, behind the word \u{201c}Bawa:\u{201d} of the confirmation.")),
    Row("texts.en.bring", Kind::Line, "", ("Yang dibawa (Inggris)", "What to bring (English)"), ("", "")),
    Row("texts.id.excluded", Kind::Line, "", ("Yang tidak dapat mendaftar (Indonesia)", "Who cannot book (Indonesian)"), ("Siapa yang tidak dapat mendaftar lewat pesan, dan apa yang mereka lakukan.", "Who cannot book by message, and what they do instead.")),
    Row("texts.en.excluded", Kind::Line, "", ("Yang tidak dapat mendaftar (Inggris)", "Who cannot book (English)"), ("", "")),
    Row("texts.id.official", Kind::Line, "", ("Bukti nomor resmi (Indonesia)", "Proof that the number is official (Indonesian)"), ("Misalnya: Nomor ini juga tertulis di papan loket 1.", "For example: This number also stands on the board of counter 1.")),
    Row("texts.en.official", Kind::Line, "", ("Bukti nomor resmi (Inggris)", "Proof that the number is official (English)"), ("", "")),
];

const NOTICES: &[Row] = &[
    Row("notices.quiet", Kind::Line, "20:00-06:00", ("Jam tenang", "Quiet hours"), ("Pada jam ini tidak ada pemberitahuan; \u{201c}none\u{201d}: tidak ada jam tenang.", "No notices in these hours; \u{201c}none\u{201d}: no quiet hours.")),
    Row("policy.reminder.at", Kind::Line, "18:00", ("Jam pengingat", "Hour of the reminder"), ("Pada malam sebelum kunjungan.", "On the evening before the visit.")),
];

/// What a kind of notice is called.
fn notice(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::HoldLapsing => ("Kabari: tempat hampir lepas", "Tell: a hold lapses soon"),
        NoticeKind::HoldLapsed => ("Kabari: tempat sudah lepas", "Tell: a hold has lapsed"),
        NoticeKind::Reminder => ("Kabari: besok datang", "Tell: the visit is tomorrow"),
        NoticeKind::Forfeited => ("Kabari: antrean hangus", "Tell: a place was forfeited"),
        NoticeKind::DayClosed => ("Kabari: hari ditutup atau dipindah", "Tell: a day was closed or moved"),
        NoticeKind::Ready => ("Kabari: paspor dapat diambil", "Tell: a passport can be collected"),
        NoticeKind::Message => ("Kabari: pesan kantor untuk satu hari", "Tell: a message for a day"),
        NoticeKind::Offer => ("Kabari: tempat dari daftar tunggu", "Tell: a place of the waiting list"),
        NoticeKind::Opening => ("Kabari: hari dibuka", "Tell: a day opens"),
        NoticeKind::Officer => ("Kabari: jawaban petugas", "Tell: an officer's answer"),
    }
}

/// What a topic is called.
fn topic(topic: Topic) -> (&'static str, &'static str) {
    match topic {
        Topic::Register => ("Cara mendaftar", "How to register"),
        Topic::Requirements => ("Persyaratan", "Requirements"),
        Topic::Fee => ("Biaya", "Fee"),
        Topic::Hours => ("Jam buka", "Opening hours"),
        Topic::Location => ("Alamat", "Address"),
        Topic::FreeDays => ("Hari yang kosong", "Days with room"),
        Topic::FreeHours => ("Jam yang kosong", "Hours with room"),
        Topic::OwnBooking => ("Antrean sendiri", "Own booking"),
        Topic::DataChange => ("Perubahan data", "Change of data"),
        Topic::LostDamaged => ("Paspor hilang atau rusak", "Lost or damaged passport"),
        Topic::Priority => ("Prioritas", "Priority"),
        Topic::Child => ("Paspor anak", "A child's passport"),
        Topic::Relatives => ("Mendaftarkan keluarga", "Registering a relative"),
        Topic::Family => ("Datang sekeluarga", "Coming as a family"),
        Topic::Origin => ("KTP daerah lain", "Identity card of another region"),
        Topic::Late => ("Terlambat", "Being late"),
        Topic::Ready => ("Kapan paspor jadi", "When a passport is ready"),
        Topic::Collection => ("Pengambilan", "Collection"),
        Topic::Photo => ("Foto", "Photo"),
        Topic::Officer => ("Bicara dengan petugas", "Speaking to an officer"),
        Topic::Complaint => ("Keluhan", "Complaint"),
        Topic::Authenticity => ("Keaslian nomor", "Whether the number is genuine"),
        Topic::Language => ("Bahasa", "Language"),
        Topic::OtherPassport => ("Paspor lain", "Other passports"),
    }
}

const TOPIC_HINT: (&str, &str) = (
    "Kalimat kantor sendiri yang ditambahkan pada jawaban; kosong: tidak ada.",
    "The office's own sentence, added to the answer; empty: none.",
);

/// The keys of a group, as its page shows them.
pub(super) fn of(group: Group) -> Vec<Key> {
    let rows = match group {
        Group::Office => OFFICE,
        Group::Hours => HOURS,
        Group::Release => RELEASE,
        Group::Policy => POLICY,
        Group::Texts => TEXTS,
        Group::Topics => &[],
        Group::Notices => NOTICES,
    };
    let key = |&Row(path, kind, usual, (id, en), hint): &Row| {
        let label = (id.to_owned(), en.to_owned());
        Key { path: path.to_owned(), group, kind, usual, label, hint }
    };
    let mut keys: Vec<Key> = rows.iter().map(key).collect();
    if group == Group::Notices {
        keys.extend(NoticeKind::ALL.map(|kind| {
            let (id, en) = notice(kind);
            let label = (id.to_owned(), en.to_owned());
            Key { path: format!("notices.{}", kind.key()), group, kind: Kind::Yes, usual: "true", label, hint: ("", "") }
        }));
    }
    if group == Group::Topics {
        for of in Topic::ALL {
            let (id, en) = topic(of);
            for (code, id_name, en_name) in [("id", "Indonesia", "Indonesian"), ("en", "Inggris", "English")] {
                let label = (format!("{id} ({id_name})"), format!("{en} ({en_name})"));
                let path = format!("texts.{code}.topics.{}", of.name());
                keys.push(Key { path, group, kind: Kind::Line, usual: "", label, hint: TOPIC_HINT });
            }
        }
    }
    keys
}

/// All keys.
pub(super) fn all() -> impl Iterator<Item = Key> {
    Group::ALL.into_iter().flat_map(of)
}

/// What a key of an office, a format or a calendar is called; days and formats by their own names.
pub(super) fn label_of(path: &str, lang: Lang) -> Option<String> {
    if let Some(key) = all().find(|key| key.path == path) {
        return Some(key.label(lang).to_owned());
    }
    // One line may stand for several weekdays.
    let (table, rest) = path.split_once('.')?;
    let words = match (table, lang) {
        ("hours", Lang::Id) => "Jam buka",
        ("hours", Lang::En) => "Opening hours",
        ("closed", Lang::Id) => "Tutup",
        ("closed", Lang::En) => "Closed",
        ("open", Lang::Id) => "Buka tambahan",
        ("open", Lang::En) => "Open besides",
        ("holiday", Lang::Id) => "Hari libur",
        ("holiday", Lang::En) => "Holiday",
        ("format", _) => "Format",
        _ => return None,
    };
    Some(format!("{words} {rest}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::roster;

    /// Keys that the program writes itself, or that no form changes: an id never changes, and a base file is of the text.
    const WITHOUT_FIELD: [&str; 4] = ["extend", "id", "version", "based_on"];

    // Negative control: without the row of `policy.arrivals` this fails by its name.
    #[test]
    fn every_key_that_the_reader_knows_has_a_field_and_no_other() {
        let fields: BTreeSet<String> = all().map(|key| key.path).collect();
        let known: BTreeSet<String> =
            roster::keys().into_iter().filter(|key| !WITHOUT_FIELD.contains(&key.as_str())).collect();
        assert_eq!(fields, known);
        assert_eq!(all().count(), fields.len(), "a key has two fields");
    }
}
