//! A seat that several of those who wait are offered at once: the first `ya` gets it.
//!
//! Until then no booking has it: the waiting list keeps it, as if it were taken.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::office::FormatId;
use super::person::Applicant;
use super::slot::Slot;

/// Most citizens who are offered one seat at once: all but one of them will be disappointed.
pub const AT_ONCE_MAX: u32 = 3;
/// Offers that say something about an office: with fewer, chance decides.
const SAMPLE_MIN: i64 = 20;

/// A seat that is offered to several at once, as one of them has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedOffer {
    /// Its number, the same for all of them.
    pub id: i64,
    /// The hour.
    pub slot: Slot,
    /// Seats that are kept.
    pub seats: u32,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Whether somebody else took it.
    pub is_taken: bool,
    /// Whom a booking would be for.
    pub applicant: Applicant,
    /// The format of their form.
    pub format: FormatId,
}

/// Whether so few offers are accepted that a seat takes more than two of them, one after the other.
pub fn is_low(offers: i64, accepted: i64) -> bool {
    offers >= SAMPLE_MIN && accepted * 2 < offers
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `false` for an answer, the last two say that many are accepted.
    #[test]
    fn few_offers_say_nothing() {
        assert_eq!(
            [(19, 0), (20, 10), (20, 9), (200, 99)].map(|(offers, taken)| is_low(offers, taken)),
            [false, false, true, true]
        );
    }
}
