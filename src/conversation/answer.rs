//! The answers to questions that need more than the office file.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::own_visit::OwnVisit;
use super::refusal::RefusedDay;
use crate::domain::booking::Booking;
use crate::domain::slot::Session;
use crate::grammar::Topic;

/// The answer to one topic of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// What the office file says of it.
    Topic(Topic),
    /// Whether this number is genuine, asked of a simulation.
    Simulated,
    /// Whether the office is open on these days.
    OpenOn(Vec<NaiveDate>),
    /// Which days have room.
    FreeDays {
        /// The days that were asked about.
        asked: Vec<DayRoom>,
        /// The nearest days with room, and the days between them on which the office is closed or full.
        nearest: Vec<DayRoom>,
    },
    /// Which hours of a day have room.
    FreeHours {
        /// The day.
        day: DayRoom,
        /// Its hours that can still be given and have room.
        hours: Vec<HourRoom>,
        /// What was asked for in particular.
        wish: Option<HourWish>,
    },
    /// Their own bookings and holds, soonest first; may be empty.
    OwnBooking {
        /// Live bookings and holds.
        bookings: Vec<Booking>,
        /// Until when a photo without a form is kept.
        photo_until: Option<DateTime<Utc>>,
    },
    /// How far their turn at the counter is.
    Queue {
        /// Their visits of today, by number.
        visits: Vec<OwnVisit>,
        /// What else they have, soonest first.
        bookings: Vec<Booking>,
    },
    /// Something went wrong for them; what this number has.
    Complaint {
        /// Live bookings and holds.
        bookings: Vec<Booking>,
    },
}

/// A day and its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRoom {
    /// The day.
    pub date: NaiveDate,
    /// Its seats.
    pub room: Room,
}

/// How many seats a day has, or why it gives none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// So many are free.
    Free(u32),
    /// All are taken.
    Full,
    /// It cannot be given, whatever its seats.
    Refused(RefusedDay),
}

/// An hour and its free seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourRoom {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// Its free seats.
    pub free: u32,
}

/// The hours that a question asks about in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourWish {
    /// The hour that holds this time.
    Hour(NaiveTime),
    /// Half the day.
    Session(Session),
}

impl HourWish {
    /// Whether an hour is one of them.
    pub fn holds(self, hour: u8) -> bool {
        match self {
            Self::Hour(time) => chrono::Timelike::hour(&time) == u32::from(hour),
            Self::Session(session) => session.holds(hour),
        }
    }
}
