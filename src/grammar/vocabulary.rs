//! The words of `grammar/vocabulary.toml`: field names, commands, greetings, months and what else is spelled in many ways.
//! How a word is looked up is the business of [`super::words`].

mod dates;
mod leftovers;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

pub(super) use dates::Perhaps as DatePerhaps;

use super::field::{Field, PhotoKind};
use super::request::CommandName;
use super::words::{Endings, Words, folded};
use crate::domain::slot::Session;

/// A word in front of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// Chooses a service; the number is its place in the file.
    Service(usize),
    /// A habit from another service, which says nothing here unless the office's own pattern has it.
    Habit(usize),
}

/// How sure a greeting is to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeting {
    /// Never a name.
    Plain,
    /// May be somebody's name.
    Short,
}

/// All words that the reader knows.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Every word of all tables.
    pub(super) all: Words<()>,
    /// Names of pieces, as posters and newspapers print them.
    pub(super) fields: Words<Field>,
    /// Names of the photo after a `+`.
    pub(super) photos: Words<PhotoKind>,
    /// Halves of the day.
    pub(super) sessions: Words<Session>,
    /// Words in front of a form.
    pub(super) keywords: Words<Keyword>,
    /// The first spelling of each of them, as people write it.
    pub(super) keywords_printed: Vec<String>,
    /// Words that ask for something.
    pub(super) commands: Words<CommandName>,
    /// Greetings.
    pub(super) greetings: Words<Greeting>,
    /// Forms of address and politeness.
    pub(super) fillers: Words<()>,
    /// Words in front of a code or a choice.
    pub(super) code: Words<()>,
    /// What gives up a booking or its day without a command.
    pub(super) about_cancel: Words<()>,
    /// Words beside `#batal` that change nothing about it.
    pub(super) beside_cancel: Words<()>,
    /// Words that no single name holds.
    pub(super) beside_name: Words<()>,
    /// Words beside a date that change nothing about it.
    pub(super) beside_date: Words<()>,
    /// Words in front of an hour.
    pub(super) hour: Words<()>,
    /// Words that ask for a service in passing.
    pub(super) wishes: Words<()>,
    /// Words in an address behind which a number stands.
    pub(super) house_number: Words<()>,
    /// Words in an address behind which a letter stands, and then a number.
    pub(super) block: Words<()>,
    /// Words in place of an address.
    pub(super) no_address: Words<()>,
    /// Words behind a count.
    pub(super) people: Words<()>,
    /// Months by number.
    pub(super) months: Words<u32>,
    /// Counts in words.
    pub(super) counts: Words<u8>,
    /// Days by their distance from today.
    pub(super) days: Words<u64>,
    /// Weekdays, Monday 1.
    pub(super) weekdays: Words<u64>,
    /// `depan`, behind a weekday.
    pub(super) next: Words<()>,
    /// `ini`, behind a weekday.
    pub(super) this: Words<()>,
    /// In front of a day of the month.
    pub(super) day_of_month: Words<()>,
    /// In front of a weekday.
    pub(super) on: Words<()>,
    /// Every word with which a day that is named may begin.
    pub(super) of_days: Words<()>,
    /// Thanks behind a form: no part of a name or an address.
    pub(super) thanks: Words<()>,
    /// How thanks and politeness end.
    pub(super) politeness: Endings,
    /// Words of chat that no name begins with.
    pub(super) chat: Words<()>,
    /// Thanks that say thank you.
    pub(super) gratitude: Words<()>,
    /// Words that take back what stands beside them.
    pub(super) negations: Words<()>,
    /// What machines answer by themselves, folded.
    pub(super) automatic: Vec<String>,
    /// Numbers behind these are no house's own.
    pub(super) shared_number: Words<()>,
    /// Words of names that mean something else too.
    pub(super) names: names::NameWords,
    /// Words of dates besides days and months.
    pub(super) dates: dates::DateWords,
    /// What is left over when a form is whole.
    pub(super) leftovers: leftovers::Leftovers,
}

/// The file as it stands: meaning to spellings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fields: BTreeMap<String, Vec<String>>,
    photos: BTreeMap<String, Vec<String>>,
    sessions: BTreeMap<String, Vec<String>>,
    keywords: BTreeMap<String, Vec<String>>,
    habits: BTreeMap<String, Vec<String>>,
    commands: BTreeMap<String, Vec<String>>,
    words: Plain,
    months: BTreeMap<String, Vec<String>>,
    counts: BTreeMap<String, Vec<String>>,
    days: BTreeMap<String, Vec<String>>,
    weekdays: BTreeMap<String, Vec<String>>,
    names: names::File,
    dates: dates::File,
    leftovers: leftovers::File,
}

/// The tables whose words all mean the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    greetings: Vec<String>,
    short_greetings: Vec<String>,
    fillers: Vec<String>,
    code: Vec<String>,
    about_cancel: Vec<String>,
    beside_cancel: Vec<String>,
    beside_name: Vec<String>,
    beside_date: Vec<String>,
    hour: Vec<String>,
    wishes: Vec<String>,
    house_number: Vec<String>,
    shared_number: Vec<String>,
    block: Vec<String>,
    no_address: Vec<String>,
    people: Vec<String>,
    next: Vec<String>,
    this: Vec<String>,
    day_of_month: Vec<String>,
    on: Vec<String>,
    thanks: Vec<String>,
    chat: Vec<String>,
    gratitude: Vec<String>,
    negations: Vec<String>,
    automatic: Vec<String>,
}

/// Reads a table whose left-hand names are the program's own.
fn named<T: Copy>(
    table: BTreeMap<String, Vec<String>>,
    meaning: impl Fn(&str) -> Option<T>,
) -> Result<Words<T>, String> {
    let entries: Result<Vec<_>, String> = table
        .into_iter()
        .map(|(name, spellings)| Ok((meaning(&name).ok_or_else(|| format!("`{name}` is not known"))?, spellings)))
        .collect();
    Words::of(entries?)
}

/// The spellings of several tables, each once.
fn united(tables: &[&[String]]) -> Words<()> {
    let spellings = tables.iter().flat_map(|table| table.iter());
    let once: BTreeSet<String> = spellings.map(|spelling| folded(spelling).collect()).collect();
    Words::of_folded(once.into_iter().map(|word| (word.into_boxed_str(), ())).collect())
}

/// Every word of the file, whatever table it stands in: a new table cannot be forgotten.
fn every_word(text: &str) -> Result<Words<()>, String> {
    fn gather(value: toml::Value, found: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::String(word) => _ = found.insert(folded(&word).collect(), word),
            toml::Value::Array(values) => values.into_iter().for_each(|value| gather(value, found)),
            toml::Value::Table(table) => table.into_iter().for_each(|(_, value)| gather(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    gather(toml::Value::Table(toml::from_str(text).map_err(|error: toml::de::Error| error.to_string())?), &mut found);
    Words::of([((), found.into_values().collect())])
}

impl Vocabulary {
    /// Reads the file's text; the error is a sentence for whoever edits the file.
    fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let words = file.words;
        let spelled = file.keywords.values().chain(file.habits.values());
        let keywords_printed = spelled.filter_map(|spellings| spellings.first().cloned()).collect();
        let services = file.keywords.into_values().enumerate().map(|(at, words)| (Keyword::Service(at), words));
        let habits = file.habits.into_values().enumerate().map(|(at, words)| (Keyword::Habit(at), words));
        let named_days = file.days.values().chain(file.weekdays.values()).chain(file.months.values());
        let named_days: Vec<String> = named_days.flatten().cloned().collect();
        let counted: Vec<String> = file.counts.values().flatten().cloned().collect();
        let dates = file.dates.opening();
        let of_days =
            united(&[&named_days, &counted, &dates, &words.next, &words.this, &words.day_of_month, &words.on]);
        let fillers = Words::of([((), words.fillers)])?;
        let thanks = Words::of([((), words.thanks)])?;
        let leftovers = file.leftovers.read()?;
        Ok(Self {
            all: every_word(text)?,
            fields: named(file.fields, Field::named)?,
            photos: named(file.photos, PhotoKind::named)?,
            sessions: named(file.sessions, Session::named)?,
            keywords: Words::of(services.chain(habits))?,
            keywords_printed,
            commands: named(file.commands, CommandName::named)?,
            greetings: Words::of([(Greeting::Plain, words.greetings), (Greeting::Short, words.short_greetings)])?,
            politeness: Endings::of(&[&fillers, &thanks, &leftovers.courtesy]),
            fillers,
            code: Words::of([((), words.code)])?,
            about_cancel: Words::of([((), words.about_cancel)])?,
            beside_cancel: Words::of([((), words.beside_cancel)])?,
            beside_name: Words::of([((), words.beside_name)])?,
            beside_date: Words::of([((), words.beside_date)])?,
            hour: Words::of([((), words.hour)])?,
            wishes: Words::of([((), words.wishes)])?,
            house_number: Words::of([((), words.house_number)])?,
            block: Words::of([((), words.block)])?,
            shared_number: Words::of([((), words.shared_number)])?,
            no_address: Words::of([((), words.no_address)])?,
            people: Words::of([((), words.people)])?,
            months: named(file.months, |number| number.parse().ok())?,
            counts: named(file.counts, |number| number.parse().ok())?,
            days: named(file.days, |number| number.parse().ok())?,
            weekdays: named(file.weekdays, |number| number.parse().ok())?,
            next: Words::of([((), words.next)])?,
            this: Words::of([((), words.this)])?,
            day_of_month: Words::of([((), words.day_of_month)])?,
            on: Words::of([((), words.on)])?,
            of_days,
            thanks,
            chat: Words::of([((), words.chat)])?,
            gratitude: Words::of([((), words.gratitude)])?,
            negations: Words::of([((), words.negations)])?,
            automatic: words.automatic.iter().map(|phrase| folded(phrase).collect()).collect(),
            names: file.names.read()?,
            dates: file.dates.read()?,
            leftovers,
        })
    }
}

/// The vocabulary compiled in. A test holds that it reads; an unreadable one would know no words.
pub(super) static WORDS: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::from_toml(include_str!("../../grammar/vocabulary.toml")).unwrap_or_default());

/// The month that a word names, from 1: in any of the vocabulary's spellings, or as a Roman number.
pub fn month_named(word: &str) -> Option<u32> {
    WORDS.months.get(word).or_else(|| WORDS.dates.roman.get(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_vocabulary_reads_and_knows_every_name() {
        let words =
            Vocabulary::from_toml(include_str!("../../grammar/vocabulary.toml")).expect("a readable vocabulary");
        for field in Field::KNOWN {
            assert_eq!(words.fields.get(field.name()), Some(field));
        }
        for command in CommandName::ALL {
            assert_eq!(words.commands.get(command.name()), Some(command));
        }
        for month in 1..=12 {
            assert!(words.months.entries().any(|(_, number)| number == month), "month {month} has a name");
        }
    }

    #[test]
    fn case_spaces_and_punctuation_do_not_count() {
        for spelled in ["TGL.LAHIR", "Tgl Lahir", "tanggal  lahir", "TGLLahir"] {
            assert_eq!(WORDS.fields.get(spelled), Some(Field::TglLahir), "{spelled}");
        }
        assert_eq!(WORDS.fields.get("Tgl"), None);
        assert_eq!(WORDS.fields.get("#"), None);
    }

    #[test]
    fn the_longest_entry_in_front_counts() {
        assert_eq!(WORDS.commands.front("bahasa inggris dong"), Some((CommandName::English, " dong")));
        assert_eq!(WORDS.commands.front("# batal # K7M2"), Some((CommandName::Batal, " # K7M2")));
        assert_eq!(WORDS.commands.front("batalyon"), None);
    }

    #[test]
    fn a_word_that_stands_twice_is_refused() {
        let text = include_str!("../../grammar/vocabulary.toml").replace("\"Peb\"", "\"Jan\"");
        assert!(Vocabulary::from_toml(&text).is_err());
    }
}
