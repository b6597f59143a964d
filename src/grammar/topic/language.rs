//! The language of a message, by words that only one of them has.

use super::file::LEXICON;
use super::lexicon::Shows;
use super::name::Language;
use super::sentence::{Sentence, WORDS_MAX};
use super::spelling::folded;
use super::word::Word;
use crate::grammar::text::characters::is_letter_or_digit;

/// How much shows that a message is in Malay: one word of its own, or two that some Indonesians say as well.
const MALAY_SHOWN: usize = 2;

/// The language of a message; its sentences are those of the given part of it.
pub(super) fn of(message: &str, (text, sentences): (&str, &[Sentence])) -> Language {
    let shows = |word: &str| LEXICON.languages.get(&*folded(word)).copied();
    let (mut english, mut malay) = (0_usize, 0_usize);
    for word in
        message.split(|c: char| !is_letter_or_digit(c) && c != '\'').filter(|word| !word.is_empty()).take(WORDS_MAX)
    {
        match shows(word) {
            Some(Shows::English) => english += 1,
            Some(Shows::Malay) => malay += MALAY_SHOWN,
            Some(Shows::EitherMalay) => malay += 1,
            None => {}
        }
    }
    // Words that are known and not English are Indonesian, which Malay shares.
    let is_other = |word: &&Word| {
        let written = text.get(word.at.clone()).unwrap_or_default();
        let is_known = word.group.is_some() || word.marks.is_noise;
        is_known && !written.split_whitespace().any(|word| shows(word) == Some(Shows::English))
    };
    let other = || sentences.iter().flat_map(|sentence| &sentence.words).filter(is_other).count();
    if english > 0 && english >= other() {
        Language::English
    } else if malay >= MALAY_SHOWN {
        Language::Malay
    } else {
        Language::Indonesian
    }
}
