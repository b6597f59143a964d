//! Words of names that mean something else too: thanks, a wife, a wish, a form of address. Their place tells which they are.

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command::is_filler;
use crate::grammar::text::pieces::{digit, is_blank, offset};

/// Most titles in front of one name: `atas nama Bapak Budi`.
const TITLES_MAX: usize = 3;

/// Whether the word is a name as well as thanks, a form of address, talk or a day.
pub(crate) fn may_be_name(word: &str) -> bool {
    WORDS.names.also_names.get(word).is_some()
}

/// The words of a piece.
fn words(piece: &str) -> impl Iterator<Item = &str> {
    piece.split(|c: char| is_blank(c) || matches!(c, ',' | ';')).filter(|word| !word.is_empty())
}

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
        let Some(behind) = behind_title(name) else { break };
        name = behind;
    }
    (name.len() < piece.len()).then_some(name)
}

/// What stands behind the title that opens a name.
fn behind_title(name: &str) -> Option<&str> {
    let in_front = |behind: &str| name.get(..name.len() - behind.len()).unwrap_or_default().to_owned();
    let titled = WORDS.names.titles.front(name).map(|((), behind)| behind);
    let dotted = || {
        let ((), behind) = WORDS.names.dotted_titles.front(name)?;
        let is_short = in_front(behind).contains(['.', '/']) || behind.starts_with('.');
        // `A.N. Sitorus` has initials.
        (is_short && in_front(behind).ends_with(char::is_lowercase)).then_some(behind)
    };
    let behind = titled.or_else(dotted)?;
    let is_end = |c: char| matches!(c, '.' | ':' | '/' | '=');
    // `Bu'ang`, `Pak-pahan`, and `Bu` and `di` with something between that nobody sees: the title is a word of its own.
    let is_ended = behind.starts_with(|c: char| c.is_whitespace() || is_end(c));
    let rest = behind.trim_start_matches(|c: char| is_blank(c) || is_end(c));
    (is_ended && rest.starts_with(char::is_alphabetic)).then_some(rest)
}

/// Whether thanks that may be a name stand at the end of one: only a form of address behind them shows that they are thanks.
pub(crate) fn is_thanked(thanks: &str, behind: &str) -> bool {
    let address = words(behind).next();
    !may_be_name(thanks) || address.is_some_and(|word| is_filler(behind) && !may_be_name(word))
}

/// Whether thanks behind an address that may be a name of a street stand apart from it: behind a number, a comma or a line.
pub(crate) fn is_apart(front: &str, gap: &str) -> bool {
    gap.contains([',', '\n']) || front.ends_with(|c: char| c.is_numeric())
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
}
