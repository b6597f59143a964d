//! Citizens as whoever looks at a calendar may see them.

use crate::access::{OfficeView, Sight};
use crate::domain::booking::Booking;

/// A booking of somebody.
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) contact: String,
    pub(super) number: String,
    pub(super) code: String,
    pub(super) others: u32,
}

impl Seen {
    pub(super) fn of(office: &OfficeView, booking: &Booking) -> Self {
        let is_whole = office.sight() == Some(Sight::Whole);
        Self {
            name: if is_whole { booking.applicant.nama.as_str().to_owned() } else { String::new() },
            contact: if is_whole { booking.contact.masked() } else { String::new() },
            number: booking.queue_numbers(),
            code: booking.code.to_string(),
            others: booking.party().saturating_sub(1),
        }
    }
}
