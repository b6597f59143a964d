//! The rows of `booking`: read, and written by a batch.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use crate::domain::attendance::Attendance;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::displaced::Displaced;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::{FormatId, OfficeId};
use crate::domain::slot::Slot;
use crate::storage::engine::column::{at, bad, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::table::{insert_row, select_row};

/// How long the code of a hold that ended is still recognised after its deadline, in hours: an answer that is a day
/// late gets the reason.
pub(in crate::storage) const DEAD_HOLD_HOURS: i64 = 24;

select_row! {
    /// A row of `booking`.
    pub(in crate::storage) struct BookingRow from "booking" {
        id: i64,
        office: String,
        office_version: i64,
        format: String,
        channel: String,
        contact: String,
        applicant: String,
        asked: Option<NaiveDate>,
        date: NaiveDate,
        hour: i64,
        seats: String,
        state: String,
        code: String,
        approval: Option<String>,
        tries: i64,
        awaits: Option<String>,
        hold_until_us: Option<i64>,
        photo: Option<i64>,
        moves: i64,
        displaced: Option<String>,
        attendance: Option<String>,
        answer_until_us: Option<i64>,
        created_us: i64,
    }
}

insert_row! {
    /// A row of `booking` as a batch writes it.
    pub(in crate::storage) struct NewBookingRow into "booking" for<'a> (booking: &'a Booking) {
        id: bigint key = booking.id,
        office: text fixed = booking.office.as_str(),
        office_version: bigint fixed = booking.office_version,
        format: text fixed = booking.format.as_str(),
        channel: text fixed = booking.channel.as_str(),
        contact: text fixed = booking.contact.as_str(),
        applicant: text = json(&booking.applicant)?,
        asked: date = booking.asked,
        date: date = booking.slot.date,
        hour: bigint = booking.slot.hour,
        seats: text = json(&booking.seats)?,
        state: text = booking.state.name(),
        code: text fixed = booking.code.as_str(),
        approval: text fixed = booking.approval.as_ref().map(ApprovalCode::as_str),
        tries: bigint = booking.tries,
        awaits: text = booking.awaits.map(awaits_name),
        hold_until_us: bigint = booking.hold_until.map(us),
        photo: bigint = booking.photo,
        moves: bigint = booking.moves,
        displaced: text = booking.displaced.map(Displaced::name),
        attendance: text = booking.attendance.map(Attendance::name),
        answer_until_us: bigint = booking.attendance.and_then(Attendance::until).map(us),
        created_us: bigint fixed = us(booking.created_at),
    }
}

impl BookingRow {
    /// The booking of this row.
    pub(in crate::storage) fn booking(self) -> Result<Booking, StorageError> {
        Ok(Booking {
            id: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("booking.office"))?,
            office_version: fits("booking.office_version", self.office_version)?,
            format: FormatId::read(&self.format).map_err(|_| bad("booking.format"))?,
            channel: ChannelId::stored(self.channel),
            contact: Contact::new(self.contact),
            applicant: unjson("booking.applicant", &self.applicant)?,
            asked: self.asked,
            slot: Slot { date: self.date, hour: fits("booking.hour", self.hour)? },
            seats: unjson("booking.seats", &self.seats)?,
            state: State::named(&self.state).ok_or_else(|| bad("booking.state"))?,
            code: BookingCode::read(&self.code).map_err(|_| bad("booking.code"))?,
            approval: match self.approval {
                Some(code) => Some(ApprovalCode::read(&code).ok_or_else(|| bad("booking.approval"))?),
                None => None,
            },
            tries: fits("booking.tries", self.tries)?,
            awaits: match self.awaits.as_deref() {
                None => None,
                Some("code") => Some(Awaits::Code),
                Some("photo") => Some(Awaits::Photo),
                Some("offer") => Some(Awaits::Offer),
                Some(_) => return Err(bad("booking.awaits")),
            },
            hold_until: self.hold_until_us.map(at),
            photo: self.photo,
            moves: fits("booking.moves", self.moves)?,
            displaced: match self.displaced.as_deref() {
                Some(name) => Some(Displaced::named(name).ok_or_else(|| bad("booking.displaced"))?),
                None => None,
            },
            attendance: match self.attendance.as_deref() {
                Some(name) => {
                    let stored = Attendance::stored(name, self.answer_until_us.map(at));
                    Some(stored.ok_or_else(|| bad("booking.attendance"))?)
                }
                None => None,
            },
            created_at: at(self.created_us),
        })
    }
}

fn awaits_name(awaits: Awaits) -> &'static str {
    match awaits {
        Awaits::Code => "code",
        Awaits::Photo => "photo",
        Awaits::Offer => "offer",
    }
}

/// The rows that a statement gathered into one JSON array; PostgreSQL gathers none into null.
pub(in crate::storage) fn read_list<T: DeserializeOwned>(
    table: &str,
    rows: Option<String>,
) -> Result<Vec<T>, StorageError> {
    rows.map_or_else(|| Ok(Vec::new()), |rows| unjson(table, &rows))
}

/// Bookings from the JSON array that a statement gathered; PostgreSQL gathers none into null.
pub(in crate::storage) fn read_bookings(rows: Option<String>) -> Result<Vec<Booking>, StorageError> {
    read_list::<BookingRow>("booking", rows)?.into_iter().map(BookingRow::booking).collect()
}
