//! A row of `booking`, read and written.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::{FormatId, OfficeId};
use crate::domain::slot::Slot;
use crate::storage::engine::column::{at, bad, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Value;

/// How long a dead hold's code is still recognised after its deadline, in hours: an answer a day late gets its reason.
pub(in crate::storage) const DEAD_HOLD_HOURS: i64 = 24;

/// A row of `booking`.
#[derive(Debug, Clone, Deserialize, sqlx::FromRow)]
pub(in crate::storage) struct BookingRow {
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
    created_us: i64,
}

/// The columns of [`BookingRow`], for select lists.
macro_rules! booking_columns {
    () => {
        "booking.id, booking.office, booking.office_version, booking.format, booking.channel, booking.contact, \
         booking.applicant, booking.asked, booking.date, booking.hour, booking.seats, booking.state, booking.code, \
         booking.approval, booking.tries, booking.awaits, booking.hold_until_us, booking.photo, booking.created_us"
    };
}
pub(in crate::storage) use booking_columns;

impl BookingRow {
    /// A booking as it goes into the columns of this row, in their order.
    pub(in crate::storage) fn values(booking: &Booking) -> Result<[Value<'_>; 19], StorageError> {
        Ok([
            booking.id.into(),
            booking.office.as_str().into(),
            booking.office_version.into(),
            booking.format.as_str().into(),
            booking.channel.as_str().into(),
            booking.contact.as_str().into(),
            json(&booking.applicant)?.into(),
            booking.asked.into(),
            booking.slot.date.into(),
            booking.slot.hour.into(),
            json(&booking.seats)?.into(),
            booking.state.name().into(),
            booking.code.as_str().into(),
            booking.approval.as_ref().map(ApprovalCode::as_str).into(),
            booking.tries.into(),
            booking.awaits.map(awaits_name).into(),
            booking.hold_until.map(us).into(),
            booking.photo.into(),
            us(booking.created_at).into(),
        ])
    }

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
                Some(_) => return Err(bad("booking.awaits")),
            },
            hold_until: self.hold_until_us.map(at),
            photo: self.photo,
            created_at: at(self.created_us),
        })
    }
}

fn awaits_name(awaits: Awaits) -> &'static str {
    match awaits {
        Awaits::Code => "code",
        Awaits::Photo => "photo",
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
