//! Tickets: what a citizen leaves to an officer, for how long, and when officers read it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::deadline;
use super::message::TEXT_CHARS_MAX;
use super::office::Office;
use crate::domain::masked_debug::masked_debug;

/// How long free talk is left to an officer after the last word of either side, in hours: as long as providers take free replies.
pub const HANDOVER_HOURS: i64 = 24;
/// Longest reply of an officer, in characters: room for the frame around it within one message.
pub const OFFICER_CHARS_MAX: usize = TEXT_CHARS_MAX - 1_000;
/// Days that are searched for the next one on which officers read: longer than any row of holidays.
const READING_DAYS_MAX: u64 = 30;

/// Who ended a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The citizen, by `#lanjut`.
    Citizen,
    /// An officer.
    Officer,
    /// Nobody: two contacts turned out to be one citizen, who keeps the other ticket.
    Joined,
}

impl ClosedBy {
    /// All of them, with their names in the database and in lists.
    pub const NAMES: [(&'static str, Self); 3] =
        [("citizen", Self::Citizen), ("officer", Self::Officer), ("joined", Self::Joined)];

    /// Its name in the database and in lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Officer => "officer",
            Self::Joined => "joined",
        }
    }
}

/// The end of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: ClosedBy,
}

/// What a citizen leaves to an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number.
    pub id: i64,
    /// When the citizen asked for an officer.
    pub opened_at: DateTime<Utc>,
    /// Until when free talk is left to the officer. The ticket itself stays on the officers' list until it is closed.
    pub until: DateTime<Utc>,
    /// Since when the citizen waits for an officer's answer; `None` where the last word is the officer's.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When an officer answered last.
    pub answered_at: Option<DateTime<Utc>>,
    /// How it ended, where it has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<Closing>,
}

impl Ticket {
    /// One that is opened now.
    pub fn opened(id: i64, now: DateTime<Utc>) -> Self {
        Self { id, opened_at: now, until: end(now), waiting_since: Some(now), answered_at: None, closed: None }
    }

    /// Whether free talk is left to the officer now. An end that no rule can have written, by a clock that was ahead, has passed.
    pub fn is_talking(&self, now: DateTime<Utc>) -> bool {
        self.closed.is_none() && deadline::is_open(self.until, TimeDelta::hours(HANDOVER_HOURS), now)
    }

    /// After the citizen wrote to the officer.
    #[must_use]
    pub fn asked(self, now: DateTime<Utc>) -> Self {
        Self { until: end(now), waiting_since: self.waiting_since.or(Some(now)), ..self }
    }

    /// After the citizen said something that wants no answer, as a word of thanks.
    #[must_use]
    pub fn thanked(self, now: DateTime<Utc>) -> Self {
        Self { until: end(now), ..self }
    }

    /// After an officer answered.
    #[must_use]
    pub fn answered(self, now: DateTime<Utc>) -> Self {
        Self { until: end(now), waiting_since: None, answered_at: Some(now), ..self }
    }

    /// After it ended.
    #[must_use]
    pub fn closed(self, by: ClosedBy, now: DateTime<Utc>) -> Self {
        Self { waiting_since: None, closed: Some(Closing { at: now, by }), ..self }
    }
}

fn end(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::hours(HANDOVER_HOURS)
}

/// What an officer writes to a citizen.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficerText(String);

masked_debug!(OfficerText);

/// Why a text cannot be sent to a citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfficerTextError {
    /// It says nothing.
    #[error("the text is empty")]
    Empty,
    /// It does not fit into one message.
    #[error("the text has {0} characters; one message takes {OFFICER_CHARS_MAX}")]
    Long(usize),
}

impl OfficerText {
    /// Reads a text; blanks at its ends are cut off.
    ///
    /// # Errors
    /// [`OfficerTextError`] where it cannot be sent.
    pub fn read(text: &str) -> Result<Self, OfficerTextError> {
        let text = text.trim();
        let chars = text.chars().count();
        match chars {
            0 => Err(OfficerTextError::Empty),
            _ if chars > OFFICER_CHARS_MAX => Err(OfficerTextError::Long(chars)),
            _ => Ok(Self(text.replace('\0', ""))),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// When officers read messages: while the office is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingTime {
    /// Now, until this time of the office's clock.
    Now(NaiveTime),
    /// Not before this day and time of the office's clock.
    Next(NaiveDate, NaiveTime),
    /// No day is known on which the office opens.
    Unknown,
}

/// When officers of an office read messages, seen from `now`.
pub fn reading_time(office: &Office, calendar: &Calendar, now: DateTime<Utc>) -> ReadingTime {
    let local = office.zone.local(now);
    let (today, time) = (local.date(), local.time());
    let days = (0..READING_DAYS_MAX).filter_map(|day| today.checked_add_days(Days::new(day)));
    for date in days {
        for span in office.spans(calendar, date) {
            if date == today && span.holds(time) {
                return ReadingTime::Now(span.until);
            }
            if date > today || time < span.from {
                return ReadingTime::Next(date, span.from);
            }
        }
    }
    ReadingTime::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{calendar, day, office};

    fn at(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
        office().zone.instant(date.and_hms_opt(hour, minute, 0).unwrap())
    }

    // To see it fail: let `spans` give the weekday's hours on a holiday too.
    #[test]
    fn officers_read_while_the_office_is_open_and_next_when_it_opens_again() {
        let (office, calendar) = (office(), calendar());
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let reading = |date, hour, minute| reading_time(&office, &calendar, at(date, hour, minute));
        let (wednesday, thursday_holiday, friday) = (day(2017, 8, 16), day(2017, 8, 17), day(2017, 8, 18));
        assert_eq!(reading(wednesday, 9, 0), ReadingTime::Now(time(12)));
        assert_eq!(reading(wednesday, 12, 30), ReadingTime::Next(wednesday, time(13)), "a break");
        assert_eq!(reading(wednesday, 15, 0), ReadingTime::Next(friday, time(8)), "the next day is a holiday");
        assert_eq!(reading(thursday_holiday, 9, 0), ReadingTime::Next(friday, time(8)));
        assert_eq!(reading_time(&office, &calendar, at(day(2019, 1, 2), 9, 0)), ReadingTime::Unknown);
    }

    // To see it fail: let `is_talking` compare with `until` alone.
    #[test]
    fn talk_is_left_to_the_officer_for_a_day_after_the_last_word() {
        let start = at(day(2017, 8, 7), 9, 0);
        let later = |hours| start + TimeDelta::hours(hours);
        let ticket = Ticket::opened(1, start);
        assert!(ticket.is_talking(later(23)) && !ticket.is_talking(later(24)));
        let asked = ticket.asked(later(20));
        assert_eq!(asked.waiting_since, Some(start), "they wait since they asked first");
        assert!(asked.is_talking(later(43)));
        let answered = asked.answered(later(30));
        assert_eq!((answered.waiting_since, answered.answered_at), (None, Some(later(30))));
        assert!(answered.is_talking(later(53)) && !answered.is_talking(later(54)));
        let thanked = answered.thanked(later(40));
        assert_eq!(thanked.waiting_since, None, "thanks want no answer");
        assert!(thanked.is_talking(later(63)));
        assert!(!answered.is_talking(later(-100)), "written by a clock that was ahead");
        assert!(!answered.closed(ClosedBy::Citizen, later(31)).is_talking(later(32)));
    }

    #[test]
    fn an_officers_text_says_something_and_fits_into_one_message() {
        assert_eq!(OfficerText::read(" \n ").unwrap_err(), OfficerTextError::Empty);
        assert_eq!(OfficerText::read(" Ya, boleh.\nSilakan. ").unwrap().as_str(), "Ya, boleh.\nSilakan.");
        let long = "a".repeat(OFFICER_CHARS_MAX + 1);
        assert_eq!(OfficerText::read(&long).unwrap_err(), OfficerTextError::Long(OFFICER_CHARS_MAX + 1));
        assert!(OfficerText::read(long.get(1..).unwrap()).is_ok());
    }
}
