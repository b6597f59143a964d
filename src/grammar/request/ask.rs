//! A question about a date that can be read in more than one way.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::masked_debug::masked_debug;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::text::span::Span;

/// A form with a date that can be read in more than one way: which one is meant is asked, never guessed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The piece.
    pub field: Field,
    /// Whose piece it is, counted from 1, where the message has a line for each of several people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<u8>,
    /// Where in the message.
    pub at: Span,
    /// What stands there, at most 40 characters of it.
    pub found: String,
    /// The readings, the earliest date first; two to [`CHOICES_MAX`].
    pub choices: Vec<Choice>,
}

masked_debug!(Ask { field, person, at, choices });

/// Most readings that are offered: a date of six digits has at most two orders in three centuries.
pub const CHOICES_MAX: usize = 6;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The date.
    pub date: NaiveDate,
    /// The whole form, were this date meant.
    pub form: Form,
    /// What is to be asked next, where another date of the form has several readings too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub then: Option<Box<Ask>>,
}

/// Years up to which a person's age is ordinary: only a birth date without its century makes many people older.
const AGE_ORDINARY_MAX: u32 = 90;

impl Ask {
    /// The same question with the likely readings of a birth date first: no child of 1907 books a seat, and the day stands in
    /// front of the year more often than behind it. The readings of a visit stay in the order of their days.
    #[must_use]
    pub fn likely_first(mut self, today: NaiveDate) -> Self {
        if self.field == Field::TglLahir {
            let digits: String = self.found.chars().take_while(char::is_ascii_digit).take(DAY_DIGITS).collect();
            let written = digits.parse::<u32>().ok();
            self.choices.sort_by_key(|choice| {
                let is_old = today.years_since(choice.date).is_none_or(|age| age > AGE_ORDINARY_MAX);
                (is_old, written != Some(choice.date.day()), std::cmp::Reverse(choice.date))
            });
        }
        for choice in &mut self.choices {
            choice.then = choice.then.take().map(|next| Box::new(next.likely_first(today)));
        }
        self
    }
}

/// Digits of a day in front of a date without separators.
const DAY_DIGITS: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    // Negative control: in the order of the dates, 1905 comes first.
    #[test]
    fn nobody_is_taken_for_a_hundred_and_ten() {
        let format = crate::grammar::Format::shipped();
        let formats: Vec<_> = format.iter().filter(|format| format.id().as_str() == "nama-lahir-kedatangan").collect();
        let request = crate::grammar::read(&formats, "#Budi#050607#07082017", day("2017-08-01"));
        let crate::grammar::Request::Ask(ask) = request else { panic!("a question") };
        let dates = |ask: &Ask| ask.choices.iter().map(|choice| choice.date.to_string()).collect::<Vec<_>>();
        assert_eq!(dates(&ask), ["1905-06-07", "1907-06-05", "2005-06-07", "2007-06-05"]);
        let likely = ask.likely_first(day("2017-08-01"));
        assert_eq!(dates(&likely), ["2007-06-05", "2005-06-07", "1907-06-05", "1905-06-07"]);
    }
}
