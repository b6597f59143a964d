//! Changes single keys of an office's TOML text, and leaves every comment and the order of everything else as they are.

use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, Table, TableLike, Value};

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
    /// A list of texts.
    Lines(Vec<String>),
    /// The waves of a release: share and moment.
    Waves(Vec<(String, String)>),
}

/// Why a text could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is no TOML.
    #[error("it is no TOML: {0}")]
    NoToml(String),
    /// A key that has to be a table holds something else.
    #[error("`{0}` is no table")]
    NoTable(String),
}

/// A text of which keys are changed.
#[derive(Debug, Clone)]
pub struct Edited(DocumentMut);

impl Edited {
    /// Reads a text.
    ///
    /// # Errors
    /// [`EditError::NoToml`].
    pub fn of(text: &str) -> Result<Self, EditError> {
        text.parse().map(Self).map_err(|error: toml_edit::TomlError| EditError::NoToml(error.message().to_owned()))
    }

    /// The text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Whether the text has a key.
    pub fn has(&self, path: &str) -> bool {
        let mut at: &Item = self.0.as_item();
        for key in path.split('.') {
            match at.as_table_like().and_then(|table| table.get(key)) {
                Some(item) => at = item,
                None => return false,
            }
        }
        true
    }

    /// Gives a key a value, or takes it away. Tables that a new key needs are added.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where one of the tables is something else.
    pub fn set(&mut self, path: &str, value: Option<&NewValue>) -> Result<(), EditError> {
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        let Some(value) = value else {
            if let Some(table) = self.table(tables, false)? {
                table.remove(key);
            }
            return Ok(());
        };
        let Some(table) = self.table(tables, true)? else { return Err(EditError::NoTable(tables.to_owned())) };
        let mut new = written(value);
        if let Some(Item::Value(old)) = table.get_mut(key) {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        } else {
            table.insert(key, Item::Value(new));
        }
        Ok(())
    }

    /// The table at a path; a missing one is added where that is asked for.
    pub(super) fn table(&mut self, path: &str, adds: bool) -> Result<Option<&mut dyn TableLike>, EditError> {
        let mut at: &mut Item = self.0.as_item_mut();
        for key in path.split('.').filter(|key| !key.is_empty()) {
            let Some(table) = at.as_table_like_mut() else { return Err(EditError::NoTable(path.to_owned())) };
            if !table.contains_key(key) {
                if !adds {
                    return Ok(None);
                }
                table.insert(key, Item::Table(Table::new()));
            }
            let Some(next) = table.get_mut(key) else { return Err(EditError::NoTable(path.to_owned())) };
            at = next;
        }
        at.as_table_like_mut().map(Some).ok_or_else(|| EditError::NoTable(path.to_owned()))
    }

    /// The document, for what is more than a key.
    pub(super) fn document(&mut self) -> &mut DocumentMut {
        &mut self.0
    }
}

pub(super) fn written(value: &NewValue) -> Value {
    match value {
        NewValue::Text(text) => Value::from(text.as_str()),
        NewValue::Number(number) => Value::from(*number),
        NewValue::Yes(yes) => Value::from(*yes),
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Bogor, from 7 August 2017.\nextend = \"base.toml\"\n\nid = \"bogor\"\nversion = 2\n\
                        seats_per_hour = 50                 # six hours\n\n[policy]\n# When full.\nwhen_full = \"roll\"\n\
                        hold_minutes = 30 # half an hour\n\n[[closed]]\ndate = 2026-12-28\nreason = \"Pindah\"\n";

    // Negative control: without the old decor, the comment behind a changed value is gone.
    #[test]
    fn only_the_key_changes() {
        let mut edited = Edited::of(TEXT).unwrap();
        assert_eq!(edited.text(), TEXT);
        edited.set("seats_per_hour", Some(&NewValue::Number(40))).unwrap();
        edited.set("policy.hold_minutes", Some(&NewValue::Number(45))).unwrap();
        assert_eq!(edited.text(), TEXT.replace("= 50 ", "= 40 ").replace("= 30 #", "= 45 #"));
        edited.set("policy.when_full", None).unwrap();
        assert!(!edited.has("policy.when_full") && edited.has("policy.hold_minutes"), "{}", edited.text());
    }

    #[test]
    fn a_new_key_gets_its_table() {
        let mut edited = Edited::of(TEXT).unwrap();
        edited.set("site", Some(&NewValue::Text("Loket \"A\"".into()))).unwrap();
        edited.set("policy.reschedule.times", Some(&NewValue::Number(2))).unwrap();
        let lines = ["a", "b", "c"].map(str::to_owned).to_vec();
        edited.set("texts.id.requirements", Some(&NewValue::Lines(lines))).unwrap();
        let table: toml::Table = edited.text().parse().unwrap();
        assert_eq!(table["site"].as_str(), Some("Loket \"A\""), "{}", edited.text());
        assert_eq!(table["policy"]["reschedule"]["times"].as_integer(), Some(2));
        assert_eq!(table["texts"]["id"]["requirements"].as_array().unwrap().len(), 3);
        assert_eq!(table["closed"].as_array().unwrap().len(), 1);
        assert!(edited.text().contains("requirements = [\n    \"a\",\n    \"b\",\n    \"c\",\n]"), "{}", edited.text());
        assert!(matches!(edited.set("id.x", Some(&NewValue::Yes(true))), Err(EditError::NoTable(_))));
    }
}
