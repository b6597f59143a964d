//! The words and phrases of `grammar/topics.toml`, ready to be looked up. [`super::file`] reads the file.

use super::name::Topic;
use super::spelling::{Spellings, WordMap};

/// The number of a group of words that mean the same.
pub(super) type Group = u16;

/// What a word says about its sentence besides its meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list of the file, and a word may stand in several")]
pub(super) struct Marks {
    /// It says nothing: politeness, particles, pronouns.
    pub(super) is_noise: bool,
    /// It asks wherever it stands: `berapa`.
    pub(super) asks: bool,
    /// It asks at the beginning of a sentence: `bisa`.
    pub(super) asks_in_front: bool,
    /// It asks at the end of a sentence: `tidak`.
    pub(super) asks_at_end: bool,
    /// It says that something will be asked: `mau tanya`.
    pub(super) announces: bool,
    /// A sentence with it tells something: `sudah`.
    pub(super) tells: bool,
    /// It is none of the topics' words, and no slip in one.
    pub(super) is_other: bool,
    /// A number behind it is a day of the month: `cek 14`.
    pub(super) precedes_day: bool,
}

/// When a phrase counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Counts {
    /// Where its sentence asks something.
    Asked,
    /// Wherever it stands.
    Said,
    /// Wherever it stands in a message that asks about no other topic.
    Alone,
    /// Never: with it in a sentence its topic does not count there.
    Never,
}

/// What a word shows of the language it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    English,
    Malay,
    /// Malay or Indonesian.
    EitherMalay,
}

/// Words that together mean a topic, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) topic: Topic,
    /// Each group once.
    pub(super) groups: Vec<Group>,
    pub(super) counts: Counts,
}

/// All that the file says.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub(super) spellings: Spellings,
    /// For the first word of an entry of several words, how many words the longest such entry has.
    pub(super) joined: WordMap<usize>,
    /// By group.
    pub(super) marks: Vec<Marks>,
    pub(super) phrases: Vec<Phrase>,
    /// By group, the phrases that are looked for where it stands: each under the group that fewest phrases have.
    pub(super) by_group: Vec<Vec<usize>>,
    /// Stands for a day in phrases.
    pub(super) day: Group,
    /// Stands for an hour in phrases.
    pub(super) hour: Group,
    /// Words that show the language of a message.
    pub(super) languages: WordMap<Shows>,
}

impl Lexicon {
    /// The marks of a group.
    pub(super) fn marks(&self, group: Group) -> Marks {
        self.marks.get(usize::from(group)).copied().unwrap_or_default()
    }

    /// Files each phrase under the group that fewest phrases have.
    pub(super) fn index(&mut self) {
        let mut times = vec![0_usize; self.marks.len()];
        for group in self.phrases.iter().flat_map(|phrase| &phrase.groups) {
            if let Some(times) = times.get_mut(usize::from(*group)) {
                *times += 1;
            }
        }
        self.by_group = vec![Vec::new(); self.marks.len()];
        for (at, phrase) in self.phrases.iter().enumerate() {
            let rarest = phrase.groups.iter().min_by_key(|group| times.get(usize::from(**group)));
            if let Some(phrases) = rarest.and_then(|group| self.by_group.get_mut(usize::from(*group))) {
                phrases.push(at);
            }
        }
    }
}
