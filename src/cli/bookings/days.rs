//! Which days a list is of: `today`, `besok`, a date, or a span of them.

use chrono::{Days as Count, NaiveDate};

/// Most days in one list: a month of an office, more is an export's work.
const DAYS_MAX: i64 = 62;

/// A day as an officer names it, or the first and the last of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    first: Day,
    last: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// So many days after today.
    Ahead(i32),
    On(NaiveDate),
}

impl Day {
    fn read(text: &str) -> Option<Self> {
        let ahead = match text.trim().to_lowercase().as_str() {
            "today" | "hari ini" | "hari-ini" => 0,
            "tomorrow" | "besok" => 1,
            "lusa" => 2,
            "yesterday" | "kemarin" => -1,
            date => {
                let read = |form| NaiveDate::parse_from_str(date, form).ok();
                return read("%Y-%m-%d").or_else(|| read("%d-%m-%Y")).map(Self::On);
            }
        };
        Some(Self::Ahead(ahead))
    }

    fn of(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::On(date) => Some(date),
            Self::Ahead(days @ 0..) => today.checked_add_days(Count::new(days.unsigned_abs().into())),
            Self::Ahead(days) => today.checked_sub_days(Count::new(days.unsigned_abs().into())),
        }
    }
}

impl Days {
    /// Reads a day, or two with `..` between them.
    ///
    /// # Errors
    /// A sentence with examples.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        match (Day::read(first), Day::read(last)) {
            (Some(first), Some(last)) => Ok(Self { first, last }),
            _ => Err("not a day; write today, besok, 2026-08-10 or 10-08-2026, or several as 2026-08-10..2026-08-14"
                .to_owned()),
        }
    }

    /// The days, ascending, seen from `today`.
    ///
    /// # Errors
    /// A sentence where the last comes before the first, or they are too many for a list.
    pub(super) fn of(self, today: NaiveDate) -> Result<Vec<NaiveDate>, String> {
        let ends = self.first.of(today).zip(self.last.of(today));
        let (first, last) = ends.ok_or_else(|| "no calendar has that day".to_owned())?;
        match (last - first).num_days() {
            ..0 => Err(format!("{last} comes before {first}")),
            days if days >= DAYS_MAX => Err(format!("{} days are too many for a list; at most {DAYS_MAX}", days + 1)),
            _ => Ok(first.iter_days().take_while(|day| *day <= last).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<String>, String> {
        let today = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap();
        Days::read(text).and_then(|days| days.of(today)).map(|days| days.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn days_are_named_as_officers_name_them() {
        assert_eq!(of("today"), Ok(vec!["2026-08-03".to_owned()]));
        assert_eq!(of("Besok"), of("04-08-2026"));
        assert_eq!(of("kemarin"), of("2026-08-02"));
        assert_eq!(of("besok..2026-08-06").unwrap(), ["2026-08-04", "2026-08-05", "2026-08-06"]);
        assert_eq!(of("2026-08-01..lusa").unwrap().len(), 5);
        assert!(of("besok..today").unwrap_err().contains("comes before"));
        assert!(of("2026-01-01..2026-12-31").unwrap_err().contains("365 days"));
        for text in ["10082026", "", "..", "senin"] {
            assert!(of(text).unwrap_err().contains("2026-08-10..2026-08-14"), "{text}");
        }
    }
}
