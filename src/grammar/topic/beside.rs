//! Questions beside something else: a form, a code. They are cut out by their place, so that what is left can be read alone.

use std::ops::Range;

use chrono::NaiveDate;

use super::file::LEXICON;
use super::language;
use super::lexicon::Counts;
use super::matcher::{self, Hit};
use super::name::{About, Topic, Topics};
use super::sentence::{Sentence, has_topic_word, split};
use super::spelling::folded;
use super::when::{self, When};
use super::word::Word;
use crate::grammar::language::labels::is_labelled;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{is_hash, is_letter_or_digit};

/// Digits of the shortest number that is a form's value and no part of a question.
const VALUE_DIGITS_MIN: usize = 5;
/// Of so many words of a question one may be unknown.
const WORDS_PER_UNKNOWN: usize = 3;
/// Words at the end of a message among which one that asks is looked for.
const LAST_WORDS: usize = 4;

/// The questions beside something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::grammar) struct Beside {
    pub(in crate::grammar) topics: Topics,
    /// The message with blanks in place of the questions, as many as they have characters; `None` where none was cut out.
    pub(in crate::grammar) rest: Option<String>,
    /// Whether a question names a day: cut out, it may have been a form's own.
    pub(in crate::grammar) names_day: bool,
}

/// Whether the message has a question mark, or one of its last words asks.
pub(in crate::grammar) fn may_ask(text: &str) -> bool {
    if text.contains(['?', '？', '؟', '❓', '❔']) {
        return true;
    }
    let words = text.rsplit(|c: char| !is_letter_or_digit(c)).filter(|word| !word.is_empty()).take(LAST_WORDS);
    words.into_iter().any(|word| {
        let group = LEXICON.spellings.exact(&folded(word));
        group.is_some_and(|group| LEXICON.marks(group).asks)
    })
}

/// A message's sentences, split once for whatever is looked for in them.
pub(in crate::grammar) struct Sentences<'t> {
    text: &'t str,
    sent_on: NaiveDate,
    all: Vec<Sentence>,
}

impl<'t> Sentences<'t> {
    /// The sentences of a message that was sent on a date.
    pub(in crate::grammar) fn of(text: &'t str, sent_on: NaiveDate) -> Self {
        Self { text, sent_on, all: split(text, sent_on) }
    }

    /// What the whole message asks about.
    pub(in crate::grammar) fn topics(&self) -> Topics {
        if after_greeting(self.text).len() < self.text.len() {
            return matcher::topics(self.text, self.sent_on);
        }
        Topics { asked: matcher::asked(&self.all), language: language::of(self.text, (self.text, &self.all)) }
    }

    /// Whether any word may name a topic: without one nothing is asked.
    pub(in crate::grammar) fn has_topic_word(&self) -> bool {
        has_topic_word(&self.all)
    }

    /// The questions of a message that is something else besides; `None` where it has none.
    pub(in crate::grammar) fn questions(&self) -> Option<Beside> {
        questions(self.text, &self.all, self.sent_on)
    }

    /// Whether the whole message is one question, perhaps with a mark in front: `#biaya`.
    pub(in crate::grammar) fn is_whole(&self) -> bool {
        let bare = self.text.trim_matches(|c: char| !is_letter_or_digit(c));
        !bare.chars().any(is_hash)
            && WORDS.fields.front(self.text).is_none_or(|(_, behind)| !behind.starts_with(':'))
            && self.all.iter().all(|sentence| is_question(sentence, 0))
    }
}

fn questions(text: &str, sentences: &[Sentence], sent_on: NaiveDate) -> Option<Beside> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut asked: Vec<About> = Vec::new();
    let mut names_day = false;
    for sentence in sentences {
        let behind = behind_value(text, sentence, sent_on);
        let sentence = behind.as_ref().unwrap_or(sentence);
        let hits = matcher::hits(sentence, false);
        let written = text.get(sentence.at.clone()).unwrap_or_default();
        if hits.is_empty() || is_labelled(written.trim_start_matches(|c: char| !is_letter_or_digit(c))) {
            continue;
        }
        let topics = matcher::asked(std::slice::from_ref(sentence));
        if !(sentence.asks() || sentence.announces()) {
            let said = |about: &About| hits.iter().any(|hit| hit.topic == about.topic && hit.counts == Counts::Said);
            asked.extend(topics.into_iter().filter(|about| said(about)));
        } else if hits.iter().any(is_wish) && (behind.is_some() || sentence.when != When::default()) {
            // `07082017 jam 9 bisa?`, `kalau bisa hari kamis`: a day or an hour that is wished for is the form's.
        } else if is_question(sentence, 0) {
            cuts.push(sentence.at.clone());
            asked.extend(topics);
            names_day |= !sentence.when.days.is_empty();
        } else if let Some(start) = question_start(sentence, &hits) {
            // The comma between them belongs to the question.
            let front = text.get(..start).unwrap_or_default();
            let start = front.trim_end_matches([' ', ',', ';']).len();
            cuts.push(start..sentence.at.end);
            asked.extend(topics);
        }
    }
    let mut known: Vec<Topic> = Vec::new();
    asked.retain(|about| {
        let is_new = !known.contains(&about.topic);
        known.push(about.topic);
        is_new
    });
    if asked.is_empty() {
        return None;
    }
    let rest = (!cuts.is_empty()).then(|| without(text, &cuts));
    Some(Beside { topics: Topics { asked, language: language::of(text, (text, sentences)) }, rest, names_day })
}

/// Whether a form's own day or hour may be wished for by it.
fn is_wish(hit: &Hit) -> bool {
    matches!(hit.topic, Topic::FreeDays | Topic::FreeHours)
}

/// Whether the word is a number as forms have them.
fn is_value(word: &Word) -> bool {
    word.number.is_some() && word.at.len() >= VALUE_DIGITS_MIN
}

/// What stands behind the last value of a form in a sentence: `07082017 syaratnya apa?`.
fn behind_value(text: &str, sentence: &Sentence, sent_on: NaiveDate) -> Option<Sentence> {
    let last = sentence.words.iter().rposition(is_value)?;
    let words: Vec<Word> = sentence.words.get(last + 1..)?.to_vec();
    let start = words.first()?.at.start;
    let when = when::read(text, &words, sent_on);
    Some(Sentence { at: start..sentence.at.end, when, words, is_marked: sentence.is_marked })
}

/// Where the question at the end of a sentence begins that begins with something else: at its first word, with what asks or is
/// polite in front of it.
fn question_start(sentence: &Sentence, hits: &[Hit]) -> Option<usize> {
    if hits.iter().any(is_wish) {
        return None;
    }
    let mut first = hits.iter().map(|hit| hit.first).min()?;
    let leads = |word: &Word| word.number.is_none() && (word.marks.is_noise || word.marks.asks || word.marks.announces);
    while let Some(before) = first.checked_sub(1)
        && sentence.words.get(before).is_some_and(leads)
    {
        first = before;
    }
    let start = sentence.words.get(first).filter(|_| first > 0 && is_question(sentence, first))?;
    Some(start.at.start)
}

/// Whether the sentence from a word on is a question and nothing else: hardly a word that is not known, and no value of a form.
fn is_question(sentence: &Sentence, from: usize) -> bool {
    let words = || sentence.words.iter().enumerate().skip(from);
    let is_unknown = |(at, word): &(usize, &Word)| word.is_unknown() && !sentence.when.holds(*at);
    words().filter(is_unknown).count() * WORDS_PER_UNKNOWN <= words().count()
        && !words().any(|(_, word)| is_value(word))
}

/// The message with blanks in place of some stretches.
fn without(text: &str, cuts: &[Range<usize>]) -> String {
    let is_cut = |at: usize| cuts.iter().any(|cut| cut.contains(&at));
    text.char_indices().map(|(at, c)| if is_cut(at) && c != '\n' { ' ' } else { c }).collect()
}
