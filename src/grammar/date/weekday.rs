//! Weekdays by name: in front of a date, after it, and counted from the day of sending.

use chrono::{Datelike, Days as Count, NaiveDate};

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{digit, is_blank, is_pause};

/// Days of a week.
pub(in crate::grammar::date) const WEEK: u64 = 7;

/// What people put around a date and its weekday: `Senin (07-08-2017)`.
pub(in crate::grammar::date) fn is_dress(c: char) -> bool {
    // Asked of the ends of nearly every word: letters and digits come first.
    !c.is_ascii_alphanumeric()
        && (is_pause(c) || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '/' | '|' | '"' | '\'' | '*' | '_'))
}

/// The weekday that opens a text, and what stands after it; a shortened one only beside a date.
pub(in crate::grammar::date) fn weekday_in_front(text: &str) -> Option<(u64, &str)> {
    let short = || {
        let is_dated = |after: &str| after.contains(|c| digit(c).is_some());
        WORDS.dates.short_weekdays.front(text).filter(|(_, after)| is_dated(after))
    };
    let (weekday, after) = WORDS.weekdays.front(text).or_else(short)?;
    let after = after.trim_matches(is_dress);
    let after = WORDS.dates.market_days.front(after).map_or(after, |((), after)| after.trim_matches(is_dress));
    Some((weekday, after))
}

/// The last word of a text, and what stands before it.
pub(in crate::grammar::date) fn last_word(text: &str) -> (&str, &str) {
    let start = text.rfind(|c: char| is_blank(c) || is_dress(c) && c != '\'').map_or(0, |at| at + 1);
    // The character in front may be longer than a byte.
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let (front, word) = text.split_at_checked(start).unwrap_or(("", text));
    (front.trim_matches(is_dress), word)
}

/// The weekday after a date, and the date: `07-08-2017 (Senin Kliwon)`.
pub(in crate::grammar::date) fn weekday_after_date(text: &str) -> Option<(&str, u64)> {
    let text = text.trim_matches(is_dress);
    // Nearly every date ends in its year.
    if text.ends_with(|c| digit(c).is_some()) {
        return None;
    }
    let (front, word) = last_word(text);
    let market = WORDS.dates.market_days.get(word).map(|()| last_word(front));
    let (front, word) = market.unwrap_or((front, word));
    let weekday = WORDS.weekdays.get(word).or_else(|| WORDS.dates.short_weekdays.get(word))?;
    let (before, on) = last_word(front);
    let front = if WORDS.on.get(on).is_some() { before } else { front };
    front.contains(|c| digit(c).is_some()).then_some((front, weekday))
}

/// Whether the text is a date with its weekday after it.
pub(crate) fn ends_in_weekday(text: &str) -> bool {
    weekday_after_date(text).is_some()
}

/// Which of the days with a weekday's name.
#[derive(Clone, Copy)]
pub(in crate::grammar::date) enum Week {
    Coming,
    This,
    Next,
    /// The week after the one of the day of sending, Monday to Sunday: `selasa minggu depan`.
    After,
}

/// The days that `senin`, `senin ini` and `senin depan` may be; weekdays count from Monday, 1.
pub(in crate::grammar::date) fn weekdays(sent_on: NaiveDate, weekday: u64, which: Week) -> Vec<NaiveDate> {
    let today = u64::from(sent_on.weekday().number_from_monday());
    let coming = (weekday + WEEK - today) % WEEK;
    let ahead: &[u64] = match which {
        Week::After => &[weekday + WEEK - today],
        Week::Coming if coming == 0 => &[0, WEEK],
        Week::This if weekday >= today => &[coming],
        Week::This => &[],
        Week::Next if coming == 0 => &[WEEK],
        // Friday is still ahead this week: the next Friday is that one for some, and the one after for others.
        Week::Next if weekday > today => &[coming, coming + WEEK],
        Week::Coming | Week::Next => &[coming],
    };
    ahead.iter().filter_map(|&days| sent_on.checked_add_days(Count::new(days))).collect()
}

/// Whether a day has this weekday, Monday 1.
pub(in crate::grammar::date) fn falls_on(day: NaiveDate, weekday: u64) -> bool {
    u64::from(day.weekday().number_from_monday()) == weekday
}
