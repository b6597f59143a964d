//! Reads a TOML table key by key: keeps the place of everything, collects each mistake and goes on.
//!
//! serde would stop at the first mistake; a clerk wants to see all of them at once.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest::nearest;
use super::problem::{Place, Problem, Source, Spot};
use super::value::{Mistake, Read, described};

/// What a file says of one key.
#[derive(Debug, Clone, Default)]
pub(crate) enum Entry<T> {
    /// Nothing: a base file may have it.
    #[default]
    Absent,
    /// Something that cannot be read; it has been reported, so it does not count as missing.
    Broken,
    /// A value.
    Given(Spot<T>),
}

impl<T> Entry<T> {
    /// This entry, or the base's where this file has none.
    pub(crate) fn or(self, base: Self) -> Self {
        if matches!(self, Self::Absent) { base } else { self }
    }

    /// The value, if there is a whole one.
    pub(crate) fn given(&self) -> Option<&Spot<T>> {
        match self {
            Self::Given(spot) => Some(spot),
            Self::Absent | Self::Broken => None,
        }
    }
}

/// Reads a document. Reports what is not TOML, and gives the rest; the flag says whether all of it could be read.
pub(crate) fn document<'doc>(source: &'doc Source, problems: &mut Vec<Problem>) -> (Spanned<DeTable<'doc>>, bool) {
    let (table, errors) = DeTable::parse_recoverable(source.inner());
    let whole = errors.is_empty();
    problems.extend(errors.into_iter().map(|error| {
        let at = error.span().unwrap_or(0..0);
        let remedy = remedy(source.inner(), at.start);
        Problem::at(
            Place { source: Arc::clone(source), at },
            format!("this is not TOML: {}", error.message().trim()),
            remedy,
        )
    }));
    (table, whole)
}

/// What to do about the line that holds byte `at`: advice for what word processors and habits put there, else in general.
fn remedy(text: &str, at: usize) -> &'static str {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    if line.contains(['“', '”', '„', '‘', '’']) {
        "write straight quotes, \"like this\": a word processor has made curly ones of them"
    } else if line.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).any(is_day_first) {
        "write the year first, without quotes: 2026-12-28"
    } else {
        "check this line: texts stand in \"quotes\", lists in [brackets], and each key stands once"
    }
}

/// `28-12-2026`, `28/12/2026`
fn is_day_first(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    matches!(parts.as_slice(), [day, month, year] if (1..=2).contains(&day.len()) && (1..=2).contains(&month.len()) && year.len() == 4)
}

/// A table being read.
pub(crate) struct Table<'doc, 'p> {
    source: &'doc Source,
    entries: &'doc DeTable<'doc>,
    at: Range<usize>,
    /// What messages put before its keys: nothing, or `policy.`.
    prefix: String,
    problems: &'p mut Vec<Problem>,
}

impl<'doc, 'p> Table<'doc, 'p> {
    /// The table of a whole document.
    pub(crate) fn of(source: &'doc Source, root: &'doc Spanned<DeTable<'doc>>, problems: &'p mut Vec<Problem>) -> Self {
        Self { source, entries: root.get_ref(), at: root.span(), prefix: String::new(), problems }
    }

    /// The keys with their places, in the order in which they stand in the file.
    pub(crate) fn keys(&self) -> Vec<(&'doc str, Place)> {
        let mut keys: Vec<_> =
            self.entries.keys().map(|key| (key.get_ref().as_ref(), self.place(key.span()))).collect();
        keys.sort_by_key(|(_, place)| place.at.start);
        keys
    }

    /// Notes every key that is not known, with the known one it may have been meant for.
    pub(crate) fn refuse_unknown(&mut self, known: &[&str]) {
        for (key, place) in self.keys() {
            if known.contains(&key) {
                continue;
            }
            let remedy = nearest(key, known.iter().copied()).map_or_else(
                || format!("remove it; known here are: {}", known.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            self.note(place, format!("`{}{key}` is not a known key", self.prefix), remedy);
        }
    }

    /// How many problems have been noted so far.
    pub(crate) fn problems(&self) -> usize {
        self.problems.len()
    }

    /// Where the table stands.
    pub(crate) fn here(&self) -> Place {
        self.place(self.at.clone())
    }

    /// Notes a problem.
    pub(crate) fn note(&mut self, place: Place, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::at(place, what, remedy));
    }

    /// Reads the value of one key.
    pub(crate) fn take<T>(&mut self, key: &str, read: impl FnOnce(&DeValue<'_>) -> Read<T>) -> Entry<T> {
        let Some(value) = self.entries.get(key) else {
            return Entry::Absent;
        };
        let place = self.place(value.span());
        match read(value.get_ref()) {
            Ok(value) => Entry::Given(Spot { value, place }),
            Err(mistake) => {
                self.note_mistake(key, place, mistake);
                Entry::Broken
            }
        }
    }

    /// Reads the value of a key that must be there.
    pub(crate) fn need<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&DeValue<'_>) -> Read<T>,
        example: &str,
    ) -> Option<Spot<T>> {
        match self.take(key, read) {
            Entry::Given(spot) => Some(spot),
            Entry::Broken => None,
            Entry::Absent => {
                self.note(self.here(), format!("`{}{key}` is missing", self.prefix), format!("add {example}"));
                None
            }
        }
    }

    /// Reads a list, noting every item that cannot be read.
    pub(crate) fn take_list<T>(&mut self, key: &str, read: impl Fn(&DeValue<'_>) -> Read<T>) -> Entry<Vec<Spot<T>>> {
        let Some(value) = self.entries.get(key) else {
            return Entry::Absent;
        };
        let place = self.place(value.span());
        let Some(items) = value.get_ref().as_array() else {
            let mistake = Mistake::new(
                format!("must be a list, not {}", described(value.get_ref())),
                format!("put it in brackets: {key} = [...]"),
            );
            self.note_mistake(key, place, mistake);
            return Entry::Broken;
        };
        let mut whole = true;
        let mut list = Vec::new();
        for item in items {
            let place = self.place(item.span());
            match read(item.get_ref()) {
                Ok(value) => list.push(Spot { value, place }),
                Err(mistake) => {
                    self.note_mistake(key, place, mistake);
                    whole = false;
                }
            }
        }
        if whole { Entry::Given(Spot { value: list, place }) } else { Entry::Broken }
    }

    /// Whether a table stands under a key.
    pub(crate) fn is_table(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|value| value.get_ref().as_table().is_some())
    }

    /// Opens the table under one key.
    pub(crate) fn table(&mut self, key: &str) -> Option<Table<'doc, '_>> {
        let value = self.entries.get(key)?;
        if let Some(entries) = value.get_ref().as_table() {
            return Some(self.inner(key, entries, value.span()));
        }
        let mistake = Mistake::new(
            format!("must be a table, not {}", described(value.get_ref())),
            format!("write [{}{key}] on a line of its own, and its keys below", self.prefix),
        );
        self.note_mistake(key, self.place(value.span()), mistake);
        None
    }

    /// Runs `read` over each table of a `[[key]]` list.
    pub(crate) fn each_table(&mut self, key: &str, mut read: impl FnMut(Table<'doc, '_>)) {
        let Some(value) = self.entries.get(key) else {
            return;
        };
        let items = value.get_ref().as_array().map_or(&[][..], |array| array);
        let tables: Vec<_> = items.iter().filter_map(|item| Some((item.get_ref().as_table()?, item.span()))).collect();
        if tables.is_empty() || tables.len() < items.len() {
            let mistake = Mistake::new(
                "must be a list of tables".to_owned(),
                format!("write [[{key}]] on a line of its own for each, and its keys below"),
            );
            self.note_mistake(key, self.place(value.span()), mistake);
        }
        for (entries, at) in tables {
            read(self.inner(key, entries, at));
        }
    }

    fn inner(&mut self, key: &str, entries: &'doc DeTable<'doc>, at: Range<usize>) -> Table<'doc, '_> {
        let prefix = format!("{}{key}.", self.prefix);
        Table { source: self.source, entries, at, prefix, problems: self.problems }
    }

    fn note_mistake(&mut self, key: &str, place: Place, mistake: Mistake) {
        // What is not TOML has been reported with its own remedy; what is left of it is not reported again.
        if self.problems.iter().any(|problem| problem.is_at(&place)) {
            return;
        }
        let what = format!("`{}{key}` {}", self.prefix, mistake.what);
        self.note(place, what, mistake.remedy);
    }

    fn place(&self, at: Range<usize>) -> Place {
        Place { source: Arc::clone(self.source), at }
    }
}
