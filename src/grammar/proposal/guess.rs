//! What a column of values may hold, the likeliest first.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::identity::Nik;
use crate::domain::person::{ANSWER_CHARS_MAX, SERVICE_CHARS_MAX, Service};
use crate::grammar::format::rules::{Rules, SERVICES_MAX};
use crate::grammar::language::labels::label;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::proposal::cut::Cut;
use crate::grammar::request::field::Field;
use crate::grammar::text::words::folded;
use crate::grammar::value::parsed::Value;
use crate::grammar::value::read;

/// Guesses of one column that are tried.
const GUESSES_MAX: usize = 4;
/// Longest name of a piece of the office's own.
const NAME_CHARS_MAX: usize = 30;

/// What a column may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A piece with a name of its own.
    Known(Field),
    /// One of these services.
    Services(Vec<String>),
    /// A question of the office's own, with the label that stands in front of every value.
    Text(Option<String>),
}

/// Fields that are told by how their values look: in the order in which one that reads is likelier than a later one.
const BY_LOOK: [Field; 8] = [
    Field::Email,
    Field::Nik,
    Field::NoKk,
    Field::TglKedatangan,
    Field::TglLahir,
    Field::Telepon,
    Field::Sesi,
    Field::Jumlah,
];

/// The guesses of every column; `days` are those of sending, a day for each row.
pub(crate) fn guesses(cut: &Cut<'_>, days: &[NaiveDate]) -> Vec<Vec<Guess>> {
    let columns = cut.rows.first().map_or(0, Vec::len);
    let mut has_name = false;
    let mut of_column = |column: usize| {
        let values: Vec<(&str, NaiveDate)> = cut
            .rows
            .iter()
            .zip(days)
            .filter_map(|(row, day)| Some((row.get(column).copied().flatten()?, *day)))
            .collect();
        let mut found = of(&values, has_name, cut.open_at == Some(column));
        if prefers_family_card(cut, column, days) {
            let place = |field| found.iter().position(|guess| *guess == Guess::Known(field));
            if let (Some(nik), Some(card)) = (place(Field::Nik), place(Field::NoKk)) {
                found.swap(nik, card);
            }
        }
        found.truncate(GUESSES_MAX);
        has_name |= found.first() == Some(&Guess::Known(Field::Nama));
        found
    };
    (0..columns).map(&mut of_column).collect()
}

/// What values may all be.
fn of(values: &[(&str, NaiveDate)], has_name: bool, holds_mark: bool) -> Vec<Guess> {
    let rules = Rules::default();
    let labels: BTreeSet<Option<Field>> = values.iter().map(|(value, _)| label(value)).collect();
    if let (Some(Some(field)), 1) = (labels.first(), labels.len()) {
        return match field {
            Field::Layanan => services(values).map(Guess::Services).into_iter().collect(),
            field => vec![Guess::Known(*field)],
        };
    }
    let reads = |field: Field| values.iter().all(|(value, day)| read(&rules, field, value, *day).is_ok());
    let own = common_label(values);
    if own.is_some() {
        return vec![Guess::Text(own)];
    }
    if holds_mark {
        let address = reads(Field::Alamat).then_some(Guess::Known(Field::Alamat));
        return address.into_iter().chain([Guess::Text(None)]).collect();
    }
    let mut found: Vec<Guess> = BY_LOOK.into_iter().filter(|field| reads(*field)).map(Guess::Known).collect();
    let (is_name, is_address) = (reads(Field::Nama), reads(Field::Alamat));
    let is_placed = values.iter().any(|(value, _)| value.contains(|c: char| c.is_ascii_digit()));
    let named = [
        (is_name && !has_name).then_some(Guess::Known(Field::Nama)),
        (is_address && is_placed).then_some(Guess::Known(Field::Alamat)),
        // The same few words again and again.
        services(values).filter(|names| names.len() < values.len()).map(Guess::Services),
        (is_address && !is_placed && has_name).then_some(Guess::Known(Field::Alamat)),
        (is_name && has_name).then_some(Guess::Known(Field::Nama)),
    ];
    if found.is_empty() {
        found.extend(named.into_iter().flatten());
    }
    if values.iter().all(|(value, _)| value.chars().count() <= ANSWER_CHARS_MAX) {
        found.push(Guess::Text(None));
    }
    found
}

/// The label with its colon that stands in front of every value, where the vocabulary does not have it.
fn common_label(values: &[(&str, NaiveDate)]) -> Option<String> {
    let written = |value: &str| value.split_once([':', '=']).map(|(label, _)| label.trim().to_owned());
    let first = written(values.first()?.0)?;
    let is_name = first.chars().count() <= NAME_CHARS_MAX && first.contains(char::is_alphabetic);
    let same = |(value, _): &(&str, NaiveDate)| {
        written(value).is_some_and(|label| folded(&label).eq(folded(&first))) && label(value).is_none()
    };
    (is_name && WORDS.fields.get(&first).is_none() && values.iter().all(same)).then_some(first)
}

/// The values as services, each once, if they may be some.
fn services(values: &[(&str, NaiveDate)]) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for (value, _) in values {
        let value = value.split_once([':', '=']).map_or(*value, |(_, after)| after).trim().to_lowercase();
        let is_word = value.chars().count() <= SERVICE_CHARS_MAX && !value.contains(|c: char| c.is_ascii_digit());
        Service::named(&value).filter(|_| is_word)?;
        if !names.iter().any(|known| folded(known).eq(folded(&value))) {
            names.push(value);
        }
    }
    (1..=SERVICES_MAX).contains(&names.len()).then_some(names)
}

/// Whether the numbers of a column are family cards' rather than NIKs: the rows have birth dates, and none is inside.
fn prefers_family_card(cut: &Cut<'_>, column: usize, days: &[NaiveDate]) -> bool {
    let rules = Rules::default();
    let is_other = |(row, day): (&Vec<Option<&str>>, &NaiveDate)| {
        let nik = row.get(column).copied().flatten().and_then(|value| {
            match read(&rules, Field::Nik, value, *day).ok()?.value {
                Value::Nik(nik) => Some(nik),
                _ => None,
            }
        });
        let born =
            row.iter().flatten().find_map(|value| match read(&rules, Field::TglLahir, value, *day).ok()?.value {
                Value::TglLahir(born) => Some(born),
                _ => None,
            });
        nik.zip(born).is_some_and(|(nik, born): (Nik, _)| !nik.agrees_with(born.date()))
    };
    cut.rows.iter().zip(days).any(is_other)
}
