//! Dates as people write them: in digits, in words, relative to the day of sending, with a typo.

pub(crate) mod detect;
pub(crate) mod month_day;
pub(crate) mod named_day;
pub(crate) mod parse;
pub(crate) mod relative;
pub(crate) mod repair;
pub(crate) mod spelling;
pub(crate) mod split_at_dates;
pub(crate) mod weekday;
pub(crate) mod worded;
pub(crate) mod written;

pub(crate) use parse::parse;
