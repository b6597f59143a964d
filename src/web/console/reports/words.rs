//! Names, days and times of the reports in words.

use chrono::{Datelike, NaiveDate};

use super::texts::Texts;
use crate::domain::figures::Classes;
use crate::web::console::page::Frame;

/// Letters of a month's or a weekday's short name.
const SHORT: usize = 3;

/// Why something was refused; a reason of a later version by its own name.
pub(super) fn reason(t: &Texts, name: &str) -> String {
    let words = match name {
        "refused: day full" => t.why_day_full,
        "refused: all days full" => t.why_all_full,
        "refused: outside intake hours" => t.why_intake,
        "refused: too many people" => t.why_party,
        "refused: person is booked" => t.why_person,
        "refused: too many holds" => t.why_holds,
        "refused: number has others" => t.why_others,
        "refused: number has too many" => t.why_many,
        "refused: day is over" => t.why_past,
        "refused: too soon" => t.why_soon,
        "refused: closed that weekday" => t.why_weekday,
        "refused: holiday" => t.why_holiday,
        "refused: office closed" => t.why_closed,
        "refused: too far ahead" => t.why_far,
        "refused: not that half of the day" => t.why_session,
        "refused: no calendar" => t.why_calendar,
        "refused: not released yet" => t.why_release,
        "code expired" => t.why_expired,
        "code blocked" => t.why_blocked,
        "hold on closed day" => t.why_hold_closed,
        "cancel not allowed" => t.why_cancel,
        "move refused" => t.why_move,
        "not undone" => t.why_undo,
        other => other,
    };
    words.to_owned()
}

/// `Sel 4/8`.
pub(super) fn short_day(frame: &Frame, day: NaiveDate) -> String {
    let weekday: String = frame.date(day).chars().take(SHORT).collect();
    format!("{weekday} {}/{}", day.day(), day.month())
}

/// `Agu 2026`.
pub(super) fn short_month(frame: &Frame, day: NaiveDate) -> String {
    let words = frame.plain_date(day);
    let month: String = words.split(' ').nth(1).unwrap_or_default().chars().take(SHORT).collect();
    format!("{month} {}", day.year())
}

/// So many seconds in the unit that people would say.
fn seconds(t: &Texts, seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} {}", t.second),
        60..3_600 => format!("{} {}", seconds / 60, t.minute),
        3_600..86_400 => format!("{} {}", seconds / 3_600, t.hour_unit),
        _ => format!("{} {}", seconds / 86_400, t.day_unit),
    }
}

/// The classes of replies, by name.
pub(super) fn of_replies(t: &Texts, classes: &Classes) -> Vec<(String, u64)> {
    let up_to = classes.up_to.iter().map(|(longest, count)| (format!("{} {}", t.up_to, seconds(t, *longest)), *count));
    up_to.chain([(t.longer.to_owned(), classes.longer), (t.never.to_owned(), classes.never)]).collect()
}

/// The classes of waits, by name.
pub(super) fn of_waits(t: &Texts, classes: &Classes) -> Vec<(String, u64)> {
    let up_to = classes.up_to.iter().map(|(longest, count)| (format!("{} {longest} {}", t.up_to, t.minute), *count));
    up_to.chain([(t.longer.to_owned(), classes.longer)]).collect()
}

/// What half of the replies did not exceed.
pub(super) fn half_of_replies(t: &Texts, classes: &Classes) -> String {
    classes.within(50).map_or_else(|| t.unknown.to_owned(), |longest| seconds(t, longest))
}

/// What half of the waits did not exceed.
pub(super) fn half_of_waits(t: &Texts, classes: &Classes) -> String {
    classes.within(50).map_or_else(|| t.unknown.to_owned(), |longest| format!("{longest} {}", t.minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Lang;
    use crate::domain::sample::day;

    #[test]
    fn days_months_and_times_are_short_words_of_the_language() {
        let frame = |lang| Frame::new(lang, "/console".to_owned());
        let (id, en) = (frame(Lang::Id), frame(Lang::En));
        assert_eq!([short_day(&id, day(2026, 8, 4)), short_day(&en, day(2026, 8, 4))], ["Sel 4/8", "Tue 4/8"]);
        assert_eq!([short_month(&id, day(2026, 8, 4)), short_month(&en, day(2026, 5, 4))], ["Agu 2026", "May 2026"]);
        let t = super::super::texts::texts(Lang::Id);
        assert_eq!([seconds(t, 15), seconds(t, 300), seconds(t, 86_400)], ["15 detik", "5 menit", "1 hari"]);
    }
}
