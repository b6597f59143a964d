//! Splits a message into sentences and words, and finds what each word means.

use std::ops::Range;

use chrono::NaiveDate;

use super::file::LEXICON;
use super::lexicon::{Group, Lexicon, Marks};
use super::spelling::{WORD_CHARS_MAX, folded, folded_in};
use super::when::{self, When};
use super::word::Word;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{is_hash, is_letter_or_digit};

/// Words of a message that are looked at: more is a letter, and what it asks stands at its beginning.
pub(super) const WORDS_MAX: usize = 64;

/// Words of nearly every sentence: room for them is asked for once.
const WORDS_USUAL: usize = 12;

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Where in the message, in bytes, with the mark that ends it.
    pub(super) at: Range<usize>,
    pub(super) words: Vec<Word>,
    /// Whether a question mark ends it.
    pub(super) is_marked: bool,
    /// The days and hours that it names.
    pub(super) when: When,
}

impl Sentence {
    fn counted(&self) -> impl DoubleEndedIterator<Item = &Word> {
        self.words.iter().filter(|word| !word.marks.is_noise)
    }

    /// Whether its words or its mark say that something is asked.
    pub(super) fn asks(&self) -> bool {
        self.is_marked
            || self.words.iter().any(|word| word.marks.asks)
            || self.counted().next().is_some_and(|word| word.marks.asks_in_front)
            || self.counted().next_back().is_some_and(|word| word.marks.asks_at_end)
    }

    /// Whether it says that something will be asked.
    pub(super) fn announces(&self) -> bool {
        self.words.iter().any(|word| word.marks.announces)
    }

    /// Whether it says thank you.
    pub(super) fn thanks(&self) -> bool {
        self.words.iter().any(|word| word.thanks)
    }

    /// Whether a word of it tells something.
    pub(super) fn tells(&self) -> bool {
        self.words.iter().any(|word| word.marks.tells)
    }

    /// Words that are not known, and belong to no day and no hour.
    pub(super) fn unknown(&self) -> usize {
        let is_unknown = |(at, word): &(usize, &Word)| word.is_unknown() && !self.when.holds(*at);
        self.words.iter().enumerate().filter(is_unknown).count()
    }

    /// Words that say something.
    pub(super) fn said(&self) -> usize {
        self.counted().count()
    }
}

/// Whether a character ends a sentence; a dot does not inside a number or a word.
fn ends(text: &str, at: usize, c: char) -> bool {
    match c {
        '?' | '？' | '؟' | '❓' | '❔' | '!' | '\n' | ';' | '…' => true,
        '.' => text.get(at + 1..).is_none_or(|rest| !rest.starts_with(is_letter_or_digit)),
        c => is_hash(c),
    }
}

fn is_question_mark(c: char) -> bool {
    matches!(c, '?' | '？' | '؟' | '❓' | '❔')
}

/// Where a word ends: at the end of its letters, or of its digits.
fn word_end(text: &str) -> usize {
    let is_number = text.starts_with(char::is_numeric);
    // Nearly every word is of ASCII letters, or of digits, and ends at a blank or a mark.
    let bytes = text.as_bytes();
    let same = |byte: &&u8| if is_number { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
    let front = bytes.iter().take_while(same).count();
    if bytes.get(front).is_none_or(|next| next.is_ascii() && !matches!(next, b'\'')) {
        return front;
    }
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let is_apostrophe = matches!(c, '\'' | '’') && !is_number && rest.starts_with(char::is_alphabetic);
        if !is_apostrophe && (!is_letter_or_digit(c) || c.is_numeric() != is_number) {
            return at;
        }
    }
    text.len()
}

/// The message's sentences with the days and hours that they name; those without words are left out. In a message without a word
/// that may name a topic days are not looked for: no phrase consists of days alone.
pub(super) fn split(text: &str, sent_on: NaiveDate) -> Vec<Sentence> {
    let mut sentences = without_days(text);
    if has_topic_word(&sentences) {
        for sentence in &mut sentences {
            sentence.when = when::read(text, &sentence.words, sent_on);
        }
    }
    sentences
}

/// Whether any word of these sentences may name a topic.
pub(super) fn has_topic_word(sentences: &[Sentence]) -> bool {
    sentences.iter().flat_map(|sentence| &sentence.words).any(|word| word.group.is_some() && !word.marks.is_noise)
}

/// The message's sentences, in which no day has been looked for.
pub(super) fn without_days(text: &str) -> Vec<Sentence> {
    let lexicon = &*LEXICON;
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    let (mut at, mut count) = (0, 0);
    let mut letters = String::new();
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        if is_letter_or_digit(c) && count < WORDS_MAX {
            let word = word(lexicon, text, at, &mut letters);
            at = word.at.end.max(next);
            // `syarat2`: the word twice.
            let is_doubled = word.number.is_none()
                && text
                    .get(at..)
                    .and_then(|rest| rest.strip_prefix('2'))
                    .is_some_and(|rest| !rest.starts_with(is_letter_or_digit));
            at += usize::from(is_doubled);
            if sentence.words.is_empty() {
                sentence.words.reserve(WORDS_USUAL);
            }
            sentence.words.push(word);
            count += 1;
            continue;
        }
        if ends(text, at, c) {
            sentence.is_marked |= is_question_mark(c);
            // A mark in front of a word belongs to what follows.
            sentence.at.end = if is_hash(c) { at } else { next };
            close(&mut sentence, &mut sentences);
            sentence.at = (if is_hash(c) { at } else { next })..next;
        }
        at = next;
    }
    sentence.at.end = text.len();
    close(&mut sentence, &mut sentences);
    sentences
}

/// Ends a sentence; marks without words belong to the one before.
fn close(sentence: &mut Sentence, sentences: &mut Vec<Sentence>) {
    let done = std::mem::take(sentence);
    if done.words.is_empty() {
        if let Some(last) = sentences.last_mut().filter(|_| done.is_marked) {
            last.is_marked = true;
            last.at.end = done.at.end;
        }
        return;
    }
    sentences.push(done);
}

/// The word that begins at a place; `letters` is room for the word in small letters.
fn word(lexicon: &Lexicon, text: &str, at: usize, letters: &mut String) -> Word {
    let rest = text.get(at..).unwrap_or_default();
    let end = word_end(rest);
    let written = rest.get(..end).unwrap_or_default();
    let number = written.parse().ok();
    let nothing = Word { at: at..at + end, group: None, marks: Marks::default(), thanks: false, number };
    if number.is_some() || written.len() > WORD_CHARS_MAX && written.chars().nth(WORD_CHARS_MAX).is_some() {
        return nothing;
    }
    let folded = folded_in(written, letters);
    if let Some(&most) = lexicon.joined.get(folded)
        && let Some((group, end)) = joined(lexicon, rest, folded, most)
    {
        return Word { at: at..at + end, group: Some(group), marks: lexicon.marks(group), ..nothing };
    }
    let thanks = WORDS.gratitude.front(rest).is_some();
    let polite = [&WORDS.thanks, &WORDS.fillers].into_iter().filter_map(|words| Some(words.front(rest)?.1.len()));
    let greeting = WORDS.greetings.front(rest).map(|(_, behind)| behind.len());
    let polite = polite.chain(greeting).min().map(|behind| rest.len() - behind);
    let noise =
        |end| Word { at: at..at + end, marks: Marks { is_noise: true, ..Marks::default() }, thanks, ..nothing.clone() };
    if let Some(end) = polite.filter(|polite| *polite > end) {
        return noise(end);
    }
    let front = folded.get(..folded.floor_char_boundary(WORD_CHARS_MAX)).unwrap_or_default();
    match lexicon.spellings.read(front) {
        Some(meant) => {
            let marks = lexicon.marks(meant.group);
            Word {
                group: Some(meant.group),
                marks: Marks { asks: marks.asks || meant.asks, ..marks },
                thanks,
                ..nothing
            }
        }
        None => polite.map_or(nothing.clone(), noise),
    }
}

/// The longest entry of several words that opens a text, and where it ends.
fn joined(lexicon: &Lexicon, rest: &str, first: &str, most: usize) -> Option<(Group, usize)> {
    let mut joined = first.to_owned();
    let mut end = word_end(rest);
    let mut found = None;
    for _ in 1..most {
        let behind = rest.get(end..)?;
        let start = behind.find(is_letter_or_digit).filter(|start| {
            behind.get(..*start).is_some_and(|gap| gap.chars().all(|c| matches!(c, ' ' | '-' | '/' | ',' | '\u{a0}')))
        });
        let Some(start) = start else { break };
        let word = behind.get(start..)?;
        let length = word_end(word);
        joined += &folded(word.get(..length)?);
        end += start + length;
        found = lexicon.spellings.exact(&joined).map(|group| (group, end)).or(found);
    }
    found
}
