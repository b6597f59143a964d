//! Small talk, and words that give up a booking without the command.

use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::keyword::Keyword;
use crate::grammar::text::characters::{is_blank, is_hash};
use crate::grammar::text::peel::peel;
use crate::grammar::text::span::offset;

/// Whether the text is chat, or marks, and nothing that could be a name: every word of it is one of chat or politeness.
pub(crate) fn is_chat(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_habit = |word| matches!(WORDS.keywords.get(word), Some(Keyword::Habit(_)));
    words.all(|word| WORDS.chat.get(word).is_some() || is_filler(word) || is_habit(word))
}

/// Whether a text says no to what was asked, and nothing else: `tidak`, `jangan dulu deh min`, `no thanks`.
pub fn is_refusal(text: &str) -> bool {
    let words = [&WORDS.refusals, &WORDS.thanks, &WORDS.fillers];
    let trimmed = text.trim_matches(|c: char| !c.is_alphanumeric());
    trimmed.len() <= REFUSAL_BYTES_MAX && says_no(trimmed) && peel(&words, trimmed).trim_matches(is_mark).is_empty()
}

/// Whether this says that somebody comes, and nothing else besides politeness: `datang`, `ya saya akan datang besok`. A question does
/// not.
pub fn is_coming(text: &str) -> bool {
    let known = [&WORDS.coming, &WORDS.beside_coming, &WORDS.thanks, &WORDS.fillers];
    let trimmed = text.trim_matches(is_mark);
    let says_so = || words(trimmed).any(|word| WORDS.coming.get(word.trim_matches(is_mark)).is_some());
    trimmed.len() <= REFUSAL_BYTES_MAX
        && !text.contains(['?', '？'])
        && says_so()
        && peel(&known, trimmed).trim_matches(is_mark).is_empty()
}

/// Longest refusal, and longest word of coming, in bytes: more is talk.
const REFUSAL_BYTES_MAX: usize = 60;

/// Whether one of the words is a no: a `maaf deh` is none.
fn says_no(text: &str) -> bool {
    words(text).any(|word| WORDS.negations.get(word).is_some())
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The words of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| is_blank(c) || is_hash(c) || matches!(c, ',' | ';' | ':' | '(' | ')'))
        .filter(|word| !word.is_empty())
}

/// Where a text begins to give the booking up, or its day: `Budi gak jadi`.
pub(crate) fn giving_up(text: &str) -> Option<&str> {
    words(text).find(|word| {
        let rest = text.get(offset(text, word)..).unwrap_or(word);
        WORDS.about_cancel.front(rest).is_some() || WORDS.change_day.front(rest).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative controls, run: without `says_so`, `besok` and `min` count too; without the peeling, `tidak datang`.
    #[test]
    fn coming_is_said_by_a_word_for_it_and_nothing_else() {
        for text in [
            "datang",
            "Datang.",
            "#datang",
            "*datang*",
            "saya datang",
            "Ya saya akan datang besok pak",
            "insya Allah hadir",
            "siap, datang",
            "jadi datang min, terima kasih",
            "I will come",
            "yes, coming",
        ] {
            assert!(is_coming(text), "{text}");
        }
        for text in [
            "",
            "besok",
            "min",
            "ya",
            "tidak datang",
            "gak jadi datang",
            "bisa datang jam berapa?",
            "datang?",
            "datang jam 10",
            "Budi datang",
            "not coming",
            "batal datang",
        ] {
            assert!(!is_coming(text), "{text}");
        }
    }

    // Negative control: without `says_no`, `maaf deh` and `min` are refusals too.
    #[test]
    fn a_refusal_says_no_and_nothing_else() {
        for text in [
            "tidak",
            "Tidak.",
            "gak usah deh min",
            "jangan dulu",
            "ga mau ah",
            "ndak usah",
            "no",
            "No thanks!",
            "tidak, terima kasih",
        ] {
            assert!(is_refusal(text), "{text}");
        }
        for text in [
            "",
            "min",
            "maaf deh",
            "tidak jadi",
            "tidak bisa datang",
            "jangan Kayla, Siti saja",
            "ya",
            "no 5",
            "1",
            "tidak ada kode?",
        ] {
            assert!(!is_refusal(text), "{text}");
        }
    }
}
