//! The language of a message, by words that only one of them has.

use super::file::LEXICON;
use super::name::Language;
use super::sentence::{Sentence, WORDS_MAX};
use super::spelling::folded;

/// How much shows that a message is in Malay: one word of its own, or two that some Indonesians say as well.
const MALAY_SHOWN: usize = 2;

/// The language of a message; its sentences are those of the given part of it.
pub(super) fn of(message: &str, (text, sentences): (&str, &[Sentence])) -> Language {
    let lexicon = &*LEXICON;
    let (mut english, mut malay, mut other) = (0_usize, 0_usize, 0_usize);
    for word in
        message.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).take(WORDS_MAX)
    {
        let word = folded(word);
        if lexicon.english.contains(&*word) {
            english += 1;
        } else if lexicon.malay.contains(&*word) {
            malay += MALAY_SHOWN;
        } else if lexicon.malay_too.contains(&*word) {
            malay += 1;
        }
    }
    // Words that are known and not English are Indonesian, which Malay shares.
    for word in
        sentences.iter().flat_map(|sentence| &sentence.words).filter(|word| word.group.is_some() || word.marks.is_noise)
    {
        let written = text.get(word.at.clone()).unwrap_or_default();
        let is_english = written.split_whitespace().any(|word| lexicon.english.contains(&*folded(word)));
        other += usize::from(!is_english);
    }
    if english > other || english > 0 && english == other {
        Language::English
    } else if malay >= MALAY_SHOWN {
        Language::Malay
    } else {
        Language::Indonesian
    }
}
