//! A word in front of a form that is nearly a keyword of the office's own: mended where only one can be meant, and named
//! where it may as well be another word.

use crate::grammar::format::Format;
use crate::grammar::language::vocabulary::{Keyword, WORDS};
use crate::grammar::reader::segment::{Opened, has_shape};
use crate::grammar::request::{Note, NoteKind};
use crate::grammar::text::pieces::is_blank;
use crate::grammar::text::words::folded;
use crate::sheet::within;

/// From this length on a keyword may hold one slip, two, or stand in front of a name without a mark: in shorter ones a slip
/// makes a name (`Ulan` of `ULANG`).
const ONE_SLIP_CHARS: usize = 5;
const TWO_SLIPS_CHARS: usize = 8;
const BEFORE_NAME_CHARS: usize = 7;
/// Longest word that is compared: the longest keyword and its slips.
const WORD_CHARS_MAX: usize = 24;

/// A word that is nearly a keyword.
pub(crate) enum Near<'m> {
    /// It can only be this one; what is left are the form's pieces.
    Keyword(Keyword, Note, Vec<&'m str>),
    /// It is a word of its own too, such as `PASSPORT` where `E-PASSPORT` is a keyword.
    AnotherWord(&'m str),
}

/// What the word in front of the pieces nearly is, where it is no keyword and what follows it is a whole form.
pub(crate) fn near<'m>(formats: &[&Format], opened: &Opened<'m>) -> Option<Near<'m>> {
    let is_own = |keyword: &Keyword| formats.iter().any(|format| format.keyword() == Some(*keyword));
    if opened.keywords.iter().any(|(keyword, _)| is_own(keyword)) {
        return None;
    }
    candidates(opened).into_iter().flatten().find_map(|Candidate { word, behind, rest, chars_min }| {
        let is_near = |format: &Format| format.keyword().is_some_and(|keyword| is_near(word, keyword, chars_min));
        let near: Vec<&Format> = formats.iter().copied().filter(|format| is_near(format)).collect();
        // Nearly no word comes further.
        let pieces = || behind.into_iter().chain(rest.iter().copied()).collect::<Vec<_>>();
        let pieces = if near.is_empty() { return None } else { pieces() };
        let mut meant = near.iter().filter(|format| has_shape(format, format.separator().mark(), &pieces));
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
pub(crate) fn left_out<'f>(formats: &[&'f Format], opened: &Opened<'_>) -> Option<&'f Format> {
    let mut fitting = formats.iter().filter(|format| has_shape(format, format.separator().mark(), &opened.pieces));
    let (format, None) = (fitting.next()?, fitting.next()) else { return None };
    (opened.talk.is_none() && opened.keywords.is_empty()).then_some(*format)
}

/// A word that may have been meant as a keyword.
struct Candidate<'o, 'm> {
    word: &'m str,
    /// What stands behind it in its own piece.
    behind: Option<&'m str>,
    /// The other pieces.
    rest: &'o [&'m str],
    /// How long such a keyword is at least.
    chars_min: usize,
}

/// The words that may have been meant as a keyword.
fn candidates<'o, 'm>(opened: &'o Opened<'m>) -> [Option<Candidate<'o, 'm>>; 3] {
    let all = opened.pieces.as_slice();
    let taken = opened.talk.map(|word| Candidate { word, behind: None, rest: all, chars_min: ONE_SLIP_CHARS });
    let (first, rest) = all.split_first().map_or(("", all), |(first, rest)| (*first, rest));
    let alone = Candidate { word: first, behind: None, rest, chars_min: ONE_SLIP_CHARS };
    let in_front = first.split_once(is_blank).map(|(word, name)| {
        let behind = Some(name.trim_start_matches(is_blank));
        Candidate { word, behind, rest, chars_min: BEFORE_NAME_CHARS }
    });
    [taken, Some(alone), in_front]
}

/// Whether few slips make one of the keyword's spellings of the word.
fn is_near(word: &str, keyword: Keyword, chars_min: usize) -> bool {
    if !(ONE_SLIP_CHARS..=WORD_CHARS_MAX).contains(&word.chars().count()) {
        return false;
    }
    let word: String = folded(word).collect();
    let spellings = WORDS.keywords.entries().filter(|(_, meaning)| *meaning == keyword).map(|(spelling, _)| spelling);
    spellings.into_iter().any(|spelling| {
        let chars = spelling.chars().count();
        let slips_max = if chars < TWO_SLIPS_CHARS { 1 } else { 2 };
        chars >= chars_min && word.chars().count() >= ONE_SLIP_CHARS && within(&word, spelling, slips_max).is_some()
    })
}
