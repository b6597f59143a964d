//! Changes the days of an office file (`[[closed]]`, `[[open]]`), those of a calendar (`[[holiday]]`), and the week: what stays the same is
//! not touched.

use chrono::NaiveDate;
use toml_edit::{ArrayOfTables, Item, Table, Value};

use super::file::{EditError, EditedFile};
use super::value::{NewValue, written};

/// One entry: its day, and its other keys with their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEntry {
    /// The day.
    pub date: NaiveDate,
    /// The last day, where there are more.
    pub until: Option<NaiveDate>,
    /// The other keys, in their order.
    pub keys: Vec<(&'static str, NewValue)>,
}

impl DayEntry {
    fn table(&self) -> Table {
        let mut table = Table::new();
        table.insert("date", Item::Value(day(self.date)));
        if let Some(until) = self.until {
            table.insert("until", Item::Value(day(until)));
        }
        for (key, value) in &self.keys {
            table.insert(key, Item::Value(written(value)));
        }
        table
    }

    /// Whether a table of the text says the same.
    fn is(&self, table: &Table) -> bool {
        let own = self.table();
        let same_value =
            |(key, value): (&str, &Item)| table.get(key).is_some_and(|theirs| plain(theirs) == plain(value));
        own.len() == table.len() && own.iter().all(same_value)
    }
}

/// What a value says, however it is written and whatever stands beside it.
fn plain(item: &Item) -> Option<String> {
    fn said(value: &Value) -> String {
        match value {
            Value::String(text) => text.value().clone(),
            Value::Array(values) => values.iter().map(said).collect::<Vec<_>>().join("\n"),
            other => other.clone().decorated("", "").to_string(),
        }
    }
    item.as_value().map(said)
}

fn day(date: NaiveDate) -> Value {
    // A date of chrono always reads as one of TOML.
    date.to_string().parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(date.to_string()), Value::from)
}

impl EditedFile {
    /// Makes the entries of an array of tables these: those that are the same stay as they are, in their order.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where the key holds something else.
    pub fn set_days(&mut self, key: &str, wanted: &[DayEntry]) -> Result<(), EditError> {
        let document = self.document();
        if wanted.is_empty() {
            document.remove(key);
            return Ok(());
        }
        let item = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        if item.as_array().is_some_and(toml_edit::Array::is_empty) {
            *item = Item::ArrayOfTables(ArrayOfTables::new());
        }
        let Some(tables) = item.as_array_of_tables_mut() else { return Err(EditError::NoTable(key.to_owned())) };
        tables.retain(|table| wanted.iter().any(|entry| entry.is(table)));
        let new: Vec<&DayEntry> = wanted.iter().filter(|entry| !tables.iter().any(|table| entry.is(table))).collect();
        for entry in new {
            tables.push(entry.table());
        }
        Ok(())
    }

    /// Gives a weekday its hours. Of a line for several days, the others keep theirs.
    ///
    /// # Errors
    /// [`EditError::NoTable`] where `hours` is no table.
    pub fn set_hours(
        &mut self,
        name: &str,
        spans: &[String],
        days_of: impl Fn(&str) -> Vec<&'static str>,
    ) -> Result<(), EditError> {
        let value = NewValue::Lines(spans.to_vec());
        let no_table = || EditError::NoTable("hours".to_owned());
        let line = self.keys(&["hours"]).into_iter().find(|key| days_of(key).contains(&name));
        let Some(line) = line else { return self.set(&["hours", name], Some(&value)) };
        let days = days_of(&line);
        if days.len() == 1 {
            return self.set(&["hours", &line], Some(&value));
        }
        let hours = self.document().get_mut("hours").and_then(Item::as_table_like_mut).ok_or_else(no_table)?;
        let Some(old) = hours.remove(&line) else { return Ok(()) };
        for day in days {
            let item = if day == name { Item::Value(written(&value)) } else { old.clone() };
            hours.insert(day, item);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(date: &str, reason: &str) -> DayEntry {
        let date = date.parse().unwrap();
        DayEntry { date, until: None, keys: vec![("reason", NewValue::Text(reason.to_owned()))] }
    }

    // Negative control: with all entries written anew, the remark at the first one is gone.
    #[test]
    fn days_that_stay_keep_their_remarks() {
        let text = "id = \"a\"\n\n# Decided in May.\n[[closed]]\ndate = 2026-12-28 # a Monday\nreason = \"Pindah\"\n\n\
                    [[closed]]\ndate = 2026-12-30\nreason = \"Lain\"\n";
        let mut edited = EditedFile::read(text).unwrap();
        let same = [closed("2026-12-28", "Pindah"), closed("2026-12-30", "Lain")];
        edited.set_days("closed", &same).unwrap();
        assert_eq!(edited.text(), text);
        edited.set_days("closed", &[closed("2026-12-24", "Natal"), closed("2026-12-28", "Pindah")]).unwrap();
        let said = edited.text();
        assert!(said.contains("# Decided in May.\n[[closed]]\ndate = 2026-12-28 # a Monday"), "{said}");
        assert!(said.contains("date = 2026-12-24\nreason = \"Natal\"") && !said.contains("Lain"), "{said}");
        edited.set_days("closed", &[]).unwrap();
        assert!(!edited.text().contains("closed"), "{}", edited.text());
        edited.set_days("closed", &same).unwrap();
        let table: toml::Table = edited.text().parse().unwrap();
        assert_eq!(table["closed"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn one_day_of_several_gets_hours_of_its_own() {
        let days_of = |key: &str| match key {
            "senin-rabu" => vec!["senin", "selasa", "rabu"],
            "jumat" => vec!["jumat"],
            _ => Vec::new(),
        };
        let text = "[hours]\nsenin-rabu = [\"08:00-12:00\"] # early\njumat = [\"08:00-11:00\"]\n";
        let mut edited = EditedFile::read(text).unwrap();
        edited.set_hours("selasa", &["09:00-12:00".to_owned()], days_of).unwrap();
        edited.set_hours("jumat", &[], days_of).unwrap();
        edited.set_hours("sabtu", &["08:00-10:00".to_owned()], days_of).unwrap();
        let table: toml::Table = edited.text().parse().unwrap();
        let hours = |day: &str| table["hours"][day].to_string();
        assert_eq!(hours("senin"), "[\"08:00-12:00\"]", "{}", edited.text());
        assert_eq!(hours("rabu"), hours("senin"));
        assert_eq!(hours("selasa"), "[\"09:00-12:00\"]");
        assert_eq!((hours("jumat"), hours("sabtu")), ("[]".to_owned(), "[\"08:00-10:00\"]".to_owned()));
    }
}
