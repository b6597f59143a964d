//! Whether a confirmed booking may be moved to another day, by its office's rule.

use chrono::{DateTime, Days, Utc};

use super::booking::Booking;
use super::calendar::Calendar;
use super::office::{Closed, Day, Office};

/// Why a booking may not be moved, whatever day is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMoved {
    /// The office moves no bookings.
    NotAllowed,
    /// It was moved as often as the office allows.
    UsedUp {
        /// How often that is.
        times: u32,
    },
    /// Its last moment for it is over.
    TooLate {
        /// That moment.
        until: DateTime<Utc>,
    },
}

/// Whether the office closed the day of a booking after it was given.
pub fn is_on_closed_day(office: &Office, calendar: &Calendar, booking: &Booking) -> bool {
    match office.day(calendar, booking.slot.date) {
        Day::Open(_) | Day::Closed(Closed::UnknownCalendar) => false,
        Day::Closed(_) => true,
    }
}

/// Whether the office itself is the reason for a move (it closed or shrank the day of a booking after it was given, or has moved it), and
/// moves such bookings besides.
pub fn is_extra(office: &Office, calendar: &Calendar, booking: &Booking) -> bool {
    let is_caused = booking.displaced.is_some() || is_on_closed_day(office, calendar, booking);
    is_caused && office.policy.reschedule.extra_after_closing
}

/// The last moment at which a booking may be moved.
pub fn last_moment(office: &Office, booking: &Booking) -> DateTime<Utc> {
    let rule = office.policy.reschedule;
    let date = booking.slot.date;
    let day = date.checked_sub_days(Days::new(u64::from(rule.days_before))).unwrap_or(date);
    office.zone.instant(day.and_time(rule.until))
}

/// Judges a confirmed booking that is to be moved by what was sent at `sent_at`.
///
/// # Errors
/// Why it may not be moved.
pub fn judge(office: &Office, calendar: &Calendar, booking: &Booking, sent_at: DateTime<Utc>) -> Result<(), NotMoved> {
    let rule = office.policy.reschedule;
    if is_extra(office, calendar, booking) {
        return Ok(());
    }
    let until = last_moment(office, booking);
    match rule.times {
        0 => Err(NotMoved::NotAllowed),
        times if booking.moves >= times => Err(NotMoved::UsedUp { times }),
        _ if sent_at >= until => Err(NotMoved::TooLate { until }),
        _ => Ok(()),
    }
}
