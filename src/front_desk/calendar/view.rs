//! How full the calendar is, hour by hour, and why an hour gives nothing.

use chrono::{DateTime, NaiveDate, Utc};

use super::handle::OfficeCalendar;
use crate::domain::calendar::Holiday;
use crate::domain::office::{Closed, Day, Office};
use crate::domain::slot::Slot;
use crate::storage::{HourPeople, StorageError};

/// Why an hour gives nothing, or that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourState {
    /// It has free seats.
    Free,
    /// All seats that it has, or that its day has, are taken.
    Full,
    /// Its first seats can be booked from that moment.
    NotReleased(DateTime<Utc>),
    /// Nobody is served in it: outside of the hours of an open day.
    Outside,
    /// Nobody is served on its day.
    DayClosed,
    /// It is over.
    Past,
}

/// Why nobody is served on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosedDay {
    /// The office never opens on this weekday.
    Weekday,
    /// A holiday, or joint leave.
    Holiday(Holiday),
    /// The office closed it, and why.
    Office(String),
    /// No holidays are loaded for its year.
    Unknown,
}

/// One hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarHour {
    /// The hour.
    pub hour: u8,
    /// What it gives.
    pub state: HourState,
    /// Its seats.
    pub seats: u32,
    /// Seats that can be booked now.
    pub free: u32,
    /// Its people.
    pub people: HourPeople,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The date.
    pub date: NaiveDate,
    /// Why nobody is served; `None` where people are.
    pub closed: Option<ClosedDay>,
    /// Why it is an exception, where it is one.
    pub exception: Option<String>,
    /// Its hours: those in which people are served, and those for which somebody has booked all the same.
    pub hours: Vec<CalendarHour>,
}

impl CalendarDay {
    /// Something of all hours together.
    pub fn sum(&self, of: impl Fn(&CalendarHour) -> u32) -> u32 {
        self.hours.iter().map(of).fold(0, u32::saturating_add)
    }

    /// What the day gives as a whole.
    pub fn state(&self) -> HourState {
        let states = || self.hours.iter().map(|hour| hour.state);
        if self.closed.is_some() {
            return HourState::DayClosed;
        }
        let later = states().find(|state| matches!(state, HourState::NotReleased(_)));
        if states().any(|state| state == HourState::Free) {
            HourState::Free
        } else if let Some(later) = later {
            later
        } else if states().all(|state| state == HourState::Past) {
            HourState::Past
        } else {
            HourState::Full
        }
    }
}

impl OfficeCalendar {
    /// The days from one to another.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn days(&self, from: NaiveDate, until: NaiveDate) -> Result<Vec<CalendarDay>, StorageError> {
        let (office, now) = (self.office().await?, self.now());
        let people = self.storage.people_by_hour(&office.id, (from, until), now).await?;
        let of_day = |date| {
            let of = people.range(Slot { date, hour: 0 }..=Slot { date, hour: 23 });
            self.day(&office, date, &of.map(|(slot, people)| (slot.hour, *people)).collect::<Vec<_>>(), now)
        };
        Ok(from.iter_days().take_while(|date| *date <= until).map(of_day).collect())
    }

    fn day(&self, office: &Office, date: NaiveDate, people: &[(u8, HourPeople)], now: DateTime<Utc>) -> CalendarDay {
        let (open, closed) = match office.day(self.holidays(), date) {
            Day::Open(hours) => (hours, None),
            Day::Closed(Closed::Weekday(_)) => (Vec::new(), Some(ClosedDay::Weekday)),
            Day::Closed(Closed::Holiday(holiday)) => (Vec::new(), Some(ClosedDay::Holiday(holiday.clone()))),
            Day::Closed(Closed::Dated(reason)) => (Vec::new(), Some(ClosedDay::Office(reason.to_owned()))),
            Day::Closed(Closed::UnknownCalendar) => (Vec::new(), Some(ClosedDay::Unknown)),
        };
        let taken: u32 = people.iter().map(|(_, people)| people.held + people.booked).sum();
        let capacity = office.day_capacity(date, &open);
        let left = office.released(date, capacity, now).saturating_sub(taken);
        let opens = office.opens_later(date, now);
        let hours: std::collections::BTreeSet<u8> =
            open.iter().copied().chain(people.iter().map(|(hour, _)| *hour)).collect();
        let hour = |hour: u8| {
            let people = people.iter().find(|(of, _)| *of == hour).map(|(_, people)| *people).unwrap_or_default();
            let is_open = open.contains(&hour);
            let seats = if is_open { office.seats_at(date, hour) } else { 0 };
            let free = seats.saturating_sub(people.held + people.booked).min(left);
            let state = match opens {
                _ if closed.is_some() => HourState::DayClosed,
                _ if !is_open => HourState::Outside,
                _ if (Slot { date, hour }).ends(office) <= now => HourState::Past,
                Some(opens) => HourState::NotReleased(opens),
                None if free > 0 => HourState::Free,
                None => HourState::Full,
            };
            let free = if state == HourState::Free { free } else { 0 };
            CalendarHour { hour, state, seats, free, people }
        };
        CalendarDay {
            date,
            exception: office.exceptions.days.get(&date).map(|exception| exception.reason().to_owned()),
            hours: hours.into_iter().map(hour).collect(),
            closed,
        }
    }
}
