//! One calendar file: a year, and the days of it on which public offices close.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use toml::de::DeValue;

use crate::domain::calendar::Holiday;
use crate::sheet::{Entry, Place, Problem, Source, Spot, Table, date, document, line, truth, whole};

/// Longest name of a holiday: it stands in a reply.
const HOLIDAY_CHARS_MAX: usize = 100;

/// A year as its file gives it.
pub(super) struct Year {
    pub(super) year: Spot<i32>,
    pub(super) holidays: BTreeMap<NaiveDate, Holiday>,
}

/// Reads one file, noting every mistake; `None` when it names no year.
pub(super) fn read(source: &Source, problems: &mut Vec<Problem>) -> Option<Year> {
    let (root, _) = document(source, problems);
    let mut top = Table::of(source, &root, problems);
    top.refuse_unknown(&["year", "holiday"]);
    // Two digits would be a slip, and chat messages write four-digit years only.
    let year = top
        .need("year", |value| whole(value, 1945, 9999), "year = 2026")
        .and_then(|spot| Some(Spot { value: i32::try_from(spot.value).ok()?, place: spot.place }));
    let mut holidays = BTreeMap::new();
    let own_year = year.as_ref().map(|spot| spot.value);
    top.each_table("holiday", |table| {
        if let Some((day, holiday)) = read_holiday(table, own_year, &holidays) {
            holidays.insert(day, holiday);
        }
    });
    if holidays.is_empty() {
        top.note(
            Place::top(source),
            "this calendar has no holidays",
            "add [[holiday]] with date, name and name_en for each",
        );
    }
    Some(Year { year: year?, holidays })
}

fn read_holiday(
    mut table: Table<'_, '_>,
    own_year: Option<i32>,
    earlier: &BTreeMap<NaiveDate, Holiday>,
) -> Option<(NaiveDate, Holiday)> {
    table.refuse_unknown(&["date", "name", "name_en", "joint_leave"]);
    let text = |value: &DeValue<'_>| line(value, HOLIDAY_CHARS_MAX);
    let day = table.need("date", date, "date = 2026-08-17");
    let name = table.need("name", text, "name = \"Hari Kemerdekaan\"");
    let name_en = table.need("name_en", text, "name_en = \"Independence Day\"");
    let joint_leave = match table.take("joint_leave", truth) {
        Entry::Absent => false,
        Entry::Broken => return None,
        Entry::Given(spot) => spot.value,
    };
    let day = day?;
    if own_year.is_some_and(|year| day.value.year() != year) {
        let remedy = "mend the date, or move it to the calendar of its own year";
        table.note(day.place.clone(), "this day lies in another year than the file's `year`", remedy);
    }
    if let Some(first) = earlier.get(&day.value) {
        let what = format!("{} stands twice, first as {}", day.value, first.name);
        table.note(day.place, what, "join the two names in one entry");
        return None;
    }
    Some((day.value, Holiday { name: name?.value, name_en: name_en?.value, joint_leave }))
}
