//! The words of `grammar/vocabulary.toml`: field names, commands, greetings, months and what else is spelled in many ways.
//! `text::words` looks them up.

mod dates;
mod leftovers;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::slot::Session;
use crate::grammar::request::command::CommandName;
use crate::grammar::request::field::{Field, PhotoKind};
use crate::grammar::request::keyword::Keyword;
use crate::grammar::text::words::{Endings, Words, folded};

pub(crate) use dates::Perhaps as DatePerhaps;

/// How sure a greeting is to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// Never a name.
    Plain,
    /// May be somebody's name.
    Short,
}

/// All words that the reader knows.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// Every word of all tables.
    pub(crate) all: Words<()>,
    /// Names of pieces, as posters and newspapers print them.
    pub(crate) fields: Words<Field>,
    /// Names of the photo after a `+`.
    pub(crate) photos: Words<PhotoKind>,
    /// Halves of the day.
    pub(crate) sessions: Words<Session>,
    /// Words in front of a form.
    pub(crate) keywords: Words<Keyword>,
    /// The first spelling of each of them, as people write it.
    pub(crate) keywords_printed: Vec<String>,
    /// Words that ask for something.
    pub(crate) commands: Words<CommandName>,
    /// Greetings.
    pub(crate) greetings: Words<Greeting>,
    /// Forms of address and politeness.
    pub(crate) fillers: Words<()>,
    /// Words in front of a code or a choice.
    pub(crate) code: Words<()>,
    /// What gives up a booking or its day without a command.
    pub(crate) about_cancel: Words<()>,
    /// What asks for another day by itself.
    pub(crate) change_day: Words<()>,
    /// What asks for another day only where nothing else but a day or a code stands beside it.
    pub(crate) change: Words<()>,
    /// What may stand between that and the day.
    pub(crate) to_day: Words<()>,
    /// What asks for the waiting list with the mark in front of it.
    pub(crate) wait: Words<()>,
    /// What asks for the waiting list by itself.
    pub(crate) wait_phrase: Words<()>,
    /// Behind it: any day will do, the sooner the better.
    pub(crate) soonest: Words<()>,
    /// Behind it: the wait is to end.
    pub(crate) leave_list: Words<()>,
    /// What makes a question of a wish.
    pub(crate) may: Words<()>,
    /// Words beside `#batal` that change nothing about it.
    pub(crate) beside_cancel: Words<()>,
    /// What people write around an approval code to say that all is right.
    pub(crate) beside_code: Words<()>,
    /// What says no to a question: `tidak usah`, `jangan dulu`.
    pub(crate) refusals: Words<()>,
    /// What says that somebody comes: `datang`, `hadir`.
    pub(crate) coming: Words<()>,
    /// Words beside it that change nothing about it.
    pub(crate) beside_coming: Words<()>,
    /// Words that no single name holds.
    pub(crate) beside_name: Words<()>,
    /// Words beside a date that change nothing about it.
    pub(crate) beside_date: Words<()>,
    /// Words in front of an hour.
    pub(crate) hour: Words<()>,
    /// Words that ask for a service in passing.
    pub(crate) wishes: Words<()>,
    /// Words in an address after which a number stands.
    pub(crate) house_number: Words<()>,
    /// Words in an address after which a letter stands, and then a number.
    pub(crate) block: Words<()>,
    /// Words in place of an address.
    pub(crate) no_address: Words<()>,
    /// A question, a request or a relation in an address.
    pub(crate) beside_address: Words<()>,
    /// Words in front of the name of a street or a place.
    pub(crate) street: Words<()>,
    /// Words after a count.
    pub(crate) people: Words<()>,
    /// Months by number.
    pub(crate) months: Words<u32>,
    /// Counts in words.
    pub(crate) counts: Words<u8>,
    /// Days by their distance from today.
    pub(crate) days: Words<u64>,
    /// Weekdays, Monday 1.
    pub(crate) weekdays: Words<u64>,
    /// `depan`, after a weekday.
    pub(crate) next: Words<()>,
    /// `ini`, after a weekday.
    pub(crate) this: Words<()>,
    /// In front of a day of the month.
    pub(crate) day_of_month: Words<()>,
    /// In front of a weekday.
    pub(crate) on: Words<()>,
    /// Every word with which a day that is named may begin.
    pub(crate) of_days: Words<()>,
    /// Thanks after a form: no part of a name or an address.
    pub(crate) thanks: Words<()>,
    /// How thanks and politeness end.
    pub(crate) politeness: Endings,
    /// Words of chat that no name begins with.
    pub(crate) chat: Words<()>,
    /// Thanks that say thank you.
    pub(crate) gratitude: Words<()>,
    /// Words that take back what stands beside them.
    pub(crate) negations: Words<()>,
    /// What machines answer by themselves, folded.
    pub(crate) automatic: Vec<String>,
    /// Numbers after these are no house's own.
    pub(crate) shared_number: Words<()>,
    /// Words of names that mean something else too.
    pub(crate) names: names::NameWords,
    /// Words of dates besides days and months.
    pub(crate) dates: dates::DateWords,
    /// What is left over when a form is whole.
    pub(crate) leftovers: leftovers::Leftovers,
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
    change_day: Vec<String>,
    change: Vec<String>,
    to_day: Vec<String>,
    wait: Vec<String>,
    wait_phrase: Vec<String>,
    soonest: Vec<String>,
    leave_list: Vec<String>,
    may: Vec<String>,
    beside_cancel: Vec<String>,
    beside_code: Vec<String>,
    refusals: Vec<String>,
    coming: Vec<String>,
    beside_coming: Vec<String>,
    beside_name: Vec<String>,
    beside_date: Vec<String>,
    hour: Vec<String>,
    wishes: Vec<String>,
    house_number: Vec<String>,
    shared_number: Vec<String>,
    block: Vec<String>,
    no_address: Vec<String>,
    beside_address: Vec<String>,
    street: Vec<String>,
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
            change_day: Words::of([((), words.change_day)])?,
            change: Words::of([((), words.change)])?,
            to_day: Words::of([((), words.to_day)])?,
            wait: Words::of([((), words.wait)])?,
            wait_phrase: Words::of([((), words.wait_phrase)])?,
            soonest: Words::of([((), words.soonest)])?,
            leave_list: Words::of([((), words.leave_list)])?,
            may: Words::of([((), words.may)])?,
            beside_cancel: Words::of([((), words.beside_cancel)])?,
            beside_code: Words::of([((), words.beside_code)])?,
            refusals: Words::of([((), words.refusals)])?,
            coming: Words::of([((), words.coming)])?,
            beside_coming: Words::of([((), words.beside_coming)])?,
            beside_name: Words::of([((), words.beside_name)])?,
            beside_date: Words::of([((), words.beside_date)])?,
            hour: Words::of([((), words.hour)])?,
            wishes: Words::of([((), words.wishes)])?,
            house_number: Words::of([((), words.house_number)])?,
            block: Words::of([((), words.block)])?,
            shared_number: Words::of([((), words.shared_number)])?,
            no_address: Words::of([((), words.no_address)])?,
            beside_address: Words::of([((), words.beside_address)])?,
            street: Words::of([((), words.street)])?,
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
pub(crate) static WORDS: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::from_toml(include_str!("../../../grammar/vocabulary.toml")).unwrap_or_default());

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
            Vocabulary::from_toml(include_str!("../../../grammar/vocabulary.toml")).expect("a readable vocabulary");
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
        let text = include_str!("../../../grammar/vocabulary.toml").replace("\"Peb\"", "\"Jan\"");
        assert!(Vocabulary::from_toml(&text).is_err());
    }
}
