//! The spellings of dates that a format may demand, and how a day is printed in them.

use chrono::{Datelike, NaiveDate};

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::digit;

/// How a date is spelled. Each takes any of the gaps that people write between its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateSpelling {
    /// `25011987`
    Compact,
    /// `250187`
    CompactShort,
    /// `25-01-1987`
    Parted,
    /// `25-01-87`
    PartedShort,
    /// `1987-01-25`
    Reversed,
    /// `25 Januari 1987`
    Worded,
    /// `besok`, `senin`, `tgl 7`
    Counted,
}

impl DateSpelling {
    /// All shapes, with their names in format files.
    pub(crate) const ALL: [(&'static str, Self); 7] = [
        ("ddmmyyyy", Self::Compact),
        ("ddmmyy", Self::CompactShort),
        ("dd-mm-yyyy", Self::Parted),
        ("dd-mm-yy", Self::PartedShort),
        ("yyyy-mm-dd", Self::Reversed),
        ("dd month yyyy", Self::Worded),
        ("besok", Self::Counted),
    ];

    /// Its name in format files.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, shape)| *shape == self).map_or("", |(name, _)| name)
    }

    /// How a text that reads as a date is spelled, by its runs of digits.
    fn of(text: &str) -> Self {
        let is_digit = |c: char| digit(c).is_some();
        let mut runs = text.split(|c| !is_digit(c)).filter(|run| !run.is_empty()).map(|run| run.chars().count());
        match (runs.next(), runs.next(), runs.next()) {
            (Some(8), None, None) => Self::Compact,
            (Some(6), None, None) => Self::CompactShort,
            (Some(4), Some(_), Some(_)) => Self::Reversed,
            (Some(_), Some(_), Some(4)) => Self::Parted,
            (Some(_), Some(_), Some(_)) => Self::PartedShort,
            (Some(_), Some(_), None) if text.contains(char::is_alphabetic) => Self::Worded,
            _ => Self::Counted,
        }
    }
}

/// The spellings that a date may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spellings(pub(crate) Option<Vec<DateSpelling>>);

impl Spellings {
    /// Whether a text that reads as a date is spelled as it may be.
    pub(crate) fn allow(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|shapes| shapes.contains(&DateSpelling::of(text)))
    }

    /// A day in the first spelling that will do; `rule_file` holds that one has the whole year.
    pub(crate) fn spell(&self, day: NaiveDate) -> String {
        let usual = [DateSpelling::Compact, DateSpelling::Parted, DateSpelling::Reversed, DateSpelling::Worded];
        let shape = self.0.as_ref().and_then(|shapes| shapes.iter().find(|shape| usual.contains(shape)));
        match shape {
            Some(DateSpelling::Parted) => format!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year()),
            Some(DateSpelling::Reversed) => format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            Some(DateSpelling::Worded) => {
                let month = WORDS.months.entries().filter(|(_, month)| *month == day.month());
                let longest = month.map(|(word, _)| word).max_by_key(|word| word.len()).unwrap_or_default();
                format!("{} {longest} {}", day.day(), day.year())
            }
            _ => format!("{:02}{:02}{:04}", day.day(), day.month(), day.year()),
        }
    }

    /// Whether one of the spellings has the whole year, so that any day can be written.
    pub(crate) fn can_spell(&self) -> bool {
        use DateSpelling::{Compact, Parted, Reversed, Worded};
        self.0.as_ref().is_none_or(|all| all.iter().any(|shape| matches!(shape, Compact | Parted | Reversed | Worded)))
    }

    /// The spellings by name, for texts; none where every spelling will do.
    pub(crate) fn names(&self) -> String {
        self.0.iter().flatten().map(|shape| shape.name()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_is_known_by_its_digits() {
        for (text, name) in [
            ("25011987", "ddmmyyyy"),
            ("２５０１１９８７", "ddmmyyyy"),
            ("250187", "ddmmyy"),
            ("25 - 01 - 1987", "dd-mm-yyyy"),
            ("5/1/87", "dd-mm-yy"),
            ("1987.1.5", "yyyy-mm-dd"),
            ("5 Jan 87", "dd month yyyy"),
            ("25jan1987", "dd month yyyy"),
            ("besok", "besok"),
            ("tgl 7", "besok"),
        ] {
            assert_eq!(DateSpelling::of(text).name(), name, "{text}");
        }
    }
}
