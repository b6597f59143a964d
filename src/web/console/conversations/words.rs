//! What was read, and how far replies came, in words.

use chrono::{DateTime, Utc};

use super::texts::Texts;
use crate::access::{OfficeView, ReadAs};
use crate::conversation::Lang;
use crate::grammar::MisreadKind;
use crate::web::console::page::Frame;

/// When something was: the time of day where it was today, else with its day.
pub(super) fn when(frame: &Frame, office: &OfficeView, at: DateTime<Utc>) -> String {
    let zone = office.office().zone;
    let (local, today) = (zone.local(at), zone.local(office.now()).date());
    let time = local.format("%H.%M");
    if local.date() == today { time.to_string() } else { format!("{}, {time}", frame.plain_date(local.date())) }
}

/// How far a reply came, and whether that needs somebody.
pub(super) fn delivery(t: &Texts, state: &str, delivery: i64) -> (&'static str, bool) {
    match (state, delivery) {
        ("held", _) => (t.sent_held, true),
        ("dead", _) => (t.sent_dead, true),
        ("expired", _) => (t.sent_expired, true),
        ("sent", 4) => (t.sent_read, false),
        ("sent", 3) => (t.sent_delivered, false),
        ("sent", _) => (t.sent_sent, false),
        _ => (t.sent_waiting, false),
    }
}

/// A state of a reply that did not get through.
pub(super) fn stuck(t: &Texts, state: &str) -> &'static str {
    match state {
        "held" => t.state_held,
        "expired" => t.state_expired,
        _ => t.state_dead,
    }
}

/// What a message was read as: in a word, and its pieces.
pub(super) struct Read<'a> {
    pub(super) word: String,
    pub(super) pieces: &'a [(String, String)],
    /// Whether it was misread.
    pub(super) is_wrong: bool,
}

/// What a message was read as.
pub(super) fn read<'a>(frame: &Frame, t: &Texts, read_as: &'a ReadAs) -> Read<'a> {
    let plain = |word: &str| Read { word: word.to_owned(), pieces: &[], is_wrong: false };
    match read_as {
        ReadAs::Form { pieces, repaired } => {
            let word = if *repaired { t.read_repaired } else { t.read_form };
            Read { word: word.to_owned(), pieces, is_wrong: false }
        }
        ReadAs::Ask { field } => plain(&format!("{} ({field})", t.read_ask)),
        ReadAs::Misread { kind, field, found } => {
            let field = field.as_deref().map_or_else(String::new, |field| format!(" {field}:"));
            let found = found.as_deref().map_or_else(String::new, |found| format!(" ({} “{found}”)", t.read_found));
            let word = format!("{}:{field} {}{found}", t.read_misread, wrong(frame.lang, *kind));
            Read { word, pieces: &[], is_wrong: true }
        }
        ReadAs::Command(name) => plain(&format!("{} #{name}", t.read_command)),
        ReadAs::Digits => plain(t.read_digits),
        ReadAs::Placeholder => plain(t.read_placeholder),
        ReadAs::Automatic => plain(t.read_automatic),
        ReadAs::Question => plain(t.read_question),
        ReadAs::Talk => plain(t.read_talk),
    }
}

/// What is wrong with a form, in a few words.
pub(super) fn wrong(lang: Lang, kind: MisreadKind) -> &'static str {
    let (indonesian, english) = match kind {
        MisreadKind::Missing => ("bagian tidak ada", "piece is missing"),
        MisreadKind::Surplus => ("terlalu banyak bagian", "too many pieces"),
        MisreadKind::Several => ("beberapa formulir sekaligus", "several forms at once"),
        MisreadKind::TooManyPeople => ("terlalu banyak orang", "too many people"),
        MisreadKind::SamePerson => ("orang yang sama dua kali", "the same person twice"),
        MisreadKind::NotTogether => ("rombongan dengan hari berbeda", "a party with different days"),
        MisreadKind::Keyword => ("kata depan tidak dikenal", "unknown keyword"),
        MisreadKind::NameCharacter => ("tanda aneh dalam nama", "odd character in the name"),
        MisreadKind::NameAlphabet => ("huruf campuran dalam nama", "mixed alphabets in the name"),
        MisreadKind::NameMarks => ("terlalu banyak tanda pada huruf", "too many marks on a letter"),
        MisreadKind::NameEmpty => ("nama tanpa huruf", "name without letters"),
        MisreadKind::Mingled => ("tercampur kata lain", "mixed with other words"),
        MisreadKind::NameTooLong => ("nama terlalu panjang", "name too long"),
        MisreadKind::Swapped => ("tanggal di tempat nama", "a date where the name belongs"),
        MisreadKind::NotADate => ("bukan tanggal", "no date"),
        MisreadKind::NoSuchDay => ("tanggal tidak ada di kalender", "no such day"),
        MisreadKind::AmbiguousDate => ("tanggal bisa dibaca beberapa cara", "several possible dates"),
        MisreadKind::OtherWeekday => ("hari tidak cocok dengan tanggal", "another weekday than the date"),
        MisreadKind::BirthInFuture => ("tanggal lahir di masa depan", "birth date in the future"),
        MisreadKind::BirthTooOld => ("tanggal lahir terlalu lama", "birth date too long ago"),
        MisreadKind::VisitPast => ("tanggal kedatangan sudah lewat", "day of the visit is over"),
        MisreadKind::Address => ("alamat kosong atau terlalu panjang", "address empty or too long"),
        MisreadKind::Count => ("jumlah orang tidak bisa dibaca", "no number of people"),
        MisreadKind::Nik => ("NIK tidak benar", "no NIK"),
        MisreadKind::FamilyCard => ("nomor KK tidak benar", "no family card's number"),
        MisreadKind::Phone => ("nomor telepon tidak benar", "no phone number"),
        MisreadKind::Email => ("alamat email tidak benar", "no e-mail address"),
        MisreadKind::Session => ("bukan pagi atau siang", "neither pagi nor siang"),
        MisreadKind::Service => ("layanan tidak dikenal", "unknown service"),
        MisreadKind::Text => ("kosong atau terlalu panjang", "empty or too long"),
        MisreadKind::WhichPiece => ("bisa NIK atau nomor KK", "a NIK or a family card's number"),
        MisreadKind::DateShape => ("tanggal dengan tulisan lain", "a date in another spelling"),
        MisreadKind::TooYoung => ("terlalu muda untuk format ini", "too young for this format"),
        MisreadKind::TooOld => ("terlalu tua untuk format ini", "too old for this format"),
        MisreadKind::VisitToday => ("datang di hari yang sama", "a visit on the same day"),
        MisreadKind::VisitTooFar => ("tanggal kedatangan terlalu jauh", "day of the visit too far ahead"),
        MisreadKind::MessageTooLong => ("pesan terlalu panjang", "message too long"),
    };
    match lang {
        Lang::Id => indonesian,
        Lang::En => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::console::conversations::texts::texts;

    // Negative control: with `held` behind `sent`, a held reply that was once delivered counts as sent.
    #[test]
    fn what_did_not_get_through_needs_somebody_whatever_came_before() {
        let t = texts(Lang::En);
        for state in ["held", "dead", "expired"] {
            assert!(delivery(t, state, 3).1, "{state}");
        }
        let words: Vec<_> = (0..5).map(|number| delivery(t, "sent", number)).collect();
        assert_eq!(
            words.iter().map(|(word, _)| *word).collect::<Vec<_>>(),
            ["sent", "sent", "sent", "delivered", "read"]
        );
        assert!(words.iter().all(|(_, needs)| !needs));
    }
}
