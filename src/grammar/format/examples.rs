//! The examples in a format file: messages, each with the values that it must give or with what must be wrong with it.
//! `check::examples` runs them.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::DeValue;

use crate::grammar::format::rules::Rules;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::note::NoteKind;
use crate::sheet::{Entry, Mistake, Read, Table, choice, date, nearest, string, whole};

/// All examples of a file, each with its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Examples {
    pub(crate) reads: Vec<(Range<usize>, Reading)>,
    pub(crate) asks: Vec<(Range<usize>, Asking)>,
    pub(crate) misreads: Vec<(Range<usize>, Misreading)>,
}

/// A message that the format must read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) text: String,
    pub(crate) sent: NaiveDate,
    /// Values by field, as [`Format::value`] prints them.
    pub(crate) fields: BTreeMap<Field, String>,
    /// What was read otherwise than it is written, by kind; none where the file says none.
    pub(crate) notes: Vec<NoteKind>,
}

/// A message that the format must not read.
#[derive(Debug, Clone)]
pub(crate) struct Misreading {
    pub(crate) text: String,
    pub(crate) sent: NaiveDate,
    pub(crate) kind: MisreadKind,
    pub(crate) field: Option<Field>,
    pub(crate) at: Option<(usize, usize)>,
}

/// A message of which the format must ask which day is meant.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) text: String,
    pub(crate) sent: NaiveDate,
    pub(crate) field: Field,
    pub(crate) choices: Vec<NaiveDate>,
}

/// A field by its canonical name, or by the name that the file itself gives it.
fn field_named(rules: &Rules, name: &str) -> Read<Field> {
    let own = || rules.texts.iter().position(|text| text.name == name).and_then(|at| u8::try_from(at).ok());
    let known = || Field::KNOWN.map(Field::name).into_iter().chain(rules.texts.iter().map(|text| text.name.as_str()));
    let field = Field::KNOWN.into_iter().find(|field| field.name() == name);
    field.or_else(|| own().map(Field::Teks)).ok_or_else(|| {
        let remedy = nearest(name, known()).map_or_else(
            || format!("write one of {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Mistake::new(format!("`{name}` is no field"), remedy)
    })
}

fn message(value: &DeValue<'_>) -> Read<String> {
    string(value).map(str::to_owned)
}

/// The message and its day of sending, which every example has.
fn sent(table: &mut Table<'_, '_>) -> Option<(String, NaiveDate)> {
    let text = table.need("text", message, "text = \"#Budi#25011987\", the message");
    let sent = table.need("sent", date, "sent = \"2017-08-01\", the day on which it is sent");
    Some((text?.value, sent?.value))
}

fn field_of(table: &mut Table<'_, '_>, rules: &Rules) -> Entry<Field> {
    table.take("field", |value| {
        let name = string(value)?;
        field_named(rules, name).map_err(|mistake| Mistake::new("is no field", mistake.remedy))
    })
}

/// The values of `fields`; a number needs no quotes.
fn values(table: &mut Table<'_, '_>, rules: &Rules) -> Option<BTreeMap<Field, String>> {
    let here = table.here();
    let before = table.problems();
    let Some(mut fields) = table.table("fields") else {
        if table.problems() == before {
            table.note(
                here,
                "the values are missing",
                "add fields = { Nama = \"Budi\" }, with every piece of the message",
            );
        }
        return None;
    };
    let mut values = BTreeMap::new();
    let mut whole = true;
    for (key, place) in fields.keys() {
        let value = fields.take(key, message);
        match (field_named(rules, key), value) {
            (Ok(field), Entry::Given(spot)) => {
                values.insert(field, spot.value);
            }
            (Err(mistake), _) => {
                fields.note(place, mistake.what, mistake.remedy);
                whole = false;
            }
            (Ok(_), _) => whole = false,
        }
    }
    whole.then_some(values)
}

fn reading(mut table: Table<'_, '_>, rules: &Rules) -> Option<Reading> {
    table.refuse_unknown(&["text", "sent", "fields", "notes", "why"]);
    let kinds = NoteKind::ALL.map(|kind| (kind.name(), kind));
    let notes = match table.take_list("notes", |value| choice(value, &kinds)) {
        Entry::Absent => Some(Vec::new()),
        Entry::Broken => None,
        Entry::Given(list) => Some(list.value.into_iter().map(|spot| spot.value).collect()),
    };
    let sent = sent(&mut table);
    let fields = values(&mut table, rules);
    let (text, sent) = sent?;
    Some(Reading { text, sent, fields: fields?, notes: notes? })
}

fn asking(mut table: Table<'_, '_>, rules: &Rules) -> Option<Asking> {
    table.refuse_unknown(&["text", "sent", "field", "choices", "why"]);
    let sent = sent(&mut table);
    let field = field_of(&mut table, rules);
    let choices = table.take_list("choices", date);
    if matches!(field, Entry::Absent) || matches!(choices, Entry::Absent) {
        let here = table.here();
        table.note(here, "what is asked is missing", "add field = \"TglLahir\" and choices = [...], the days in order");
    }
    let (text, sent) = sent?;
    let choices = choices.given()?.value.iter().map(|spot| spot.value).collect();
    Some(Asking { text, sent, field: field.given()?.value, choices })
}

fn misreading(mut table: Table<'_, '_>, rules: &Rules) -> Option<Misreading> {
    table.refuse_unknown(&["text", "sent", "kind", "field", "at", "why"]);
    let sent = sent(&mut table);
    let kinds = MisreadKind::ALL.map(|kind| (kind.name(), kind));
    let kind = table.need("kind", |value| choice(value, &kinds), "kind = \"missing\", what must be wrong");
    let field = match field_of(&mut table, rules) {
        Entry::Absent => Some(None),
        Entry::Broken => None,
        Entry::Given(spot) => Some(Some(spot.value)),
    };
    let at = match table.take_list("at", |value| whole(value, 0, u32::MAX)) {
        Entry::Absent => Some(None),
        Entry::Broken => None,
        Entry::Given(list) => {
            let ends: Vec<usize> = list.value.iter().filter_map(|spot| usize::try_from(spot.value).ok()).collect();
            if let [from, to] = ends[..] {
                Some(Some((from, to)))
            } else {
                table.note(list.place, "a place is two numbers", "write at = [from, to], in characters");
                None
            }
        }
    };
    let (text, sent) = sent?;
    Some(Misreading { text, sent, kind: kind?.value, field: field?, at: at? })
}

impl Examples {
    /// Reads `[[reads]]`, `[[asks]]` and `[[misreads]]`.
    pub(crate) fn read(top: &mut Table<'_, '_>, rules: &Rules) -> Self {
        let mut examples = Self::default();
        top.each_table("reads", |table| {
            let at = table.here().at;
            examples.reads.extend(reading(table, rules).map(|example| (at, example)));
        });
        top.each_table("asks", |table| {
            let at = table.here().at;
            examples.asks.extend(asking(table, rules).map(|example| (at, example)));
        });
        top.each_table("misreads", |table| {
            let at = table.here().at;
            examples.misreads.extend(misreading(table, rules).map(|example| (at, example)));
        });
        examples
    }

    /// Whether there are messages to be read and messages not to be.
    #[cfg(test)]
    pub(crate) fn are_of_both_kinds(&self) -> bool {
        !self.reads.is_empty() && !self.misreads.is_empty()
    }
}
