//! Finds bookings by code, name or number.

use chrono::{DateTime, Utc};

use super::super::shared::error::CommandError;
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::storage::Storage;

/// Fewest letters or digits of a search: fewer would match half of the list.
const SEARCH_MIN: usize = 3;

/// What bookings are searched by.
pub(super) enum Search {
    Code(BookingCode),
    /// The last digits of a number, without a leading zero: numbers are kept as 62812…, people write 0812….
    Number(String),
    /// Words that the name contains, all of them, in small letters.
    Name(Vec<String>),
}

impl Search {
    /// What a command names.
    ///
    /// # Errors
    /// [`CommandError::Usage`] where it is too short, or none of the three.
    pub(super) fn read(what: &str) -> Result<Self, CommandError> {
        if let Ok(code) = BookingCode::read(what) {
            return Ok(Self::Code(code));
        }
        let letters = what.chars().filter(|c| c.is_alphabetic()).count();
        let digits: String = what.chars().filter(char::is_ascii_digit).collect();
        if letters >= SEARCH_MIN {
            Ok(Self::Name(what.split_whitespace().map(str::to_lowercase).collect()))
        } else if letters == 0 && digits.len() >= SEARCH_MIN {
            Ok(Self::Number(digits.strip_prefix('0').unwrap_or(&digits).to_owned()))
        } else {
            Err(CommandError::Usage(format!(
                "`{what}` is neither a code like LMGF-D5AQ nor a name or number of at least {SEARCH_MIN} letters or digits"
            )))
        }
    }

    /// The bookings that fit.
    ///
    /// # Errors
    /// [`CommandError`] when storage failed.
    pub(super) async fn found(&self, storage: &Storage, now: DateTime<Utc>) -> Result<Vec<Booking>, CommandError> {
        let is_meant = |booking: &Booking| match self {
            Self::Code(code) => booking.code == *code,
            Self::Number(digits) => booking.contact.as_str().ends_with(digits.as_str()),
            Self::Name(words) => booking.applicant.people().any(|person| {
                let name = person.nama.as_str().to_lowercase();
                words.iter().all(|word| name.contains(word.as_str()))
            }),
        };
        let mut found = match self {
            Self::Code(code) => storage.find_bookings(code).await?,
            Self::Number(_) | Self::Name(_) => storage.bookings_since(now).await?,
        };
        found.retain(is_meant);
        Ok(found)
    }
}
