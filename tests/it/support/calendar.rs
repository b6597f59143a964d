//! Dates as replies spell them.

use chrono::{Datelike, NaiveDate};

/// The months in Indonesian.
pub const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// A day with its month in words, `7 Agustus 2017`.
pub fn spelled(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}
