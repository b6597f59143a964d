//! Reads a name: without its title, and without what is no part of it. Some words of names mean something else too (thanks, a
//! wife, a wish, a form of address); their place decides.

use crate::domain::person::{Nama, NamaError};
use crate::grammar::date;
use crate::grammar::language::names::{may_be_name, words};
use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::talk;
use crate::grammar::language::talk::giving_up;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::note::NoteKind;
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::text::characters::{digit, is_blank, visible, visible_char};
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::{joined, offset};
use crate::grammar::value::parsed::{Parsed, Value};

/// Most titles in front of one name: `atas nama Bapak Budi`.
const TITLES_MAX: usize = 3;
/// Letters of a word after a name's comma from which on it is no title: `SH`, `MM`, `Amd`.
const TITLE_CHARS_MIN: usize = 4;

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Whether a word that names somebody's wife, or says what somebody wants, is a part of the name it stands in.
pub(crate) fn is_part(piece: &str, word: &str) -> bool {
    // In small letters among capitals it is talk: `Budi istri Siti`.
    let is_talk = !is_capital(word) && words(piece).next().is_some_and(is_capital);
    let Some(first) = words(piece).next().filter(|_| !is_talk) else { return false };
    if may_be_name(word) {
        // `mau bikin paspor`: one word of talk shows what the other is.
        let is_said = |other: &str| {
            let known = WORDS.beside_name.get(other).is_some() || WORDS.chat.get(other).is_some();
            known && !may_be_name(other)
        };
        let opens = std::ptr::eq(first, word);
        return !words(piece).any(is_said) && (!opens || is_capital(word));
    }
    let is_wife = WORDS.names.wife.get(word).is_some();
    let is_honoured = WORDS.names.honorifics.get(first).is_some()
        || is_capital(word) && WORDS.names.honorific_names.get(first).is_some();
    is_wife && is_honoured
}

/// Whether a word of talk is a part of the name in front of a form without marks: `Hari Susanto 25011987 07082017`.
pub(crate) fn is_in_front(text: &str, word: &str) -> bool {
    let front = text.find(|c| digit(c).is_some()).and_then(|end| text.get(..end)).unwrap_or_default();
    let is_within = offset(text, word) < front.len();
    let is_name = |word: &str| may_be_name(word) || WORDS.names.wife.get(word).is_some();
    is_within && is_name(word) && is_part(front, word)
}

/// The name without the titles in front of it; `None` where it has none, or is nothing besides.
pub(crate) fn untitled(piece: &str) -> Option<&str> {
    let mut name = piece;
    for _ in 0..TITLES_MAX {
        let Some(after) = after_title(name) else { break };
        name = after;
    }
    (name.len() < piece.len()).then_some(name)
}

/// What stands after the title that opens a name.
fn after_title(name: &str) -> Option<&str> {
    let in_front = |after: &str| name.get(..name.len() - after.len()).unwrap_or_default().to_owned();
    let titled = WORDS.names.titles.front(name).map(|((), after)| after);
    let dotted = || {
        let ((), after) = WORDS.names.dotted_titles.front(name)?;
        let is_short = in_front(after).contains(['.', '/', ' ']) || after.starts_with('.');
        // `A.N. Sitorus` has initials.
        (is_short && in_front(after).ends_with(char::is_lowercase)).then_some(after)
    };
    let after = titled.or_else(dotted)?;
    let is_end = |c: char| matches!(c, '.' | ':' | '/' | '=');
    // `Bu'ang`, `Pak-pahan`, and `Bu` and `di` with an invisible character between them: the title is a word of its own.
    let is_ended = after.starts_with(|c: char| c.is_whitespace() || is_end(c));
    let rest = after.trim_start_matches(|c: char| is_blank(c) || is_end(c));
    (is_ended && rest.starts_with(char::is_alphabetic)).then_some(rest)
}

/// A name, without the titles in front of it.
pub(crate) fn read(piece: &str, chars_max: usize) -> Result<Parsed, PieceError<'_>> {
    let Some(untitled) = untitled(piece) else {
        return read_untitled(piece, chars_max).map(|nama| Value::Nama(nama).into());
    };
    let nama = read_untitled(untitled, chars_max)?;
    let repaired = Some((NoteKind::Title, nama.as_str().to_owned()));
    Ok(Parsed { value: Value::Nama(nama), others: Vec::new(), repaired })
}

fn read_untitled(piece: &str, chars_max: usize) -> Result<Nama, PieceError<'_>> {
    let piece = without_full_stop(piece);
    let text = visible(piece);
    // Nobody is called `besok`.
    if WORDS.days.get(&text).is_some() {
        return Err(PieceError { kind: MisreadKind::Swapped, at: piece });
    }
    if is_nobody(&text) {
        return Err(PieceError { kind: MisreadKind::Mingled, at: piece });
    }
    if let Some(at) = beside_name(piece) {
        return Err(PieceError { kind: MisreadKind::Mingled, at });
    }
    let read = Nama::read(&text)
        .and_then(|nama| if nama.as_str().chars().count() > chars_max { Err(NamaError::TooLong) } else { Ok(nama) });
    read.map_err(|error| match error {
        // A date is all characters that no name has; what is wrong is its place.
        _ if date::parse(&text).is_some() => PieceError { kind: MisreadKind::Swapped, at: piece },
        NamaError::Character { at, .. } => {
            PieceError { kind: MisreadKind::NameCharacter, at: visible_char(piece, at).unwrap_or(piece) }
        }
        NamaError::Alphabet { at, .. } => {
            PieceError { kind: MisreadKind::NameAlphabet, at: visible_char(piece, at).unwrap_or(piece) }
        }
        NamaError::Marks { letter, mark } => {
            let marked = visible_char(piece, letter).zip(visible_char(piece, mark));
            let at = marked.map_or(piece, |(first, last)| joined(piece, first, last));
            PieceError { kind: MisreadKind::NameMarks, at }
        }
        NamaError::NoLetter => PieceError { kind: MisreadKind::NameEmpty, at: piece },
        NamaError::TooLong => PieceError { kind: MisreadKind::NameTooLong, at: piece },
    })
}

/// The name without the full stop that ends it like a sentence; an abbreviation (`Moh.`) and a title keep theirs.
fn without_full_stop(piece: &str) -> &str {
    let Some(name) = piece.strip_suffix('.').map(|name| name.trim_end_matches(is_blank)) else { return piece };
    let is_apart = name.len() + 1 < piece.len();
    let last = words(name).next_back().unwrap_or_default();
    let is_plain = last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_in_case = last.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        || last.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_word = is_plain && is_in_case && last.len() >= TITLE_CHARS_MIN;
    if is_word && (is_apart || !name.contains(',')) { name } else { piece }
}

/// Whether every word says whose, what for or where to look, and none is a name: `anak saya`, `perpanjang paspor`.
pub(crate) fn is_nobody(piece: &str) -> bool {
    let mut words = talk::words(piece).peekable();
    words.peek().is_some() && words.all(|word| WORDS.names.nobody.get(word).is_some())
}

/// Whether what is wrong with a name shows that more people are meant than one: `dan`, `&`, or a second name after a comma.
pub(crate) fn holds_several(kind: MisreadKind, found: &str) -> bool {
    let company = || talk::words(found).next().is_some_and(|word| WORDS.names.company.get(word).is_some());
    let is_said = |word: &str| {
        let known = [&WORDS.names.foreign, &WORDS.beside_name, &WORDS.names.nobody];
        known.iter().any(|words| words.get(word).is_some())
    };
    let is_name = || !talk::words(found).any(is_said) && giving_up(found).is_none() && !is_filler(found);
    match kind {
        MisreadKind::NameCharacter => matches!(found, "/" | "&" | "+"),
        MisreadKind::Mingled => company() && !is_nobody(found) || is_name(),
        _ => false,
    }
}

/// The name in front of words that are none, where nothing else stands after it: `Rudi sesuai KTP`, `Rudi (anak saya)`.
pub(crate) fn before_talk(piece: &str) -> Option<&str> {
    let is_talk = |word: &str| {
        let known = [&WORDS.names.nobody, &WORDS.names.foreign, &WORDS.chat, &WORDS.fillers];
        known.iter().any(|words| words.get(word).is_some()) && !may_be_name(word)
    };
    let is_question = |word: &str| WORDS.beside_address.get(word).is_some();
    let at = match piece.find('(') {
        Some(at) => at,
        None => offset(piece, talk::words(piece).find(|word| is_talk(word) || is_question(word))?),
    };
    let (name, after) = piece.split_at_checked(at)?;
    let is_idle = |word: &str| is_talk(word) || is_question(word);
    let counts = |word: &str| WORDS.names.company.get(word).is_some();
    let after_words = || talk::words(after);
    // `Kayla (anak saya)` is one person, and says whose.
    let is_kin =
        after.starts_with('(') && is_nobody(after) && after_words().any(|word| WORDS.names.foreign.get(word).is_some());
    let is_alone = is_kin || after_words().all(|word| is_idle(word) && !counts(word));
    let name = name.trim_matches(|c: char| is_blank(c) || matches!(c, ',' | '-' | ':'));
    (is_alone && !name.is_empty() && after_words().next().is_some()).then_some(name)
}

/// What stands in a name and makes it more than one person's: `dan Siti`, `mau daftar`, a second name after a comma. Titles
/// after a comma are short or have a dot.
pub(crate) fn beside_name(piece: &str) -> Option<&str> {
    // The last word may be a name all the same: `Rahmad Dan`. Looked for last: hardly any name has such a word.
    let is_last = |word: &str| {
        let after = piece.get(offset(piece, word) + word.len()..).unwrap_or_default();
        talk::words(after).next().is_none() && offset(piece, word) > 0
    };
    let is_other = |word: &&str| WORDS.beside_name.get(word).is_some() && !is_part(piece, word);
    let is_between = |word: &str| WORDS.names.between.get(word).is_some() && offset(piece, word) > 0;
    let is_beside =
        |word: &&str| WORDS.names.foreign.get(word).is_some() || !is_last(word) && (is_other(word) || is_between(word));
    if let Some(word) = talk::words(piece).find(is_beside) {
        return Some(word);
    }
    if let Some(word) = giving_up(piece) {
        return Some(word);
    }
    let (_, after) = piece.split_once(',')?;
    let is_of_a_name =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= TITLE_CHARS_MIN && !word.contains('.');
    let after = bare(after);
    let is_somebody = talk::words(after).all(is_of_a_name) || WORDS.fillers.front(after).is_some();
    let is_second = || is_of_a_name(after) && WORDS.names.degrees.get(after).is_none();
    let is_whole = talk::words(after).count() > 1 || is_second();
    (is_whole && is_somebody).then_some(after)
}

/// A name with digits read as the letters they look like (`Bud1`), and without characters that no name has: a guess for
/// a suggestion, never a value.
///
/// Several digits after a name are none of its letters (`Budi123`); several in a row elsewhere leave nothing to guess at.
pub(crate) fn guess(text: &str) -> String {
    let is_digit = |c: char| digit(c).is_some();
    let front = text.trim_end_matches(is_digit);
    let text = if text.len() > front.len() + 1 { front } else { text };
    let is_number = |word: &str| word.starts_with(is_digit);
    // `Rina & Budi` are two people, `Rina 2 orang` too, and nobody is called eRina.
    let is_several = text.contains(['&', '+', '/']) || text.split(is_blank).any(is_number);
    if is_several || text.split(|c| !is_digit(c)).any(|run| run.chars().count() > 1) {
        return String::new();
    }
    let capitals =
        text.chars().filter(|c| c.is_uppercase()).count() > text.chars().filter(|c| c.is_lowercase()).count();
    let letter = |c: char| match c {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' => Some('a'),
        '5' => Some('s'),
        c if c.is_alphabetic() || is_blank(c) || matches!(c, '.' | ',' | '\'' | '’' | '-') => Some(c),
        c if unicode_normalization::char::is_combining_mark(c) => Some(c),
        '`' | '´' | '‘' => Some('\''),
        '_' => Some(' '),
        _ => None,
    };
    let repaired = text
        .chars()
        .filter_map(|c| letter(c).map(|found| if capitals && found != c { found.to_ascii_uppercase() } else { found }));
    repaired.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with every `Istri` a wife, or none, each fails this.
    #[test]
    fn a_word_is_a_part_of_a_name_by_its_place() {
        for (name, word) in [
            ("Anak Agung Istri Rai", "Istri"),
            ("anak agung istri rai", "istri"),
            ("A.A. ISTRI RAI", "ISTRI"),
            ("Agung Istri Rai", "Istri"),
            ("Maria Mau Klau", "Mau"),
            ("maria mau klau", "mau"),
        ] {
            let word = &name[name.find(word).expect("the word")..][..word.len()];
            assert!(is_part(name, word), "{name}");
        }
        for (name, word) in [
            ("Budi istri Siti", "istri"),
            ("Budi Istri Siti", "Istri"),
            ("Ni Luh istri Made", "istri"),
            ("agung istri siti", "istri"),
            ("Budi mau datang", "mau"),
            ("mau Budi", "mau"),
            ("Budi mau Paspor", "mau"),
        ] {
            let word = &name[name.find(word).expect("the word")..][..word.len()];
            assert!(!is_part(name, word), "{name}");
        }
    }

    // Negative control: with `nobody` and `foreign` emptied in the vocabulary, `anak saya` is a name and this fails.
    #[test]
    fn words_that_are_nobodys_are_told_from_names() {
        for piece in [
            "anak saya",
            "perpanjang paspor",
            "sesuai KTP",
            "tes",
            "Rudi sama Wati",
            "Rudi, Wati",
            "Rudi dkk",
            "Rudi sekeluarga",
        ] {
            assert!(read(piece, 60).is_err(), "{piece}");
        }
        for (piece, name) in [
            ("anak saya Kayla", "Kayla"),
            ("a n Rudi", "Rudi"),
            ("perpanjangan Rudi", "Rudi"),
            ("Rudi Hartono.", "Rudi Hartono"),
            ("Siti, S.Pd.", "Siti, S.Pd."),
            ("Budi Moh.", "Budi Moh."),
            ("Anak Agung Gede", "Anak Agung Gede"),
            ("Baru Sembiring", "Baru Sembiring"),
            ("Sama Dewi", "Sama Dewi"),
        ] {
            let read = read(piece, 60).map(|read| read.value);
            assert_eq!(read.ok(), Nama::read(name).ok().map(Value::Nama), "{piece}");
        }
        for (found, kind, several) in [
            ("sama", MisreadKind::Mingled, true),
            ("dkk", MisreadKind::Mingled, true),
            ("Wati", MisreadKind::Mingled, true),
            ("&", MisreadKind::NameCharacter, true),
            ("anak saya", MisreadKind::Mingled, false),
            ("mau", MisreadKind::Mingled, false),
            ("1", MisreadKind::NameCharacter, false),
        ] {
            assert_eq!(holds_several(kind, found), several, "{found}");
        }
        assert_eq!(before_talk("Rudi sesuai KTP"), Some("Rudi"));
        assert_eq!(before_talk("Kayla (anak saya)"), Some("Kayla"));
        assert_eq!(before_talk("Rudi (dan istri)"), None);
        assert_eq!(before_talk("Rudi sekeluarga"), None);
    }

    #[test]
    fn titles_come_off_the_front() {
        for (piece, name) in [
            ("atas nama Bapak Budi", Some("Budi")),
            ("a.n. Budi", Some("Budi")),
            ("a/n Budi", Some("Budi")),
            ("an. Budi", Some("Budi")),
            ("Bapak/Ibu Siti", Some("Siti")),
            ("Ny. Siti", Some("Siti")),
            ("An Budi", None),
            ("A.N. Sitorus", None),
            ("Bu'ang", None),
            ("Bu\u{200b}di", None),
            ("Ibu", None),
            ("Budi", None),
        ] {
            assert_eq!(untitled(piece), name, "{piece}");
        }
    }

    #[test]
    fn a_name_is_guessed_at_in_its_own_case() {
        assert_eq!(guess("Bud1"), "Budi");
        assert_eq!(guess("BUD1 SANT0SO"), "BUDI SANTOSO");
        assert_eq!(guess("Budi 😀"), "Budi");
        assert_eq!(guess("Budi123"), "Budi");
        assert_eq!(guess("Bu123di"), "", "nobody knows");
    }
}
