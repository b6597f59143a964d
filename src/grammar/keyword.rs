//! A word in front of a form that is nearly a keyword of the office's own: mended where only one can be meant, and named
//! where it may as well be another word.

use super::cut::{Opened, has_shape};
use super::format::Format;
use super::pieces::is_blank;
use super::request::{Note, NoteKind};
use super::vocabulary::{Keyword, WORDS};
use super::words::folded;
use crate::sheet::distance;

/// From this length on a keyword may hold one slip, two, or stand in front of a name without a mark: in shorter ones a slip
/// makes a name (`Ulan` of `ULANG`).
const ONE_SLIP_CHARS: usize = 5;
const TWO_SLIPS_CHARS: usize = 8;
const BEFORE_NAME_CHARS: usize = 7;
/// Longest word that is compared: the longest keyword and its slips.
const WORD_CHARS_MAX: usize = 24;

/// A word that is nearly a keyword.
pub(super) enum Near<'m> {
    /// It can only be this one; what is left are the form's pieces.
    Keyword(Keyword, Note, Vec<&'m str>),
    /// It is a word of its own too, such as `PASSPORT` where `E-PASSPORT` is a keyword.
    AnotherWord(&'m str),
}

/// What the word in front of the pieces nearly is, where it is no keyword and what follows it is a whole form.
pub(super) fn near<'m>(formats: &[&Format], opened: &Opened<'m>) -> Option<Near<'m>> {
    let is_own = |keyword: &Keyword| formats.iter().any(|format| format.keyword() == Some(*keyword));
    if opened.keywords.iter().any(|(keyword, _)| is_own(keyword)) {
        return None;
    }
    candidates(opened).find_map(|(word, pieces, chars_min)| {
        let mut meant = formats.iter().filter(|format| {
            let near = format.keyword().is_some_and(|keyword| is_near(word, keyword, chars_min));
            near && has_shape(format, format.separator().mark(), &pieces)
        });
        let format = meant.next()?;
        let keyword = format.keyword()?;
        if WORDS.chat.get(word).is_some() || meant.any(|other| other.keyword() != Some(keyword)) {
            return Some(Near::AnotherWord(word));
        }
        let to = format.keyword_printed().unwrap_or_default().to_owned();
        let note = Note { kind: NoteKind::Keyword, field: None, person: None, from: word.to_owned(), to };
        Some(Near::Keyword(keyword, note, pieces))
    })
}

/// The one format of which the pieces are a form without its keyword, where no keyword is written.
pub(super) fn left_out<'f>(formats: &[&'f Format], opened: &Opened<'_>) -> Option<&'f Format> {
    let mut fitting = formats.iter().filter(|format| has_shape(format, format.separator().mark(), &opened.pieces));
    let (format, None) = (fitting.next()?, fitting.next()) else { return None };
    (opened.talk.is_none() && opened.keywords.is_empty()).then_some(*format)
}

/// The words that may have been meant as a keyword, what is left behind each, and how long such a keyword is at least.
fn candidates<'m>(opened: &Opened<'m>) -> impl Iterator<Item = (&'m str, Vec<&'m str>, usize)> {
    let taken = opened.talk.map(|word| (word, opened.pieces.clone(), ONE_SLIP_CHARS));
    let (first, behind) = opened.pieces.split_first().map_or(("", &[][..]), |(first, behind)| (*first, behind));
    let alone = (first, behind.to_vec(), ONE_SLIP_CHARS);
    let in_front = first.split_once(is_blank).map(|(word, name)| {
        let pieces = std::iter::once(name.trim_start_matches(is_blank)).chain(behind.iter().copied());
        (word, pieces.collect(), BEFORE_NAME_CHARS)
    });
    taken.into_iter().chain([alone]).chain(in_front)
}

/// Whether few slips make one of the keyword's spellings of the word.
fn is_near(word: &str, keyword: Keyword, chars_min: usize) -> bool {
    if word.chars().count() > WORD_CHARS_MAX {
        return false;
    }
    let word: String = folded(word).collect();
    let spellings = WORDS.keywords.entries().filter(|(_, meaning)| *meaning == keyword).map(|(spelling, _)| spelling);
    spellings.into_iter().any(|spelling| {
        let chars = spelling.chars().count();
        let slips_max = if chars < TWO_SLIPS_CHARS { 1 } else { 2 };
        chars >= chars_min && word.chars().count() >= ONE_SLIP_CHARS && distance(&word, spelling) <= slips_max
    })
}
