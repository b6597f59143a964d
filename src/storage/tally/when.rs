//! Which parts are due to be counted.

use std::collections::BTreeMap;

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};

/// How often a part is counted while it goes on; the job comes by as often.
const ONGOING_MINUTES: i64 = 4;
/// A part goes on for so long after its end: replies of its last minute are on their way.
const AFTERMATH_MINUTES: i64 = 10;
/// Hours after the end of an hour of messages at which it is counted once more: replies may come late, or be sent again by hand.
const HOUR_CHECKS: [i64; 3] = [2, 26, 50];
/// Hours after the end of a day at which it is counted once more: paper may be entered for seven days.
const DAY_CHECKS: [i64; 3] = [2, 48, 192];
/// Days that are looked over at each step: beyond the last check.
const DAYS_BACK: u64 = 9;
/// Oldest messages and days that are counted, where none were before.
const OLDEST_DAYS: i64 = 400;

/// When parts were last counted, by name.
pub(super) type Counted = BTreeMap<String, DateTime<Utc>>;

/// The name of an hour, in Greenwich.
pub(super) fn hour_name(start: DateTime<Utc>) -> String {
    start.format("%Y-%m-%dT%H").to_string()
}

/// The beginning of the hour that an instant is in.
pub(super) fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at)
}

/// The beginning of the hour of that name.
pub(super) fn hour_named(name: &str) -> Option<DateTime<Utc>> {
    let text = format!("{name}:00:00Z");
    text.parse().ok()
}

/// Whether a part that ends at `end`, and was counted at `counted`, is due.
fn is_due(end: DateTime<Utc>, counted: Option<DateTime<Utc>>, checks: &[i64], now: DateTime<Utc>) -> bool {
    let Some(counted) = counted else { return true };
    let aftermath = end + TimeDelta::minutes(AFTERMATH_MINUTES);
    if now < aftermath {
        return (now - counted).abs() >= TimeDelta::minutes(ONGOING_MINUTES);
    }
    let passed = |check: DateTime<Utc>| check <= now && counted < check;
    passed(aftermath) || checks.iter().any(|hours| passed(end + TimeDelta::hours(*hours)))
}

/// What is known of the parts of one kind.
#[derive(Debug)]
pub(super) struct Known<T> {
    /// When they were last counted, those that may be due again.
    pub(super) counted: Counted,
    /// The last that was ever counted.
    pub(super) last: Option<T>,
    /// The first that there is anything of, where none was ever counted.
    pub(super) oldest: Option<T>,
    /// What is older may have gone to the archive in part: it is not counted again.
    pub(super) kept_from: Option<T>,
}

/// Parts to count, oldest first, and the first that was never counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due<T> {
    pub(super) parts: Vec<T>,
    pub(super) never: Option<T>,
}

/// The hours that are due, by their beginnings.
pub(super) fn hours_due(known: &Known<DateTime<Utc>>, now: DateTime<Utc>) -> Due<DateTime<Utc>> {
    let (hour, this) = (TimeDelta::hours(1), hour_of(now));
    let longest = HOUR_CHECKS.into_iter().fold(0, i64::max) + 1;
    let recent = this - TimeDelta::hours(longest);
    // A clock that ran ahead once has counted an hour that is yet to come.
    let first = match (known.last, known.oldest) {
        (Some(last), _) => (last + hour).min(recent),
        (None, Some(oldest)) => hour_of(oldest).max(now - TimeDelta::days(OLDEST_DAYS)).min(recent),
        (None, None) => this,
    };
    let mut due = Due { parts: Vec::new(), never: None };
    let mut start = hour_of(first);
    while start <= this {
        let counted = known.counted.get(&hour_name(start)).copied();
        // Of the hours before the first one of all there is nothing.
        let was_counted = counted.is_some() || known.last.is_some_and(|last| start <= last);
        let is_whole = known.kept_from.is_none_or(|from| start >= from);
        if !was_counted {
            due.never = due.never.or(Some(start));
            due.parts.push(start);
        } else if counted.is_some() && is_whole && is_due(start + hour, counted, &HOUR_CHECKS, now) {
            due.parts.push(start);
        }
        start += hour;
    }
    due
}

/// The days of an office that are due: `today` there, which ends at `end_of(today)`.
pub(super) fn days_due(
    known: &Known<NaiveDate>,
    today: NaiveDate,
    end_of: impl Fn(NaiveDate) -> DateTime<Utc>,
    now: DateTime<Utc>,
) -> Due<NaiveDate> {
    let back = |days: u64| today.checked_sub_days(chrono::Days::new(days)).unwrap_or(today);
    let recent = back(DAYS_BACK);
    let first = match (known.last, known.oldest) {
        (Some(last), _) => last.succ_opt().unwrap_or(last).min(recent),
        (None, Some(oldest)) => oldest.max(back(OLDEST_DAYS.unsigned_abs())).min(today),
        (None, None) => today,
    };
    let mut due = Due { parts: Vec::new(), never: None };
    for day in first.iter_days().take_while(|day| *day <= today) {
        let counted = known.counted.get(&day.to_string()).copied();
        let was_counted = counted.is_some() || known.last.is_some_and(|last| day <= last);
        let is_whole = known.kept_from.is_none_or(|from| day >= from);
        if !was_counted {
            due.never = due.never.or(Some(day));
            due.parts.push(day);
        } else if counted.is_some() && is_whole && is_due(end_of(day), counted, &DAY_CHECKS, now) {
            due.parts.push(day);
        }
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::Zone;
    use crate::domain::sample::day;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn known(last: Option<&str>, counted: &[(&str, &str)]) -> Known<DateTime<Utc>> {
        Known {
            counted: counted.iter().map(|(name, when)| ((*name).to_owned(), at(when))).collect(),
            last: last.and_then(hour_named),
            oldest: None,
            kept_from: None,
        }
    }

    // Negative control: without the checks an hour that was counted at its end is never counted again, and a reply that was sent
    // an hour later is missing.
    #[test]
    fn an_hour_is_counted_while_it_goes_on_and_at_its_checks() {
        let due = |counted: &str, now: &str| {
            let known = known(Some("2026-08-04T02"), &[("2026-08-04T02", counted)]);
            hours_due(&known, at(now)).parts.contains(&at("2026-08-04T02:00:00Z"))
        };
        assert!(!due("2026-08-04T02:10:00Z", "2026-08-04T02:13:00Z"), "not every minute");
        assert!(due("2026-08-04T02:10:00Z", "2026-08-04T02:15:00Z"));
        assert!(due("2026-08-04T03:05:00Z", "2026-08-04T03:10:00Z"), "after its last replies");
        assert!(!due("2026-08-04T03:11:00Z", "2026-08-04T04:59:00Z"));
        assert!(due("2026-08-04T03:11:00Z", "2026-08-04T05:00:00Z"));
        assert!(due("2026-08-04T05:11:00Z", "2026-08-05T05:00:00Z"));
        assert!(due("2026-08-05T05:11:00Z", "2026-08-06T05:00:00Z"));
        assert!(!due("2026-08-06T05:00:00Z", "2026-08-06T06:00:00Z"), "and never again");
    }

    // Negative control: with `last` left out of `first`, the three days are never counted.
    #[test]
    fn what_was_missed_while_nothing_ran_is_counted_from_where_it_stopped() {
        let stopped = known(Some("2026-08-01T05"), &[]);
        let due = hours_due(&stopped, at("2026-08-04T05:30:00Z"));
        assert_eq!((due.never, due.parts.len()), (Some(at("2026-08-01T06:00:00Z")), 72));
        let fresh = Known { oldest: Some(at("2026-08-04T01:59:00Z")), ..known(None, &[]) };
        assert_eq!(
            hours_due(&fresh, at("2026-08-04T05:30:00Z")).parts.len(),
            52,
            "as far back as the last check looks"
        );
        let old = Known { oldest: Some(at("2020-08-04T01:59:00Z")), ..known(None, &[]) };
        assert_eq!(hours_due(&old, at("2026-08-04T05:30:00Z")).parts.len(), 400 * 24 + 1);
    }

    // Negative control: without `is_whole` the second count finds what the archive has left, and replaces the first.
    #[test]
    fn what_may_have_gone_to_the_archive_is_not_counted_again() {
        let mut known = known(Some("2026-08-04T02"), &[("2026-08-04T02", "2026-08-04T03:11:00Z")]);
        let now = at("2026-08-05T06:00:00Z");
        assert!(hours_due(&known, now).parts.contains(&at("2026-08-04T02:00:00Z")));
        known.kept_from = Some(at("2026-08-04T06:00:00Z"));
        let due = hours_due(&known, now);
        assert!(!due.parts.contains(&at("2026-08-04T02:00:00Z")) && due.parts.contains(&at("2026-08-04T03:00:00Z")));
    }

    #[test]
    fn a_day_is_counted_until_no_paper_can_be_entered_for_it() {
        let end_of = |day: NaiveDate| Zone::Wib.instant(day.succ_opt().unwrap().and_hms_opt(0, 0, 0).unwrap());
        let due = |counted: &str, now: &str| {
            let counted = BTreeMap::from([("2026-08-04".to_owned(), at(counted))]);
            let known = Known { counted, last: Some(day(2026, 8, 4)), oldest: None, kept_from: None };
            let today = Zone::Wib.local(at(now)).date();
            days_due(&known, today, end_of, at(now)).parts.contains(&day(2026, 8, 4))
        };
        assert!(due("2026-08-04T03:00:00Z", "2026-08-04T03:05:00Z"));
        assert!(due("2026-08-04T16:50:00Z", "2026-08-04T17:10:00Z"), "after midnight there");
        assert!(!due("2026-08-04T19:01:00Z", "2026-08-06T16:59:00Z"));
        assert!(due("2026-08-06T17:01:00Z", "2026-08-12T17:00:00Z"));
        assert!(!due("2026-08-12T17:00:00Z", "2026-08-13T10:00:00Z"));
    }
}
