//! Reads the values that only offices have: weekdays and stretches of hours.

use chrono::{NaiveTime, Weekday};
use toml::de::DeValue;

use crate::domain::office::{PerPerson, Share, Span};
use crate::sheet::{Mistake, Read, nearest, string, whole};

/// Parts that a whole is counted in at most: a finer share than a hundredth means nothing on a day of some hundred seats.
pub(super) const SHARE_OF_MAX: u32 = 100;

/// A time of day as clerks write it.
pub(super) fn clock_time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    let digits = |part: &str, widths: std::ops::RangeInclusive<usize>| {
        (widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    NaiveTime::from_hms_opt(digits(hour, 1..=2)?, digits(minute, 2..=2)?, 0)
}

/// A stretch of a day: `"08:00-12:00"`, or with dots as clerks write it, `"08.00 - 12.00"`.
pub(super) fn span(value: &DeValue<'_>) -> Read<Span> {
    let text = string(value)?;
    let parts = text.split_once(['-', '–']).and_then(|(from, until)| Some((clock_time(from)?, clock_time(until)?)));
    let Some((from, until)) = parts else {
        return Err(Mistake::new(
            format!("must be two times of day, not \"{text}\""),
            "write from and until like \"08:00-12:00\"; the last time of a day is 23:59",
        ));
    };
    if from >= until {
        let remedy = format!("write the earlier time first: \"{}\"", span_text(Span { from: until, until: from }));
        return Err(Mistake::new(format!("ends before it begins: \"{text}\""), remedy));
    }
    Ok(Span { from, until })
}

/// A time of day: `"21:00"`, or with a dot as clerks write it.
pub(super) fn time_of_day(value: &DeValue<'_>) -> Read<NaiveTime> {
    let text = string(value)?;
    clock_time(text)
        .ok_or_else(|| Mistake::new(format!("must be a time of day, not \"{text}\""), "write a time like \"21:00\""))
}

/// `"note"`, or the live bookings that one person may have.
pub(super) fn per_person(value: &DeValue<'_>, most: u32) -> Read<PerPerson> {
    if value.as_str() == Some("note") {
        return Ok(PerPerson::Note);
    }
    whole(value, 1, most).map(PerPerson::AtMost).map_err(|mistake| Mistake {
        remedy: format!("write \"note\", which refuses nobody, or a whole number from 1 to {most}"),
        ..mistake
    })
}

/// A part of a whole: `"1/3"`; `"1/1"` is all of it.
pub(super) fn share(value: &DeValue<'_>) -> Read<Share> {
    let text = string(value)?;
    let number = |part: &str| part.trim().parse().ok().filter(|number| (1..=SHARE_OF_MAX).contains(number));
    let parts = text.split_once('/').and_then(|(parts, of)| Some(Share { parts: number(parts)?, of: number(of)? }));
    parts.filter(|share| share.parts <= share.of).ok_or_else(|| {
        Mistake::new(
            format!("must be a part of a day's seats, not \"{text}\""),
            "write a fraction like \"1/3\", or \"1/1\" for all places",
        )
    })
}

/// A span in the spelling of office files.
pub(super) fn span_text(span: Span) -> String {
    format!("{}-{}", span.from.format("%H:%M"), span.until.format("%H:%M"))
}

/// The names of each weekday from Monday on, the one we print first.
pub(super) const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["senin", "monday"]),
    (Weekday::Tue, &["selasa", "tuesday"]),
    (Weekday::Wed, &["rabu", "wednesday"]),
    (Weekday::Thu, &["kamis", "thursday"]),
    (Weekday::Fri, &["jumat", "jum'at", "friday"]),
    (Weekday::Sat, &["sabtu", "saturday"]),
    (Weekday::Sun, &["minggu", "ahad", "sunday"]),
];

/// The weekday of a name in either language.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    let name = name.trim().to_lowercase();
    WEEKDAYS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|&(weekday, _)| weekday)
}

/// The weekdays that a key of `[hours]` names: `jumat`, or `senin-kamis`.
pub(super) fn weekdays(key: &str) -> Read<Vec<Weekday>> {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let unknown = |name: &str| {
        let known = WEEKDAYS.iter().flat_map(|(_, names)| names.iter().copied());
        let remedy = nearest(name.trim(), known).map_or_else(
            || "write a weekday (senin ... minggu, monday ... sunday) or a range like senin-kamis".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        Mistake::new(format!("names no weekday: \"{}\"", name.trim()), remedy)
    };
    let first_day = weekday(first).ok_or_else(|| unknown(first))?;
    let last_day = weekday(last).ok_or_else(|| unknown(last))?;
    let range = first_day.num_days_from_monday()..=last_day.num_days_from_monday();
    if range.is_empty() {
        return Err(Mistake::new("runs backwards through the week", "write the earlier weekday first, from Monday on"));
    }
    Ok(WEEKDAYS.iter().map(|&(day, _)| day).filter(|day| range.contains(&day.num_days_from_monday())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span_of(text: &str) -> Read<Span> {
        span(&DeValue::String(text.into()))
    }

    #[test]
    fn times_are_read_with_colons_or_dots_and_with_spaces() {
        let morning = span_of("08:00-12:00").unwrap();
        assert_eq!(span_of("8.00 - 12.00"), Ok(morning));
        assert_eq!(span_of("08:00–12:00"), Ok(morning));
        assert_eq!(span_text(morning), "08:00-12:00");
        for wrong in ["", "08:00", "08-12", "08:00-24:00", "8:0-12:00", "+8:00-12:00", "12:00-08:00", "08:00-08:00"] {
            assert!(span_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_and_places_of_a_person_are_read() {
        let text = |text: &'static str| DeValue::String(text.into());
        assert_eq!(share(&text("1/3")), Ok(Share { parts: 1, of: 3 }));
        assert_eq!(share(&text("1 / 1")), Ok(Share { parts: 1, of: 1 }));
        for wrong in ["", "1", "0/3", "4/3", "1/0", "1/101", "-1/3", "a/b"] {
            assert!(share(&text(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(per_person(&text("note"), 50), Ok(PerPerson::Note));
        assert!(per_person(&text("refuse"), 50).is_err());
    }

    #[test]
    fn weekdays_are_read_in_two_languages_and_as_ranges() {
        assert_eq!(weekdays("Jumat"), Ok(vec![Weekday::Fri]));
        assert_eq!(weekdays("friday"), Ok(vec![Weekday::Fri]));
        assert_eq!(weekdays("senin-rabu"), Ok(vec![Weekday::Mon, Weekday::Tue, Weekday::Wed]));
        assert_eq!(weekdays("senen").unwrap_err().remedy, "did you mean `senin`?");
        assert!(weekdays("kamis-senin").is_err());
        assert!(weekdays("senin-").is_err());
    }
}
