//! A word before a form that is nearly one of the office's keywords: repaired where it can only be this keyword, refused where
//! it may be another word.

use crate::grammar::format::Format;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::segment::{Segments, has_shape};
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::note::{Note, NoteKind};
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::words::folded;
use crate::sheet::within;

/// From this length on a keyword may hold one typo, two, or stand in front of a name without a mark: in shorter ones a typo
/// makes a name (`Ulan` of `ULANG`).
const ONE_SLIP_CHARS: usize = 5;
const TWO_SLIPS_CHARS: usize = 8;
const BEFORE_NAME_CHARS: usize = 7;
/// Longest word that is compared: the longest keyword and its typos.
const WORD_CHARS_MAX: usize = 24;

/// A word that is nearly a keyword.
pub(crate) enum Near<'m> {
    /// It can only be this one; what is left are the form's pieces.
    Keyword(Keyword, Note, Vec<&'m str>),
    /// It is a word of its own too, such as `PASSPORT` where `E-PASSPORT` is a keyword.
    AnotherWord(&'m str),
}

/// What the word in front of the pieces nearly is, where it is no keyword and what follows it is a whole form.
pub(crate) fn near<'m>(formats: &[&Format], opened: &Segments<'m>) -> Option<Near<'m>> {
    let is_own = |keyword: &Keyword| formats.iter().any(|format| format.keyword() == Some(*keyword));
    if opened.keywords.iter().any(|(keyword, _)| is_own(keyword)) {
        return None;
    }
    candidates(opened).into_iter().flatten().find_map(|Candidate { word, after, rest, chars_min }| {
        let is_near = |format: &Format| format.keyword().is_some_and(|keyword| is_near(word, keyword, chars_min));
        let near: Vec<&Format> = formats.iter().copied().filter(|format| is_near(format)).collect();
        // Hardly any word gets past this line.
        let pieces = || after.into_iter().chain(rest.iter().copied()).collect::<Vec<_>>();
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
pub(crate) fn left_out<'f>(formats: &[&'f Format], opened: &Segments<'_>) -> Option<&'f Format> {
    let mut fitting = formats.iter().filter(|format| has_shape(format, format.separator().mark(), &opened.pieces));
    let (format, None) = (fitting.next()?, fitting.next()) else { return None };
    (opened.talk.is_none() && opened.keywords.is_empty()).then_some(*format)
}

/// A word that may have been meant as a keyword.
struct Candidate<'o, 'm> {
    word: &'m str,
    /// What stands after it in its own piece.
    after: Option<&'m str>,
    /// The other pieces.
    rest: &'o [&'m str],
    /// How long such a keyword is at least.
    chars_min: usize,
}

/// The words that may have been meant as a keyword.
fn candidates<'o, 'm>(opened: &'o Segments<'m>) -> [Option<Candidate<'o, 'm>>; 3] {
    let all = opened.pieces.as_slice();
    let taken = opened.talk.map(|word| Candidate { word, after: None, rest: all, chars_min: ONE_SLIP_CHARS });
    let (first, rest) = all.split_first().map_or(("", all), |(first, rest)| (*first, rest));
    let alone = Candidate { word: first, after: None, rest, chars_min: ONE_SLIP_CHARS };
    let in_front = first.split_once(is_blank).map(|(word, name)| {
        let after = Some(name.trim_start_matches(is_blank));
        Candidate { word, after, rest, chars_min: BEFORE_NAME_CHARS }
    });
    [taken, Some(alone), in_front]
}

/// Whether few typos make one of the keyword's spellings of the word.
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
