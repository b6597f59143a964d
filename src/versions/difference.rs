//! What differs between two versions, key by key.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::roster::format_id;

/// One key that differs. `closed.2026-12-28` and `holiday.2026-12-24` are days; `format.ID.pattern` is a key of a format.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// The key with the tables that it stands in.
    pub key: String,
    /// Its value before; none where it is new.
    pub before: Option<String>,
    /// Its value now; none where it is gone.
    pub after: Option<String>,
}

/// What the second of two versions changes, by the whole office file and the files of each.
pub fn difference(old: (&str, &OfficeFiles), new: (&str, &OfficeFiles)) -> Vec<Change> {
    let (before, after) = (keys(old.0, old.1), keys(new.0, new.1));
    let mut changes = Vec::new();
    for (key, value) in &before {
        let now = after.get(key);
        if now != Some(value) {
            changes.push(Change { key: key.clone(), before: Some(value.clone()), after: now.cloned() });
        }
    }
    let added = after.iter().filter(|(key, _)| !before.contains_key(*key));
    changes.extend(added.map(|(key, value)| Change { key: key.clone(), before: None, after: Some(value.clone()) }));
    changes.sort_by(|one, other| one.key.cmp(&other.key));
    changes
}

/// A change in words.
pub fn sentence(change: &Change) -> String {
    let Change { key, before, after } = change;
    match (before, after) {
        (Some(before), Some(after)) => format!("{key}: {before} -> {after}"),
        (None, Some(after)) => format!("{key}: new, {after}"),
        (Some(before), None) => format!("{key}: removed, it was {before}"),
        (None, None) => key.clone(),
    }
}

/// Every key with its value, in words.
fn keys(file: &str, files: &OfficeFiles) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    if let Ok(table) = file.parse::<Table>() {
        flatten("", &table, &mut keys);
    }
    keys.remove("version");
    for TextFile { name, text } in &files.formats {
        let Ok(table) = text.parse::<Table>() else { continue };
        let id = format_id(text).map_or_else(|| name.clone(), |id| id.as_str().to_owned());
        flatten(&format!("format.{id}."), &table, &mut keys);
    }
    for TextFile { text, .. } in &files.calendars {
        let Ok(table) = text.parse::<Table>() else { continue };
        for holiday in table.get("holiday").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| holiday.get(key).map(shown).unwrap_or_default();
            let leave = if text("joint_leave") == "true" { ", cuti bersama" } else { "" };
            keys.insert(format!("holiday.{}", text("date")), format!("{} ({}){leave}", text("name"), text("name_en")));
        }
    }
    keys
}

fn flatten(prefix: &str, table: &Table, keys: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        match value {
            Value::Table(inner) => flatten(&format!("{prefix}{key}."), inner, keys),
            Value::Array(entries) if entries.iter().any(Value::is_table) => {
                for (number, entry) in entries.iter().enumerate() {
                    let Some(entry) = entry.as_table() else { continue };
                    // Days are known by their date.
                    let name = entry.get("date").map_or_else(|| (number + 1).to_string(), shown);
                    let others = entry.iter().filter(|(inner, _)| *inner != "date");
                    let values: Vec<String> = others.map(|(_, value)| shown(value)).collect();
                    keys.insert(format!("{prefix}{key}.{name}"), values.join(", "));
                }
            }
            other => {
                keys.insert(format!("{prefix}{key}"), shown(other));
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with arrays of tables numbered and not dated, the second day is said to have changed.
    #[test]
    fn a_day_is_known_by_its_date_and_the_number_of_the_version_is_no_change() {
        let files = OfficeFiles::default();
        let day = |date: &str, why: &str| format!("[[closed]]\ndate = {date}\nreason = \"{why}\"\n");
        let old = format!("version = 1\nseats_per_hour = 20\n{}", day("2026-12-28", "Pindah"));
        let new =
            format!("version = 2\nseats_per_hour = 25\n{}{}", day("2026-12-24", "Natal"), day("2026-12-28", "Pindah"));
        let changes = difference((&old, &files), (&new, &files));
        let said: Vec<String> = changes.iter().map(sentence).collect();
        assert_eq!(said, ["closed.2026-12-24: new, Natal", "seats_per_hour: 20 -> 25"]);
        assert!(difference((&new, &files), (&new, &files)).is_empty());
    }

    #[test]
    fn formats_and_holidays_are_compared_too() {
        let files = |line: &str, holiday: &str| OfficeFiles {
            formats: vec![TextFile { name: "x.toml".into(), text: format!("id = \"f\"\npattern = \"{line}\"\n") }],
            calendars: vec![TextFile {
                name: "2027.toml".into(),
                text: format!("year = 2027\n[[holiday]]\ndate = {holiday}\nname = \"A\"\nname_en = \"B\"\n"),
            }],
            ..OfficeFiles::default()
        };
        let changes = difference(("", &files("#Nama", "2027-01-01")), ("", &files("#Nama#TglLahir", "2027-01-02")));
        let said: Vec<String> = changes.iter().map(sentence).collect();
        let wanted = [
            "format.f.pattern: #Nama -> #Nama#TglLahir",
            "holiday.2027-01-01: removed, it was A (B)",
            "holiday.2027-01-02: new, A (B)",
        ];
        assert_eq!(said, wanted);
    }
}
