//! `[hours]`, `[[closed]]` and `[[open]]` of an office file as they are written.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::texts::SENTENCE_CHARS_MAX;
use super::value::{span, weekdays};
use crate::domain::office::{Dated, Span};
use crate::sheet::{Entry, Mistake, Place, Spot, Table, date, line};

/// Longest single closing, so that a mistyped year is noticed.
const CLOSED_DAYS_MAX: i64 = 100;

/// Reads the hours of each weekday, Monday first.
pub(super) fn weekly(top: &mut Table<'_, '_>) -> [Entry<Vec<Spot<Span>>>; 7] {
    let mut week: [Entry<Vec<Spot<Span>>>; 7] = Default::default();
    let Some(mut table) = top.table("hours") else {
        return week;
    };
    for (key, place) in table.keys() {
        let days = match weekdays(key) {
            Ok(days) => days,
            Err(Mistake { what, remedy }) => {
                table.note(place, format!("`hours.{key}` {what}"), remedy);
                continue;
            }
        };
        let spans = table.take_list(key, span);
        if let Entry::Given(spans) = &spans {
            check_spans(&mut table, spans);
        }
        for day in days {
            let Some(entry) = week.get_mut(day.num_days_from_monday() as usize) else { continue };
            if matches!(entry, Entry::Absent) {
                *entry = spans.clone();
            } else {
                let what = format!("`hours.{key}` gives a weekday that another line gives too ({day})");
                table.note(place.clone(), what, "give each weekday once, like senin-kamis and jumat");
            }
        }
    }
    week
}

/// Reports spans that are out of order, overlap, or hold no whole hour: people are booked by the hour.
fn check_spans(table: &mut Table<'_, '_>, spans: &Spot<Vec<Spot<Span>>>) {
    for spot in &spans.value {
        if spot.value.hours().next().is_none() {
            let remedy = "start or end it on the hour, like \"08:00-09:00\", or remove it";
            table.note(spot.place.clone(), "no whole hour lies in this stretch, so nobody could be booked", remedy);
        }
    }
    for pair in spans.value.windows(2) {
        let [before, after] = pair else { continue };
        if after.value.from < before.value.until {
            let remedy = "write the stretches of a day from morning to evening, with a break between";
            table.note(after.place.clone(), "this stretch begins before the one in front of it ends", remedy);
        }
    }
}

/// Reads what is different on single days.
pub(super) fn dated(top: &mut Table<'_, '_>) -> BTreeMap<NaiveDate, Spot<Dated>> {
    let mut days: HashMap<NaiveDate, Place> = HashMap::new();
    let mut all = BTreeMap::new();
    top.each_table("closed", |mut table| {
        table.refuse_unknown(&["date", "until", "reason"]);
        let from = table.need("date", date, "date = 2017-08-21");
        let until = table.take("until", date);
        let reason = table.need(
            "reason",
            |value| line(value, SENTENCE_CHARS_MAX),
            "reason = \"Pindah gedung\", as citizens will read it",
        );
        let (Some(from), Some(reason)) = (from, reason) else { return };
        let last = until.given().map_or(from.value, |until| until.value);
        if !(0..CLOSED_DAYS_MAX).contains(&(last - from.value).num_days()) {
            let place = until.given().map_or(from.place, |until| until.place.clone());
            let remedy = format!("write the last day of the closing, at most {CLOSED_DAYS_MAX} days from the first");
            return table.note(place, "`closed.until` does not fit its `closed.date`", remedy);
        }
        for day in from.value.iter_days().take_while(|&day| day <= last) {
            note_repeat(&mut table, &mut days, day, &from.place);
            let value = Dated::Closed { reason: reason.value.clone() };
            all.insert(day, Spot { value, place: from.place.clone() });
        }
    });
    top.each_table("open", |mut table| {
        table.refuse_unknown(&["date", "hours"]);
        let day = table.need("date", date, "date = 2017-08-19");
        let hours = table.take_list("hours", span);
        if let Entry::Given(spans) = &hours {
            check_spans(&mut table, spans);
        }
        if hours.given().map_or(matches!(hours, Entry::Absent), |spans| spans.value.is_empty()) {
            let here = table.here();
            table.note(here, "this opening has no hours", "add hours = [\"08:00-12:00\"]");
        }
        let (Some(day), Some(hours)) = (day, hours.given()) else { return };
        note_repeat(&mut table, &mut days, day.value, &day.place);
        let spans = hours.value.iter().map(|span| span.value).collect();
        all.insert(day.value, Spot { value: Dated::Open { spans }, place: day.place });
    });
    all
}

fn note_repeat(table: &mut Table<'_, '_>, days: &mut HashMap<NaiveDate, Place>, day: NaiveDate, place: &Place) {
    if let Some(first) = days.insert(day, place.clone()) {
        let (line, _) = first.line_column();
        table.note(place.clone(), format!("{day} stands twice, first in line {line}"), "give each day once");
    }
}
