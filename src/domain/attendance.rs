//! Whether the citizen of a booking has to say that they come, and whether they have: where an office asks it of those who did not come
//! to earlier visits.

use chrono::{DateTime, Duration, Utc};

use super::office::Office;
use super::slot::Slot;

/// Nobody is reminded of a visit that they arranged so lately, in hours before it: they know.
pub const REMINDER_HOURS: i64 = 20;
/// Least time that a reminder leaves for its answer, in minutes: an evening's journey home. Where less is left, no answer is asked for.
pub const ANSWER_MINUTES: i64 = 120;
/// So long before the hour an answer is awaited at the latest, in minutes: nobody loses a place when they are on their way.
pub const ANSWER_ENDS_MINUTES: i64 = 60;

/// What the citizen of a booking owes, or has answered, about coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// They were told with the booking that the reminder must be answered.
    Announced,
    /// The reminder asked them.
    Asked {
        /// Until when the answer is awaited.
        until: DateTime<Utc>,
    },
    /// They said that they come.
    Confirmed,
}

impl Attendance {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Asked { .. } => "asked",
            Self::Confirmed => "confirmed",
        }
    }

    /// Until when an answer is awaited.
    pub fn until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Asked { until } => Some(until),
            Self::Announced | Self::Confirmed => None,
        }
    }

    /// The one of a name in the database.
    pub fn stored(name: &str, until: Option<DateTime<Utc>>) -> Option<Self> {
        match (name, until) {
            ("announced", None) => Some(Self::Announced),
            ("asked", Some(until)) => Some(Self::Asked { until }),
            ("confirmed", None) => Some(Self::Confirmed),
            _ => None,
        }
    }

    /// What it is once its citizen does something with the booking: that answers a question, and asks none.
    #[must_use]
    pub fn answered(self) -> Self {
        match self {
            Self::Asked { .. } => Self::Confirmed,
            Self::Announced | Self::Confirmed => self,
        }
    }
}

/// Until when the reminder of a visit is to be answered; `None` at an office that asks nobody.
pub fn answer_until(office: &Office, slot: Slot) -> Option<DateTime<Utc>> {
    let rule = office.policy.no_shows?;
    let day = slot.date - Duration::days(i64::from(rule.days_before));
    let latest = slot.begins(office) - Duration::minutes(ANSWER_ENDS_MINUTES);
    Some(office.zone.instant(day.and_time(rule.until)).min(latest))
}

/// Until when a reminder that goes out at `now` asks for an answer; `None` where it asks for none, or no time is left for one.
pub fn asked_at(office: &Office, slot: Slot, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    answer_until(office, slot).filter(|until| now + Duration::minutes(ANSWER_MINUTES) <= *until)
}

/// When the reminder of a visit goes out that was arranged by `now`; `None` where none comes any more.
pub fn reminder_at(office: &Office, slot: Slot, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let evening = slot.date.pred_opt()?.and_time(office.notices.reminder_at);
    let at = office.zone.instant(evening);
    (now < at && now + Duration::hours(REMINDER_HOURS) <= slot.begins(office)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::NoShows;
    use crate::domain::sample::{day, office as plain};

    /// An office that asks; its visit is on Tuesday, 8 August 2017, at that hour.
    fn asking(days_before: u32, until: &str, hour: u8) -> (Office, Slot) {
        let mut office = plain();
        let until = until.parse().unwrap();
        office.policy.no_shows = Some(NoShows { answer_from: 2, within_days: 180, days_before, until });
        (office, Slot { date: day(2017, 8, 8), hour })
    }

    fn wall(office: &Office, at: Option<DateTime<Utc>>) -> Option<String> {
        at.map(|at| office.zone.local(at).format("%d %H:%M").to_string())
    }

    // Negative control: without `min(latest)` the last two end when the first citizens are on their way.
    #[test]
    fn an_answer_ends_by_the_rule_and_an_hour_before_the_visit_at_the_latest() {
        for (days_before, until, hour, ends) in [
            (0, "06:00:00", 9, "08 06:00"),
            (1, "21:00:00", 9, "07 21:00"),
            (0, "06:00:00", 6, "08 05:00"),
            (0, "23:00:00", 9, "08 08:00"),
        ] {
            let (office, slot) = asking(days_before, until, hour);
            assert_eq!(wall(&office, answer_until(&office, slot)).as_deref(), Some(ends));
        }
        let (mut office, slot) = asking(0, "06:00:00", 9);
        office.policy.no_shows = None;
        assert_eq!(answer_until(&office, slot), None);
    }

    // Negative control: without its filter, a reminder a minute before the end asks too.
    #[test]
    fn a_reminder_that_leaves_too_little_time_asks_for_no_answer() {
        let (office, slot) = asking(1, "21:00:00", 9);
        let until = answer_until(&office, slot).unwrap();
        assert_eq!(asked_at(&office, slot, until - Duration::minutes(ANSWER_MINUTES)), Some(until));
        assert_eq!(asked_at(&office, slot, until - Duration::minutes(ANSWER_MINUTES - 1)), None);
    }

    #[test]
    fn a_reminder_comes_on_the_evening_before_unless_that_is_over_or_the_booking_is_too_fresh() {
        let (office, slot) = asking(0, "06:00:00", 14);
        let at = office.zone.instant(day(2017, 8, 7).and_time(office.notices.reminder_at));
        assert_eq!(wall(&office, Some(at)).as_deref(), Some("07 18:00"));
        assert_eq!(reminder_at(&office, slot, at - Duration::minutes(1)), Some(at));
        assert_eq!(reminder_at(&office, slot, at), None);
        let early = Slot { hour: 8, ..slot };
        assert_eq!(reminder_at(&office, early, at - Duration::hours(6)), Some(at));
        assert_eq!(reminder_at(&office, early, at - Duration::hours(5)), None, "less than 20 hours ahead");
    }

    #[test]
    fn names_read_back() {
        let until = day(2017, 8, 8).and_time(chrono::NaiveTime::MIN).and_utc();
        for attendance in [Attendance::Announced, Attendance::Asked { until }, Attendance::Confirmed] {
            assert_eq!(Attendance::stored(attendance.name(), attendance.until()), Some(attendance));
        }
        assert_eq!(Attendance::stored("asked", None), None);
    }
}
