//! `#tunggu`: the waiting list.

use chrono::NaiveDate;

use crate::domain::code::BookingCode;

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
