//! Dates as people write them.

pub(crate) mod named_day;
pub(crate) mod parse;
pub(crate) mod relative;
pub(crate) mod repair;
pub(crate) mod split_at_dates;
pub(crate) mod worded;

pub(crate) use parse::parse;
