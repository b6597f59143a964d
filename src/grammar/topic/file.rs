//! Reads `grammar/topics.toml`; every mistake is told with its place and what to do.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use miette::NamedSource;

use crate::sheet::{Entry, Place, Problem, Source, Spot, Table, document, line, nearest};

use super::lexicon::{Counts, Group, Lexicon, Marks, Phrase, Shows};
use super::name::Topic;
use super::spelling::folded;

/// Longest word or phrase, in characters: longer ones nobody types twice.
const LINE_CHARS_MAX: usize = 80;
/// Words of the longest phrase that count.
const PHRASE_WORDS_MAX: usize = 6;
/// Words of the longest spelling.
const SPELLING_WORDS_MAX: usize = 4;
/// What stands for any day in a phrase.
const DAY: &str = "{hari}";
/// What stands for any hour in a phrase.
const HOUR: &str = "{jam}";

/// The text of the file that is compiled in.
pub(super) const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/topics.toml"));

/// The file compiled in, read when the first question comes. A test holds that it reads; an unreadable one would know no topics.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let source = Arc::new(NamedSource::new("grammar/topics.toml", FILE.to_owned()));
    read(&source).unwrap_or_default()
});

/// The lists of one topic, and when their phrases count.
const LISTS: [(&str, Counts); 4] =
    [("asks", Counts::Asked), ("says", Counts::Said), ("alone", Counts::Alone), ("unless", Counts::Never)];

/// Sets what a list says of its words.
type Mark = fn(&mut Marks);

/// The lists of words that mark a sentence, and how.
const MARKS: [(&str, Mark); 8] = [
    ("noise", |marks| marks.is_noise = true),
    ("asking", |marks| marks.asks = true),
    ("asking_in_front", |marks| marks.asks_in_front = true),
    ("asking_at_end", |marks| marks.asks_at_end = true),
    ("announcing", |marks| marks.announces = true),
    ("telling", |marks| marks.tells = true),
    ("other", |marks| marks.is_other = true),
    ("before_day", |marks| marks.precedes_day = true),
];

/// Reads the file.
///
/// # Errors
/// Every [`Problem`] in it, at least one.
pub(super) fn read(source: &Source) -> Result<Lexicon, Vec<Problem>> {
    let mut problems = Vec::new();
    let (root, _) = document(source, &mut problems);
    let mut top = Table::of(source, &root, &mut problems);
    top.refuse_unknown(&["words", "sentence", "languages", "topics"]);
    let mut reading = Reading::default();
    (reading.lexicon.day, reading.lexicon.hour) = (reading.new_group(), reading.new_group());
    if let Some(mut words) = need(&mut top, "words") {
        for (name, place) in words.keys() {
            let spellings = entries(&mut words, name, SPELLING_WORDS_MAX);
            let own = Spot { value: name.to_owned(), place };
            let group = reading.new_group();
            for spelling in std::iter::once(own).chain(spellings) {
                reading.spell(&mut words, group, &spelling);
            }
        }
    }
    if let Some(mut sentence) = need(&mut top, "sentence") {
        sentence.refuse_unknown(&MARKS.map(|(list, _)| list));
        for (list, mark) in MARKS {
            for word in entries(&mut sentence, list, SPELLING_WORDS_MAX) {
                let group = reading.group_of(&word.value);
                if let Some(marks) = reading.lexicon.marks.get_mut(usize::from(group)) {
                    mark(marks);
                }
            }
        }
    }
    if let Some(mut languages) = need(&mut top, "languages") {
        languages.refuse_unknown(&["english", "malay", "malay_too"]);
        // A word of two lists shows what the last of these says.
        for (key, shows) in [("malay_too", Shows::EitherMalay), ("malay", Shows::Malay), ("english", Shows::English)] {
            let words = entries(&mut languages, key, 1).into_iter();
            reading.lexicon.languages.extend(words.map(|word| (folded(&word.value).into(), shows)));
        }
    }
    if let Some(mut topics) = need(&mut top, "topics") {
        reading.topics(&mut topics);
    }
    let mut lexicon = reading.lexicon;
    lexicon.spellings.finish();
    lexicon.index();
    if problems.is_empty() { Ok(lexicon) } else { Err(problems) }
}

/// A table that has to be there.
fn need<'doc, 't>(top: &'t mut Table<'doc, '_>, key: &str) -> Option<Table<'doc, 't>> {
    if !top.is_table(key) {
        top.note(top.here(), format!("`[{key}]` is missing"), format!("write [{key}] on a line of its own"));
    }
    top.table(key)
}

/// The lines of a list, each with at least one letter or digit and at most so many words.
fn entries(table: &mut Table<'_, '_>, key: &str, words_max: usize) -> Vec<Spot<String>> {
    let Entry::Given(list) = table.take_list(key, |value| line(value, LINE_CHARS_MAX)) else { return Vec::new() };
    let mut whole = Vec::new();
    for entry in list.value {
        let words = entry.value.split_whitespace().count();
        if !entry.value.contains(char::is_alphanumeric) {
            table.note(entry.place, format!("`{}` holds no letter", entry.value), "write it as citizens would");
        } else if words > words_max {
            let what = format!("`{}` has {words} words, but has room for {words_max}", entry.value);
            table.note(entry.place, what, "keep the words without which it would mean something else");
        } else {
            whole.push(entry);
        }
    }
    whole
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    lexicon: Lexicon,
    /// The phrases by their groups, and where they stand.
    known: HashMap<Vec<Group>, Vec<(Phrase, Place)>>,
}

impl Reading {
    fn new_group(&mut self) -> Group {
        self.lexicon.marks.push(Marks::default());
        // A file with more words than that is none of ours; its last words would share one group.
        Group::try_from(self.lexicon.marks.len() - 1).unwrap_or(Group::MAX)
    }

    /// Adds a spelling to a group.
    fn spell(&mut self, table: &mut Table<'_, '_>, group: Group, spelling: &Spot<String>) {
        let word = folded(&spelling.value);
        match self.lexicon.spellings.add(&word, group) {
            None => self.join(&spelling.value),
            Some(known) => {
                let what = format!("`{}` stands in [words] already", spelling.value);
                let same = if known == group { "under the same name" } else { "under another name" };
                table.note(spelling.place.clone(), what, format!("leave it out here: it is there {same}"));
            }
        }
    }

    /// Notes that an entry has several words.
    fn join(&mut self, spelling: &str) {
        let parts: Vec<String> =
            spelling.split(|c: char| !c.is_alphanumeric() && c != '\'').map(|part| folded(part).into_owned()).collect();
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if let [first, _, ..] = parts.as_slice() {
            let most = self.lexicon.joined.entry(first.as_str().into()).or_default();
            *most = (*most).max(parts.len());
        }
    }

    /// The group of a word; a new one where it has none.
    fn group_of(&mut self, word: &str) -> Group {
        let spelling = folded(word);
        if let Some(group) = self.lexicon.spellings.exact(&spelling) {
            return group;
        }
        let group = self.new_group();
        self.lexicon.spellings.add(&spelling, group);
        self.join(word);
        group
    }

    fn topics(&mut self, topics: &mut Table<'_, '_>) {
        let keys = topics.keys();
        for topic in Topic::ALL {
            if !keys.iter().any(|(key, _)| *key == topic.name()) {
                let name = topic.name();
                let remedy = format!("write [topics.{name}] and below it asks = [...]");
                topics.note(topics.here(), format!("the topic `{name}` is missing"), remedy);
            }
        }
        for (key, place) in keys {
            let Some(topic) = Topic::named(key) else {
                let names = Topic::ALL.map(Topic::name);
                let remedy = nearest(key, names).map_or_else(
                    || format!("write one of {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                topics.note(place, format!("`{key}` is no topic"), remedy);
                continue;
            };
            if let Some(table) = topics.table(key) {
                self.topic(topic, table);
            }
        }
    }

    /// The lists of one topic.
    fn topic(&mut self, topic: Topic, mut table: Table<'_, '_>) {
        table.refuse_unknown(&LISTS.map(|(list, _)| list));
        for (list, counts) in LISTS {
            for spot in entries(&mut table, list, PHRASE_WORDS_MAX) {
                let groups = self.phrase(&spot.value);
                // Without such a word in it, a message is not looked through for phrases.
                let names_topic = |group: &Group| {
                    !self.lexicon.marks(*group).is_noise && ![self.lexicon.day, self.lexicon.hour].contains(group)
                };
                if !groups.iter().any(names_topic) {
                    let what = format!("`{}` is made of days, hours and words that say nothing", spot.value);
                    table.note(spot.place, what, "add the word that names the topic");
                    continue;
                }
                let phrase = Phrase { topic, groups, counts };
                let same = |(known, _): &&(Phrase, Place)| {
                    known.topic == topic || known.counts == counts && counts != Counts::Never
                };
                let known = self.known.entry(phrase.groups.clone()).or_default();
                if let Some((known, first)) = known.iter().find(same) {
                    let what = format!("`{}` says the same as a line of `{}`", spot.value, known.topic.name());
                    let (line, _) = first.line_column();
                    table.note(spot.place, what, format!("leave one of them: the other stands in line {line}"));
                    continue;
                }
                self.lexicon.phrases.push(phrase.clone());
                known.push((phrase, spot.place));
            }
        }
    }

    /// The groups of a phrase's words, each once.
    fn phrase(&mut self, phrase: &str) -> Vec<Group> {
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let mut groups = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let (group, length) = match *word {
                DAY => (self.lexicon.day, 1),
                HOUR => (self.lexicon.hour, 1),
                word => self.longest(words.get(at..).unwrap_or_default()).unwrap_or_else(|| (self.group_of(word), 1)),
            };
            groups.push(group);
            at += length;
        }
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The longest spelling that these words begin with, and how many of them it takes.
    fn longest(&self, words: &[&str]) -> Option<(Group, usize)> {
        (1..=words.len().min(SPELLING_WORDS_MAX)).rev().find_map(|length| {
            let joined: String = words.get(..length)?.iter().map(|word| folded(word)).collect();
            let meant = self.lexicon.spellings.exact(&joined)?;
            Some((meant, length))
        })
    }
}
