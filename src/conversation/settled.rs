//! What became of a booking that its office cannot serve on its day.

use super::chat::Chat;
use super::day_changed::DayChanged;
use crate::domain::booking::Booking;

/// What became of a displaced booking with the decision about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The booking in its new state; `None` where there was nothing to do any more.
    pub changed: Option<Booking>,
    /// What its citizen is to be told.
    pub told: Option<DayChanged>,
    /// What is remembered of the contact from now on.
    pub chat: Chat,
}
