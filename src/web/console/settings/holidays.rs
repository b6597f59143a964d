//! The holidays of a year as lines, and read from the files in which others publish them.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::roster::{DayEntry, EditError, EditedFile, NewValue};

/// The word of a line for joint leave.
const LEAVE: &str = "cuti";
/// Longest event of a calendar file, in days: longer ones are no holidays.
const EVENT_DAYS_MAX: usize = 31;

/// The holidays of a year.
pub(super) type Year = BTreeMap<NaiveDate, Holiday>;

/// The holidays of a year as a calendar has them.
pub(super) fn of(calendar: &Calendar, year: i32) -> Year {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let days = first.iter_days().take_while(|day| day.year() == year);
    days.filter_map(|day| Some((day, calendar.holiday(day)?.clone()))).collect()
}

/// A line for each day.
pub(super) fn lines(year: &Year) -> String {
    let line = |(date, holiday): (&NaiveDate, &Holiday)| {
        let leave = if holiday.joint_leave { format!("; {LEAVE}") } else { String::new() };
        format!("{date}; {}; {}{leave}", holiday.name, holiday.name_en)
    };
    year.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads lines back.
///
/// # Errors
/// The lines that are no holidays of the year.
pub(super) fn read_lines(text: &str, year: i32) -> Result<Year, Vec<String>> {
    let (mut days, mut bad) = (Year::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match read_line(line).filter(|(date, _)| date.year() == year) {
            Some((date, holiday)) => {
                days.insert(date, holiday);
            }
            None => bad.push(line.to_owned()),
        }
    }
    if bad.is_empty() { Ok(days) } else { Err(bad) }
}

fn read_line(line: &str) -> Option<(NaiveDate, Holiday)> {
    let mut parts = line.split(';').map(str::trim);
    let date = date(parts.next()?)?;
    holiday(date, parts.next()?, parts.next().unwrap_or_default(), parts.next())
}

fn holiday(date: NaiveDate, name: &str, name_en: &str, leave: Option<&str>) -> Option<(NaiveDate, Holiday)> {
    if name.is_empty() {
        return None;
    }
    let name_en = if name_en.is_empty() { name } else { name_en };
    let (name, name_en) = (name.replace(';', ","), name_en.replace(';', ","));
    let leave = leave.map(str::to_lowercase);
    let is_said =
        leave.is_some_and(|leave| matches!(leave.as_str(), LEAVE | "cuti bersama" | "ya" | "yes" | "true" | "1"));
    let joint_leave = is_said || name.to_lowercase().starts_with("cuti bersama");
    Some((date, Holiday { name, name_en, joint_leave }))
}

/// A date as files have it: 2026-12-25, 25/12/2026, 25-12-2026 or 20261225.
fn date(text: &str) -> Option<NaiveDate> {
    let formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d"];
    formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())
}

/// Reads the days of a year from the text of a TOML, ICS or CSV file.
pub(super) fn import(text: &str, year: i32) -> Year {
    let days = if text.contains("BEGIN:VCALENDAR") || text.contains("BEGIN:VEVENT") {
        ics(text)
    } else if text.contains("[[holiday]]") {
        toml(text)
    } else {
        csv(text)
    };
    days.into_iter().filter(|(date, _)| date.year() == year).collect()
}

fn toml(text: &str) -> Vec<(NaiveDate, Holiday)> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let entries = table.get("holiday").and_then(toml::Value::as_array).into_iter().flatten();
    let entry = |entry: &toml::Value| {
        let text =
            |key: &str| entry.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let leave = text("joint_leave");
        holiday(date(&text("date")?)?, &text("name")?, &text("name_en").unwrap_or_default(), leave.as_deref())
    };
    entries.filter_map(entry).collect()
}

fn csv(text: &str) -> Vec<(NaiveDate, Holiday)> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b','].into_iter().find(|mark| first.as_bytes().contains(mark)).unwrap_or(b';');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let row =
        |row: csv::StringRecord| holiday(date(row.get(0)?)?, row.get(1)?, row.get(2).unwrap_or_default(), row.get(3));
    reader.records().filter_map(|record| row(record.ok()?)).collect()
}

fn ics(text: &str) -> Vec<(NaiveDate, Holiday)> {
    // A long line goes on in the next one, which begins with a blank.
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut days = Vec::new();
    for event in unfolded.split("BEGIN:VEVENT").skip(1) {
        let value = |key: &str| {
            let line = event.lines().find(|line| {
                line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':') || rest.starts_with(';'))
            })?;
            line.split_once(':').map(|(_, value)| value.trim().to_owned())
        };
        let day = |key: &str| value(key).and_then(|value| date(value.get(..8)?));
        let (Some(from), Some(name)) = (day("DTSTART"), value("SUMMARY")) else { continue };
        let name = name.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ").replace(';', ",");
        // The end of an event is the day after it.
        let end = day("DTEND").filter(|end| *end > from).or_else(|| from.checked_add_days(Days::new(1)));
        let until = from.iter_days().take_while(|day| Some(*day) < end).take(EVENT_DAYS_MAX);
        days.extend(until.filter_map(|date| holiday(date, &name, "", None)));
    }
    days
}

/// Writes the holidays of a year into an office's files; entries that stay the same are not touched.
///
/// # Errors
/// [`EditError`] where the calendar that is there cannot be changed.
pub(super) fn write(files: &mut OfficeFiles, year: i32, days: &Year) -> Result<(), EditError> {
    let is_of_year = |file: &&mut TextFile| {
        let table: Option<toml::Table> = file.text.parse().ok();
        table.and_then(|table| table.get("year")?.as_integer()) == Some(i64::from(year))
    };
    let entry = |(date, holiday): (&NaiveDate, &Holiday)| {
        let mut keys =
            vec![("name", NewValue::Text(holiday.name.clone())), ("name_en", NewValue::Text(holiday.name_en.clone()))];
        if holiday.joint_leave {
            keys.push(("joint_leave", NewValue::Yes(true)));
        }
        DayEntry { date: *date, until: None, keys }
    };
    let entries: Vec<DayEntry> = days.iter().map(entry).collect();
    let old = files.calendars.iter_mut().find(is_of_year);
    let mut edited =
        EditedFile::read(old.as_ref().map_or(format!("year = {year}\n").as_str(), |file| file.text.as_str()))?;
    edited.set_days("holiday", &entries)?;
    match old {
        Some(file) => file.text = edited.text(),
        None => files.calendars.push(TextFile { name: format!("{year}.toml"), text: edited.text() }),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(year: &Year) -> Vec<String> {
        lines(year).lines().map(str::to_owned).collect()
    }

    // Negative control: with the last day of an event counted in, 25 December is there twice.
    #[test]
    fn three_kinds_of_files_say_the_same_days() {
        let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226\r\n\
                   SUMMARY:Libur Na\r\n tal\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20270101T000000Z\r\nSUMMARY:Lain\r\n\
                   END:VEVENT\r\nEND:VCALENDAR\r\n";
        let wanted = ["2026-12-24; Libur Natal; Libur Natal", "2026-12-25; Libur Natal; Libur Natal"];
        assert_eq!(said(&import(ics, 2026)), wanted);
        let csv =
            "Tanggal,Nama,Name\n24/12/2026,Cuti bersama Natal,Joint leave\n2026-12-25,\"Natal, hari raya\",Christmas\n";
        let wanted = ["2026-12-24; Cuti bersama Natal; Joint leave; cuti", "2026-12-25; Natal, hari raya; Christmas"];
        assert_eq!(said(&import(csv, 2026)), wanted);
        let toml = "year = 2026\n[[holiday]]\ndate = 2026-12-25\nname = \"Natal\"\nname_en = \"Christmas\"\n";
        assert_eq!(said(&import(toml, 2026)), ["2026-12-25; Natal; Christmas"]);
        assert!(import("apa saja", 2026).is_empty() && import(toml, 2027).is_empty());
    }

    #[test]
    fn lines_read_back_and_a_wrong_one_is_named() {
        let text = "2026-12-24; Cuti bersama; Joint leave; cuti\n2026-12-25; Natal; Christmas";
        let year = read_lines(text, 2026).unwrap();
        assert_eq!(lines(&year), text);
        assert_eq!(read_lines("25 Desember; Natal\n2027-01-01; A; B", 2026).unwrap_err().len(), 2);
        let mut files = OfficeFiles::default();
        write(&mut files, 2026, &year).unwrap();
        assert_eq!(import(&files.calendars[0].text, 2026), year);
        let shorter: Year = year.into_iter().skip(1).collect();
        write(&mut files, 2026, &shorter).unwrap();
        assert_eq!(files.calendars.len(), 1);
        assert_eq!(import(&files.calendars[0].text, 2026), shorter);
    }
}
