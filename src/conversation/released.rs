//! A place that its office gave back.

use super::chat::Chat;
use crate::domain::booking::Booking;

/// A place that was given back because nobody said that they come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The booking in its new state.
    pub booking: Booking,
    /// What is remembered of the contact from now on.
    pub chat: Chat,
}
