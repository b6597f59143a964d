//! The values that keys get.

use toml_edit::{Array, Decor, InlineTable, Value};

/// More entries than this stand in a list with a line each.
const ENTRIES_ON_ONE_LINE_MAX: usize = 2;

/// A value that a key gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Yes(bool),
    /// A list of texts, a line each where they are more than two.
    Lines(Vec<String>),
    /// A list of words, on one line.
    Words(Vec<String>),
    /// The waves of a release: share and moment.
    Waves(Vec<(String, String)>),
}

impl From<&str> for NewValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

pub(super) fn written(value: &NewValue) -> Value {
    match value {
        NewValue::Text(text) => Value::from(text.as_str()),
        NewValue::Number(number) => Value::from(*number),
        NewValue::Yes(yes) => Value::from(*yes),
        NewValue::Words(words) => Value::Array(words.iter().map(String::as_str).collect()),
        NewValue::Lines(lines) => {
            let mut array: Array = lines.iter().map(String::as_str).collect();
            if lines.len() > ENTRIES_ON_ONE_LINE_MAX {
                for entry in array.iter_mut() {
                    *entry.decor_mut() = Decor::new("\n    ", "");
                }
                array.set_trailing_comma(true);
                array.set_trailing("\n");
            }
            Value::Array(array)
        }
        NewValue::Waves(waves) => {
            let wave = |(share, at): &(String, String)| {
                let mut table = InlineTable::new();
                table.insert("share", Value::from(share.as_str()));
                table.insert("at", Value::from(at.as_str()));
                Value::InlineTable(table)
            };
            Value::Array(waves.iter().map(wave).collect())
        }
    }
}
