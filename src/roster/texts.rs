//! `[texts.id]` and `[texts.en]` of an office file as they are written.

use std::collections::BTreeMap;

use crate::grammar::Topic;
use crate::sheet::{Entry, Spot, Table, line};

/// Longest other sentence of an office's own: a requirement, who is excluded, why it is closed.
pub(super) const SENTENCE_CHARS_MAX: usize = 300;
/// Longest sentence about what to bring: it stands in the confirmation too.
const BRING_CHARS_MAX: usize = 200;

pub(super) const TEXT_KEYS: [&str; 5] = ["requirements", "bring", "excluded", "official", "topics"];

/// `[texts.id]` or `[texts.en]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct TextsDraft {
    pub(super) requirements: Entry<Vec<Spot<String>>>,
    pub(super) bring: Entry<String>,
    pub(super) excluded: Entry<String>,
    pub(super) official: Entry<String>,
    /// By the names of the topics.
    pub(super) topics: BTreeMap<&'static str, Entry<String>>,
}

impl TextsDraft {
    fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&TEXT_KEYS);
        Self {
            requirements: table.take_list("requirements", |value| line(value, SENTENCE_CHARS_MAX)),
            bring: table.take("bring", |value| line(value, BRING_CHARS_MAX)),
            excluded: table.take("excluded", |value| line(value, SENTENCE_CHARS_MAX)),
            official: table.take("official", |value| line(value, SENTENCE_CHARS_MAX)),
            topics: table.table("topics").map(topics).unwrap_or_default(),
        }
    }

    /// Merges this part with its base: what this file says wins.
    pub(super) fn over(self, mut base: Self) -> Self {
        let mut topics = self.topics;
        for (name, entry) in std::mem::take(&mut base.topics) {
            let own = topics.remove(name).unwrap_or_default();
            topics.insert(name, own.or(entry));
        }
        Self {
            official: self.official.or(base.official),
            topics,
            requirements: self.requirements.or(base.requirements),
            bring: self.bring.or(base.bring),
            excluded: self.excluded.or(base.excluded),
        }
    }
}

/// Reads the texts in both languages, noting every mistake.
pub(super) fn both_texts(top: &mut Table<'_, '_>) -> (TextsDraft, TextsDraft) {
    let Some(mut both) = top.table("texts") else {
        return Default::default();
    };
    both.refuse_unknown(&["id", "en"]);
    (
        both.table("id").map(TextsDraft::read).unwrap_or_default(),
        both.table("en").map(TextsDraft::read).unwrap_or_default(),
    )
}

fn topics(mut table: Table<'_, '_>) -> BTreeMap<&'static str, Entry<String>> {
    let names = Topic::ALL.map(Topic::name);
    table.refuse_unknown(&names);
    names.into_iter().map(|name| (name, table.take(name, |value| line(value, SENTENCE_CHARS_MAX)))).collect()
}
