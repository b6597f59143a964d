//! `#ganti`: a booking is to be moved to another day. `#tunggu`: somebody waits for a day.

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

/// Somebody wants to wait for a seat that comes back, asks how far the wait is, or ends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wait {
    /// Every day that the text may mean, ascending; empty where it names none.
    pub days: Vec<NaiveDate>,
    /// Whether any day will do, the sooner the better.
    pub soonest: bool,
    /// Whether the wait is to end.
    pub leave: bool,
    /// The code of the booking that is to be replaced by an earlier one, if one stands there.
    pub code: Option<BookingCode>,
}
