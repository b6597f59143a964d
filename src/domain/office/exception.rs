//! Exceptions to an office's calendar: what was decided about one date after the file was written.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::hours::Span;

/// What one date is, whatever file, week and holidays say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The hours in which people are served, each with its own seats, or with those of the file; none: the day is closed.
    hours: BTreeMap<u8, Option<u32>>,
    /// The same hours as spans.
    spans: Vec<Span>,
    /// Why; citizens read it where the day is closed.
    reason: String,
}

/// An exception as the database and exports keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptException {
    /// Hour and own seats.
    pub hours: Vec<(u8, Option<u32>)>,
    /// Why.
    pub reason: String,
}

impl Exception {
    /// A day with these hours; without any it is closed.
    pub fn new(hours: BTreeMap<u8, Option<u32>>, reason: String) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for &hour in hours.keys() {
            let (from, until) = (time(hour), time(hour + 1));
            match spans.last_mut().filter(|last| last.until == from) {
                Some(last) => last.until = until,
                None => spans.push(Span { from, until }),
            }
        }
        Self { hours, spans, reason }
    }

    /// The hours, ascending, each with its own seats.
    pub fn hours(&self) -> &BTreeMap<u8, Option<u32>> {
        &self.hours
    }

    /// The same as spans.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// As it is kept.
    pub fn kept(&self) -> KeptException {
        KeptException {
            hours: self.hours.iter().map(|(hour, seats)| (*hour, *seats)).collect(),
            reason: self.reason.clone(),
        }
    }
}

impl From<KeptException> for Exception {
    fn from(kept: KeptException) -> Self {
        Self::new(kept.hours.into_iter().filter(|(hour, _)| *hour < HOURS).collect(), kept.reason)
    }
}

/// Hours of a day.
const HOURS: u8 = 24;

/// The time at which an hour begins; midnight at the end of a day is its last second, since a span ends on its own day.
fn time(hour: u8) -> NaiveTime {
    let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
    NaiveTime::from_hms_opt(u32::from(hour), 0, 0).unwrap_or(last)
}

/// The exceptions of one office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions {
    /// Grows with each change of them.
    pub revision: u32,
    /// By date.
    pub days: BTreeMap<NaiveDate, Exception>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_that_follow_each_other_are_one_span_and_what_is_kept_reads_back() {
        let exception = Exception::new([(8, None), (9, Some(3)), (13, None), (23, None)].into(), "Rapat".to_owned());
        let spans: Vec<String> = exception
            .spans()
            .iter()
            .map(|span| format!("{}-{}", span.from.format("%H.%M"), span.until.format("%H.%M")))
            .collect();
        assert_eq!(spans, ["08.00-10.00", "13.00-14.00", "23.00-23.59"]);
        assert_eq!(Exception::from(exception.kept()), exception);
        assert!(Exception::new(BTreeMap::new(), "Banjir".to_owned()).spans().is_empty());
    }
}
