//! The values of an office file as fields show them, and back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::{Table, Value};

use super::key::{Key, Kind};
use super::keys::all;
use crate::roster::{DayEntry, EditError, EditedFile, NewValue, weekdays_of};

/// How a line of days may write a date: as files do, or as people do.
const DATES: [&str; 3] = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"];

/// What the fields hold, by their keys.
pub(super) type Values = BTreeMap<String, String>;

/// A line of days that cannot be read: its field, and the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadLine {
    pub(super) path: String,
    pub(super) line: String,
}

/// Why fields could not be written into a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unwritable {
    Lines(Vec<BadLine>),
    Text(EditError),
}

/// What every field shows: `file` is the whole office file in force, `own` the text that the office wrote itself.
pub(super) fn of(file: &str, own: &str) -> Values {
    let whole: Table = file.parse().unwrap_or_default();
    let own: Table = own.parse().unwrap_or_default();
    all().map(|key| (key.path.clone(), shown(&key, &whole, &own))).collect()
}

/// A posted value, with the line ends of a text file and without blanks around it.
pub(super) fn tidy(posted: &str) -> String {
    let lines: Vec<&str> = posted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn shown(key: &Key, whole: &Table, own: &Table) -> String {
    let from = if matches!(key.kind, Kind::Closed | Kind::Open) { own } else { whole };
    let Some(value) = at(from, &key.path) else {
        // Waves stand in place of one moment.
        let has_waves = key.path == "release.at" && at(whole, "release.waves").is_some();
        return if has_waves { String::new() } else { key.usual.to_owned() };
    };
    let entries = || value.as_array().into_iter().flatten();
    match key.kind {
        Kind::Lines => entries().map(text).collect::<Vec<_>>().join("\n"),
        Kind::Hours => entries().map(text).collect::<Vec<_>>().join(", "),
        Kind::Closed => entries().map(|day| day_line(day, "reason")).collect::<Vec<_>>().join("\n"),
        Kind::Open => entries().map(|day| day_line(day, "hours")).collect::<Vec<_>>().join("\n"),
        Kind::Waves => {
            let wave = |wave: &Value| format!("{} {}", part(wave, "share"), part(wave, "at"));
            entries().map(wave).collect::<Vec<_>>().join("\n")
        }
        Kind::Line | Kind::Number | Kind::NumberOrWord | Kind::Yes | Kind::Choice(_) => text(value),
    }
}

fn at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => at(table.get(first)?.as_table()?, rest),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn part(value: &Value, key: &str) -> String {
    value.get(key).map(text).unwrap_or_default()
}

fn day_line(day: &Value, key: &str) -> String {
    let until = day.get("until").map(|until| format!("..{}", text(until))).unwrap_or_default();
    format!("{}{until} {}", part(day, "date"), part(day, key))
}

/// A text with these fields written into it.
///
/// # Errors
/// [`Unwritable`] names the lines that are no days, or says why the text cannot be changed.
pub(super) fn write(text: &str, changed: &[(Key, String)]) -> Result<String, Unwritable> {
    let mut bad = Vec::new();
    let mut edited = EditedFile::read(text).map_err(Unwritable::Text)?;
    for (key, value) in changed {
        let done = match key.kind {
            Kind::Hours => {
                let spans: Vec<String> = spans(value);
                let name = key.path.rsplit('.').next().unwrap_or_default();
                edited.set_hours(name, &spans, weekdays_of)
            }
            Kind::Closed | Kind::Open => {
                let days: Vec<Result<DayEntry, &str>> =
                    value.lines().map(|line| day(line, key.kind).ok_or(line)).collect();
                let wrong = days.iter().filter_map(|day| day.as_ref().err());
                bad.extend(wrong.map(|line| BadLine { path: key.path.clone(), line: (*line).to_owned() }));
                let days: Vec<DayEntry> = days.into_iter().filter_map(Result::ok).collect();
                edited.set_days(&key.path, &days)
            }
            _ => edited.set(&key.parts(), new_value(key.kind, value).as_ref()),
        };
        done.map_err(Unwritable::Text)?;
    }
    if bad.is_empty() { Ok(edited.text()) } else { Err(Unwritable::Lines(bad)) }
}

fn new_value(kind: Kind, value: &str) -> Option<NewValue> {
    let number = || value.parse().map_or_else(|_| NewValue::Text(value.to_owned()), NewValue::Number);
    match (kind, value) {
        (Kind::Lines, _) => Some(NewValue::Lines(value.lines().map(str::to_owned).collect())),
        (_, "") => None,
        (Kind::Number | Kind::NumberOrWord, _) => Some(number()),
        (Kind::Yes, "true") => Some(NewValue::Yes(true)),
        (Kind::Yes, "false") => Some(NewValue::Yes(false)),
        (Kind::Waves, _) => Some(NewValue::Waves(value.lines().map(wave).collect())),
        (Kind::Line | Kind::Yes | Kind::Choice(_) | Kind::Hours | Kind::Closed | Kind::Open, _) => {
            Some(NewValue::Text(value.to_owned()))
        }
    }
}

fn wave(line: &str) -> (String, String) {
    let (share, at) = line.trim().split_once(' ').unwrap_or((line, ""));
    (share.to_owned(), at.trim().to_owned())
}

/// Stretches of hours with commas between them.
fn spans(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// A date, year first or day first.
fn date(text: &str) -> Option<NaiveDate> {
    DATES.iter().find_map(|shape| NaiveDate::parse_from_str(text, shape).ok())
}

/// A day that is closed or open: `2026-12-28..2026-12-30 Reason`.
fn day(line: &str, kind: Kind) -> Option<DayEntry> {
    let (days, rest) = line.trim().split_once(char::is_whitespace)?;
    let (from, until) = days.split_once("..").map_or((days, None), |(from, until)| (from, Some(until)));
    let date = date(from)?;
    let until = match until {
        Some(until) => Some(self::date(until)?),
        None => None,
    };
    let keys = match kind {
        Kind::Open if until.is_none() => vec![("hours", NewValue::Lines(spans(rest)))],
        Kind::Closed => vec![("reason", NewValue::Text(rest.trim().to_owned()))],
        _ => return None,
    };
    Some(DayEntry { date, until, keys })
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;
    use crate::domain::office::OfficeId;
    use crate::domain::office_files::OfficeFiles;
    use crate::roster::{self, Roster, check_files};

    /// The files of Bogor.
    fn bogor() -> (String, OfficeFiles) {
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        (roster::print(office), roster.files_of(office).unwrap())
    }

    fn key(path: &str) -> Key {
        keys::all().find(|key| key.path == path).unwrap()
    }

    /// Bogor after fields were changed.
    fn after(fields: &[(&str, &str)]) -> (String, OfficeFiles) {
        let (_, mut files) = bogor();
        let changed: Vec<(Key, String)> = fields.iter().map(|(path, value)| (key(path), (*value).to_owned())).collect();
        files.office.text = write(&files.office.text, &changed).unwrap();
        let (office, _) = check_files(&OfficeId::read("bogor").unwrap(), &files).unwrap();
        (roster::print(&office), files)
    }

    // Negative control: with `usual` left out, a field that no file names is empty.
    #[test]
    fn fields_show_what_holds_whoever_says_it() {
        let (file, files) = bogor();
        let values = of(&file, &files.office.text);
        let shown = |path: &str| values[path].as_str();
        assert_eq!(shown("hours.jumat"), "08:00-11:00, 13:00-15:00");
        assert_eq!((shown("hours.sabtu"), shown("policy.cancelling")), ("", "false"));
        assert_eq!((shown("policy.holds_share"), shown("notices.quiet")), ("1/3", "20:00-06:00"));
        assert_eq!((shown("release.at"), shown("release.waves")), ("none", ""));
        assert!(shown("texts.id.requirements").starts_with("e-KTP asli\nKartu Keluarga (KK) asli\n"));
    }

    #[test]
    fn what_a_field_gets_is_what_it_shows_afterwards() {
        let fields = [
            ("name", "Kantor Imigrasi \"Bogor\""),
            ("hours.rabu", "09:00-12:00"),
            ("hours.sabtu", "08:00-10:00"),
            ("seats_per_hour", "40"),
            ("seats_per_day", "200"),
            ("closed", "2026-12-28..2026-12-29 Pindah gedung\n2026-12-31 Tutup buku"),
            ("open", "2026-12-19 08:00-12:00, 13:00-15:00"),
            ("release.at", ""),
            ("release.waves", "1/2 jumat 14:00\n1/2 minggu 19:00"),
            ("policy.live_per_person", "2"),
            ("policy.waiting.on", "true"),
            ("policy.reschedule.times", "2"),
            ("texts.id.topics.fee", "Dibayar di kantor pos."),
            ("texts.en.requirements", "One\nTwo\nThree"),
            ("notices.offer", "false"),
        ];
        let (file, files) = after(&fields);
        let values = of(&file, &files.office.text);
        for (path, value) in fields {
            assert_eq!(values[path], value, "{path}: {}", files.office.text);
        }
        assert_eq!(values["hours.senin"], "08:00-12:00, 13:00-15:00", "the other days of the line");
        assert!(files.office.text.contains("# six hours from Monday"), "remarks stay: {}", files.office.text);
    }

    #[test]
    fn a_line_that_is_no_day_is_named() {
        let (_, files) = bogor();
        let wrong = |path: &str, value: &str| write(&files.office.text, &[(key(path), value.to_owned())]).unwrap_err();
        let line =
            |path: &str, line: &str| Unwritable::Lines(vec![BadLine { path: path.to_owned(), line: line.to_owned() }]);
        assert_eq!(wrong("closed", "2026-12-28 Pindah\n28 Desember"), line("closed", "28 Desember"));
        assert_eq!(wrong("open", "2026-12-19"), line("open", "2026-12-19"));
        // Negative control: with `DATES` that knows the year first only, these are no days.
        let written = [("closed", "24-12-2026..26/12/2026 Natal")];
        let (_, files) = after(&written);
        assert!(files.office.text.contains("date = 2026-12-24\nuntil = 2026-12-26\n"), "{}", files.office.text);
    }
}
