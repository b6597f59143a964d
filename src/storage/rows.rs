//! Between the domain's types and what stands in columns: instants as microseconds, the rest as text and numbers.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::StorageError;
use super::text::Value;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::{FormatId, OfficeId};
use crate::domain::slot::Slot;

/// Microseconds since 1970.
pub(super) fn us(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant of a column.
pub(super) fn at(us: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(us).unwrap_or_default()
}

/// JSON for a column or for `each!`.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|e| StorageError::Data(e.to_string()))
}

/// The value of a JSON column.
pub(super) fn unjson<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> Result<T, StorageError> {
    // The message of serde_json may quote the value, which may be personal: say the column only.
    serde_json::from_str(text).map_err(|_| bad(column))
}

/// A column that does not hold what this program writes into it.
pub(super) fn bad(column: &str) -> StorageError {
    StorageError::Data(format!("column {column} holds a value that this version cannot read"))
}

/// A whole number that fits the domain's type.
pub(super) fn fits<T: TryFrom<i64>>(column: &str, value: i64) -> Result<T, StorageError> {
    T::try_from(value).map_err(|_| bad(column))
}

/// A row of `booking`.
#[derive(Debug, Clone, Deserialize, sqlx::FromRow)]
pub(super) struct Row {
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

/// The columns of [`Row`], for select lists.
macro_rules! booking_columns {
    () => {
        "booking.id, booking.office, booking.office_version, booking.format, booking.channel, booking.contact, \
         booking.applicant, booking.asked, booking.date, booking.hour, booking.seats, booking.state, booking.code, \
         booking.approval, booking.tries, booking.awaits, booking.hold_until_us, booking.photo, booking.created_us"
    };
}
pub(super) use booking_columns;

impl Row {
    /// A booking as it goes into the columns of this row, in their order.
    pub(super) fn values(booking: &Booking) -> Result<[Value<'_>; 19], StorageError> {
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

    pub(super) fn booking(self) -> Result<Booking, StorageError> {
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
