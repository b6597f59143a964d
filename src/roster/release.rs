//! `[release]` of an office file: when the days of a week can be booked.

use std::fmt::Write;

use chrono::{NaiveTime, Weekday};
use toml::de::DeValue;

use super::value::{SHARE_OF_MAX, WEEKDAYS, clock_time, share, weekday};
use crate::domain::office::{Release, Share, Wave};
use crate::sheet::{Entry, Mistake, Read, Spot, Table, string};

pub(super) const KEYS: [&str; 2] = ["at", "waves"];
const WAVE_KEYS: [&str; 2] = ["share", "at"];
/// All seats in one wave.
const ALL: Share = Share { parts: 1, of: 1 };
/// What a file writes that has no release calendar, although its base file has one.
const NONE: &str = "none";

/// Reads the table; every mistake is noted in it. `None`: the office releases no days, whatever its base file says.
pub(super) fn read(mut table: Table<'_, '_>) -> Entry<Option<Release>> {
    let known = table.problems();
    table.refuse_unknown(&KEYS);
    let place = table.here();
    let at = table.take("at", single);
    let mut waves = Vec::new();
    table.each_table("waves", |mut wave| {
        wave.refuse_unknown(&WAVE_KEYS);
        let share = wave.need("share", share, "share = \"1/2\", the part of each day's seats");
        let at = wave.need("at", moment, "at = \"jumat 14:00\"");
        if let (Some(share), Some(at)) = (share, at) {
            let (weekday, at) = at.value;
            waves.push(Wave { share: share.value, weekday, at });
        }
    });
    match (&at, waves.is_empty()) {
        (Entry::Given(at), true) => {
            let wave = |(weekday, at)| Release { waves: vec![Wave { share: ALL, weekday, at }] };
            return Entry::Given(Spot { value: at.value.map(wave), place });
        }
        (Entry::Given(at), false) => {
            let remedy = "remove it: each wave has a moment of its own";
            table.note(at.place.clone(), "`release.at` stands beside `release.waves`", remedy);
        }
        (Entry::Absent, true) if table.problems() == known => {
            table.note(place.clone(), "this release has no moment", "add at = \"jumat 14:00\"");
        }
        _ => {}
    }
    let release = Release { waves };
    if table.problems() == known {
        for (what, remedy) in mistakes(&release) {
            table.note(place.clone(), what, remedy);
        }
    }
    if table.problems() == known { Entry::Given(Spot { value: Some(release), place }) } else { Entry::Broken }
}

/// What is wrong with waves that are right one by one.
fn mistakes(release: &Release) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if release.waves.len() > Release::WAVES_MAX {
        let most = Release::WAVES_MAX;
        found.push((format!("`release.waves` has more than {most} waves"), format!("write at most {most}")));
        return found;
    }
    if !release.is_whole() {
        let what = "the shares of `release.waves` do not make up all seats".to_owned();
        found.push((what, "write shares that add up to 1, like \"1/2\", \"1/3\" and \"1/6\"".to_owned()));
    }
    if !release.is_ordered() {
        let what = "`release.waves` are not in the order of the week".to_owned();
        found.push((what, "write the earliest first, from Monday on, each at a moment of its own".to_owned()));
    }
    found
}

/// The keys of `[release]` in the spelling of office files.
pub(super) fn printed(release: &Release) -> String {
    let text = |wave: &Wave| {
        let name = WEEKDAYS.iter().find(|(day, _)| *day == wave.weekday).and_then(|(_, names)| names.first());
        format!("{} {}", name.unwrap_or(&""), wave.at.format("%H:%M"))
    };
    if let [wave] = release.waves.as_slice() {
        return format!("at = \"{}\"", text(wave));
    }
    let mut page = String::from("waves = [\n");
    for wave in &release.waves {
        // Writing into a String cannot fail.
        let _ = writeln!(page, "    {{ share = \"{}\", at = \"{}\" }},", wave.share, text(wave));
    }
    page.push(']');
    page
}

/// Reads a release as a story writes it: `jumat 14:00`, or `1/2 jumat 14:00, 1/2 sabtu 09:00`.
pub fn release_of(text: &str) -> Option<Release> {
    let part = |text: &str| {
        let (parts, of) = text.split_once('/')?;
        let share = Share { parts: parts.parse().ok()?, of: of.parse().ok()? };
        (share.of <= SHARE_OF_MAX).then_some(share)
    };
    let wave = |text: &str| {
        let (first, rest) = text.trim().split_once(' ')?;
        let (share, moment) = part(first).map_or((ALL, text.trim()), |share| (share, rest));
        let (weekday, at) = parsed(moment)?;
        Some(Wave { share, weekday, at })
    };
    let release = Release { waves: text.split(',').map(wave).collect::<Option<_>>()? };
    mistakes(&release).is_empty().then_some(release)
}

/// `jumat 14:00`.
fn parsed(text: &str) -> Option<(Weekday, NaiveTime)> {
    let (day, time) = text.trim().split_once(' ')?;
    Some((weekday(day)?, clock_time(time)?))
}

fn moment(value: &DeValue<'_>) -> Read<(Weekday, NaiveTime)> {
    let text = string(value)?;
    parsed(text).ok_or_else(|| {
        let what = format!("must be a weekday and a time, not \"{text}\"");
        Mistake::new(what, "write both like \"jumat 14:00\"")
    })
}

/// The moment of the only wave, or `"none"`.
fn single(value: &DeValue<'_>) -> Read<Option<(Weekday, NaiveTime)>> {
    if value.as_str() == Some(NONE) {
        return Ok(None);
    }
    moment(value).map(Some)
}
