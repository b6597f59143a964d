//! `#ganti`: a booking is to be moved to another day.

use chrono::NaiveDate;

use crate::domain::code::BookingCode;

/// A booking is to be moved to another day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeDay {
    /// Every day that the text may mean, ascending; empty where it names none.
    pub days: Vec<NaiveDate>,
    /// The booking's code, if one stands there.
    pub code: Option<BookingCode>,
    /// Whether something stands there that was meant as a code and is none.
    pub mistyped: bool,
    /// Whether it is asked rather than said (`bisa pindah ke senin?`): nothing is moved before a yes.
    pub is_asked: bool,
}
