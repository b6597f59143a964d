//! The rules of an office.

use std::fmt;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// Furthest that any office may let people book ahead, in days: half a year, beyond which no calendar is decreed.
pub const HORIZON_DAYS_MAX: u32 = 180;

/// What an office does when the asked day has no seat left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    /// Books the next open day (Batam 2017; the national announcement of August 2017).
    Roll,
    /// Names a day with room and lets the citizen send again (Jakarta Pusat, November 2018).
    Suggest,
    /// Says that the day is full (Bogor 2018).
    Refuse,
}

/// Whether a form must be confirmed by a code before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Echo and code first (Jakarta Pusat, Bogor).
    Code,
    /// The form books at once (Batam).
    None,
}

/// The first day that may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earliest {
    /// The day after sending.
    Tomorrow,
    /// The day of sending, until so many minutes before the hour begins.
    Today {
        /// Minutes between the last moment of booking and the hour.
        minutes_before: u32,
    },
}

/// What an office does about a person who has live bookings from other numbers, or under another spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerPerson {
    /// Serves the form; officers see it in their lists.
    Note,
    /// Refuses a form of whoever has so many live bookings here.
    AtMost(u32),
}

/// A part of a day's seats, more than nothing and at most all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// So many parts,
    pub parts: u32,
    /// of so many.
    pub of: u32,
}

impl Share {
    /// Its seats of so many, rounded up: a small day lets at least one hold have its whole time.
    pub fn seats(self, all: u32) -> u32 {
        let seats = (u64::from(all) * u64::from(self.parts)).div_ceil(u64::from(self.of.max(1)));
        u32::try_from(seats).unwrap_or(u32::MAX)
    }
}

/// As office files write it, `1/3`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.parts, self.of)
    }
}

/// The part of a day's seats that unconfirmed holds may keep for their whole time, where an office sets no other.
pub const HOLDS_SHARE: Share = Share { parts: 1, of: 3 };
/// Unconfirmed holds that one number may take in a day, where an office sets no other: a form that is corrected a
/// dozen times is a bad day; twenty and more are not one citizen's.
pub const HOLDS_PER_NUMBER: u32 = 20;

/// Live bookings for relatives that one number may have besides its own: as many people as M-Paspor lets the owner of an account
/// add.
pub const RELATIVES_PER_NUMBER: u32 = 4;

/// Who may be registered on a relative's number that has a booking already (Bogor 2017: a toddler by a parent's telephone, an
/// elderly person by a close relative's).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relatives {
    /// Children younger than so many years; 0: none.
    pub children_under: u32,
    /// People of so many years and older; 0: none.
    pub elders_from: u32,
}

impl Relatives {
    /// Whether nobody is let through.
    pub fn is_nobody(self) -> bool {
        self == Self::default()
    }

    /// Whether somebody of this age, in whole years, is let through.
    pub fn admits(self, age: u32) -> bool {
        age < self.children_under || (self.elders_from > 0 && age >= self.elders_from)
    }
}

/// When a confirmed booking may be moved to another day. A hold is unconfirmed: its day can always be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reschedule {
    /// How often one booking may be moved; 0 where it may not.
    pub times: u32,
    /// The last moment for it: so many days before the visit,
    pub days_before: u32,
    /// at this time of the office's clock.
    pub until: NaiveTime,
    /// Whether a booking whose day the office closed meanwhile may be moved besides: at any time, and without being counted.
    pub extra_after_closing: bool,
}

/// Where an office says nothing else: once, until 21.00 on the day before.
pub const RESCHEDULE: Reschedule = Reschedule {
    times: 1,
    days_before: 1,
    until: match NaiveTime::from_hms_opt(21, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
    extra_after_closing: true,
};

/// What an office asks of those who did not come to earlier visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoShows {
    /// From so many visits on to which nobody came, the reminder of the next one must be answered.
    pub answer_from: u32,
    /// Earlier visits count for so many days.
    pub within_days: u32,
    /// The answer is awaited until so many days before the visit,
    pub days_before: u32,
    /// at this time of the office's clock.
    pub until: NaiveTime,
}

/// What holds where an office that asks says nothing else: earlier visits count for half a year, and the answer is awaited until 06.00 on
/// the day of the visit. `answer_from` has no usual value: an office that says none asks nobody.
pub const NO_SHOWS: NoShows = NoShows {
    answer_from: 0,
    within_days: 180,
    days_before: 0,
    until: match NaiveTime::from_hms_opt(6, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    },
};

/// The rules of one office. Minutes and days are whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own in the office file")]
pub struct Policy {
    /// What happens when the asked day is full.
    pub when_full: WhenFull,
    /// Whether a form needs a code.
    pub approval: Approval,
    /// Whether `ya`, `benar` or `setuju` right after the echo approves like its code.
    pub approval_words: bool,
    /// How long an unconfirmed seat is held, in minutes.
    pub hold_minutes: u32,
    /// How long a text waits for its photo, or a photo for its text, in minutes.
    pub photo_wait_minutes: u32,
    /// Whether `#batal` gives back a confirmed booking (Jakarta Pusat: yes; Bogor 2017: no).
    pub cancelling: bool,
    /// When a confirmed booking may be moved to another day with `#ganti`.
    pub reschedule: Reschedule,
    /// Live bookings that one number may have.
    pub live_per_number: u32,
    /// Who may be registered on a number beyond that.
    pub relatives: Relatives,
    /// What happens when a person has live bookings from other numbers.
    pub live_per_person: PerPerson,
    /// The part of a day's seats that unconfirmed holds may keep for their whole time; those beyond it live five minutes.
    pub holds_share: Share,
    /// Unconfirmed holds that one number may take in a day.
    pub holds_per_number: u32,
    /// People that one booking may be for, 1 to [`crate::domain::person::PARTY_MAX`] (Bogor 2017: nobody but the owner of the number).
    pub people_per_booking: u32,
    /// The first day that may be asked for.
    pub earliest: Earliest,
    /// The last day that may be asked for, in days after sending.
    pub horizon_days: u32,
    /// How long before the hour people should come, in minutes (30; Kompas, 19 July 2017).
    pub arrive_early_minutes: u32,
    /// How late people may come, in minutes after the hour begins; afterwards the seat is forfeited.
    pub grace_minutes: u32,
    /// Whether seats that come back are offered to those on a waiting list.
    pub waiting: bool,
    /// To how many of them one seat may be offered at once where few offers are accepted, 1 to
    /// [`crate::domain::shared_offer::AT_ONCE_MAX`]; with 1 to each alone.
    pub waiting_at_once: u32,
    /// Whether officers answer messages: `#petugas` leaves what is no form, code or command to them.
    pub handover: bool,
    /// Whether arrivals are entered at the front desk all day, so that whoever did not come is known when their grace is over.
    pub arrivals: bool,
    /// What is asked of those who did not come before; `None`: nothing.
    pub no_shows: Option<NoShows>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relatives_are_younger_than_the_one_limit_or_not_younger_than_the_other() {
        let bogor = Relatives { children_under: 5, elders_from: 60 };
        assert_eq!([0, 4, 5, 59, 60, 90].map(|age| bogor.admits(age)), [true, true, false, false, true, true]);
        assert_eq!([0, 40, 90].map(|age| Relatives::default().admits(age)), [false; 3]);
        assert!(Relatives::default().is_nobody() && !bogor.is_nobody());
    }

    #[test]
    fn a_share_is_at_least_one_seat() {
        let third = HOLDS_SHARE;
        assert_eq!([1, 2, 3, 4, 300].map(|all| third.seats(all)), [1, 1, 1, 2, 100]);
        assert_eq!(Share { parts: 1, of: 1 }.seats(7), 7);
        assert_eq!(third.seats(0), 0);
    }
}
