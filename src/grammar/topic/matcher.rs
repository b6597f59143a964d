//! Looks for the topics' phrases in the sentences of a message.

use chrono::NaiveDate;

use super::file::LEXICON;
use super::language;
use super::lexicon::{Counts, Group, Lexicon, Phrase, Shows};
use super::name::{About, Language, Topic, Topics};
use super::sentence::{Sentence, split, without_days};
use super::spelling::folded;
use crate::grammar::language::politeness::after_greeting;

/// Words that say something else between the words of a phrase, at most: with more, they belong to different thoughts.
const GAP_MAX: usize = 3;
/// Words of the longest sentence that asks by naming a thing and nothing else: `biaya paspor`.
const BARE_WORDS_MAX: usize = 7;

/// A phrase found in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) topic: Topic,
    pub(super) counts: Counts,
    /// The words it consists of, one bit for each.
    words: u64,
    /// The first of them.
    pub(super) first: usize,
}

/// What the whole message asks about, sent on a date.
pub(in crate::grammar) fn topics(text: &str, sent_on: NaiveDate) -> Topics {
    // `Sore, ...` greets, and names no half of the day.
    let behind = after_greeting(text);
    let sentences = split(behind, sent_on);
    let language = language::of(text, (behind, &sentences));
    Topics { asked: asked(&sentences), language }
}

/// The language that a message is written in.
pub(in crate::grammar) fn language_of(text: &str) -> Language {
    let behind = after_greeting(text);
    language::of(text, (behind, &without_days(behind)))
}

/// Whether this is a word of the topics as it stands there, without regard to what it asks: `whatsapp`, `keluarga`.
pub(in crate::grammar) fn is_word(text: &str) -> bool {
    let word = folded(text);
    let is_foreign = |shows: &Shows| matches!(shows, Shows::English | Shows::Malay);
    LEXICON.spellings.exact(&word).is_some() || LEXICON.languages.get(&*word).is_some_and(is_foreign)
}

/// The topics of these sentences, each once, in their order.
pub(super) fn asked(sentences: &[Sentence]) -> Vec<About> {
    let mut found: Vec<(usize, Hit)> = Vec::new();
    let mut is_announced = false;
    for (at, sentence) in sentences.iter().enumerate() {
        found.extend(hits(sentence, is_announced).into_iter().map(|hit| (at, hit)));
        is_announced |= sentence.announces();
    }
    if found.iter().any(|(_, hit)| hit.counts != Counts::Alone) {
        found.retain(|(_, hit)| hit.counts != Counts::Alone);
    }
    found.sort_by_key(|(at, hit)| (*at, hit.first));
    let mut asked: Vec<About> = Vec::new();
    for (at, hit) in &found {
        if asked.iter().any(|about| about.topic == hit.topic) {
            continue;
        }
        let mut about = About { topic: hit.topic, days: Vec::new(), hour: None, session: None };
        if hit.topic.is_dated() {
            // `Masih ada kuota? Besok.`: a sentence that asks nothing itself may name the day.
            let is_silent = |other: &usize| !found.iter().any(|(at, _)| at == other);
            let beside = (at + 1..sentences.len()).filter(is_silent).filter_map(|at| sentences.get(at));
            let own = sentences.get(*at);
            let days = own.into_iter().chain(beside.clone()).map(|sentence| sentence.when.all_days());
            about.days = days.into_iter().find(|days| !days.is_empty()).unwrap_or_default();
            let mut whens = own.into_iter().chain(beside).map(|sentence| &sentence.when);
            about.hour = whens.clone().find_map(|when| when.hour.as_ref().map(|(_, hour)| *hour));
            about.session = whens.find_map(|when| when.session);
        }
        asked.push(about);
    }
    asked
}

/// The phrases that count in a sentence.
pub(super) fn hits(sentence: &Sentence, is_announced: bool) -> Vec<Hit> {
    let lexicon = &*LEXICON;
    let places = places(lexicon, sentence);
    let mut hits: Vec<Hit> = Vec::new();
    for (place, (_, group)) in places.iter().enumerate() {
        if places.iter().take(place).any(|(_, tried)| tried == group) {
            continue;
        }
        let phrases = lexicon.by_group.get(usize::from(*group)).into_iter().flatten();
        let phrases = phrases.filter_map(|at| lexicon.phrases.get(*at));
        hits.extend(phrases.filter_map(|phrase| find(sentence, &places, phrase, *group)));
    }
    if hits.is_empty() {
        return hits;
    }
    let is_asked = is_asked(sentence, is_announced);
    let never: Vec<Topic> = hits.iter().filter(|hit| hit.counts == Counts::Never).map(|hit| hit.topic).collect();
    // A word alone is no wish: `daftar` does not count in talk.
    let counts =
        |hit: &Hit| is_asked || hit.counts == Counts::Said || hit.counts == Counts::Alone && hit.words.count_ones() > 1;
    hits.retain(|hit| hit.counts != Counts::Never && !never.contains(&hit.topic) && counts(hit));
    // What is a part of a longer phrase means what that one means.
    let all = hits.clone();
    let is_part = |hit: &Hit| {
        all.iter()
            .any(|other| other.topic != hit.topic && other.words != hit.words && other.words & hit.words == hit.words)
    };
    hits.retain(|hit| !is_part(hit));
    hits
}

/// Whether a sentence asks something: by its words, because that was announced, or since it names a thing and nothing else.
fn is_asked(sentence: &Sentence, is_announced: bool) -> bool {
    if sentence.asks() {
        return true;
    }
    let is_bare = || sentence.unknown() == 0 && sentence.said() <= BARE_WORDS_MAX && !sentence.tells();
    !sentence.thanks() && (sentence.announces() || is_announced || is_bare())
}

/// Which groups stand at which words; a day and an hour besides the groups of their words.
fn places(lexicon: &Lexicon, sentence: &Sentence) -> Vec<(usize, Group)> {
    let words = sentence.words.iter().enumerate().filter_map(|(at, word)| Some((at, word.group?)));
    let days = sentence.when.days.iter().map(|(words, _)| (words.start, lexicon.day));
    let hour = sentence.when.hour.iter().map(|(words, _)| (words.start, lexicon.hour));
    words.chain(days).chain(hour).collect()
}

/// The bit of a word in a hit, by its place in the sentence.
fn bit_of(place: usize) -> Option<u64> {
    1_u64.checked_shl(u32::try_from(place).ok()?)
}

/// The phrase where one of its groups stands, its other words as near as they come.
fn find(sentence: &Sentence, places: &[(usize, Group)], phrase: &Phrase, key: Group) -> Option<Hit> {
    let keys = places.iter().filter(|(_, group)| *group == key).map(|(at, _)| *at);
    keys.into_iter().find_map(|at| {
        let nearest = |wanted: &Group| {
            let all = places.iter().filter(|(_, group)| group == wanted).map(|(at, _)| *at);
            // Of two as near, the one behind: `bayar berapa, jadi berapa lama`.
            all.min_by_key(|place| (place.abs_diff(at), *place < at))
        };
        let words = phrase.groups.iter().try_fold(0_u64, |words, wanted| Some(words | bit_of(nearest(wanted)?)?))?;
        let (first, last) = (words.trailing_zeros() as usize, words.checked_ilog2()? as usize);
        let between = sentence.words.get(first..=last)?.iter().enumerate().filter(|(behind, word)| {
            let at = first + behind;
            !word.marks.is_noise && bit_of(at).is_none_or(|bit| words & bit == 0) && !sentence.when.holds(at)
        });
        let hit = Hit { topic: phrase.topic, counts: phrase.counts, words, first };
        (between.count() <= GAP_MAX).then_some(hit)
    })
}
