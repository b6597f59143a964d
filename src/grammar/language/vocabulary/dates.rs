//! Words of dates besides the names of days and months.

use serde::Deserialize;

use crate::grammar::text::words::Words;

/// The tables.
#[derive(Debug, Default)]
pub(crate) struct DateWords {
    /// Months by Roman numbers.
    pub(crate) roman: Words<u32>,
    /// In front of a month: `bulan`.
    pub(crate) month_words: Words<()>,
    /// In front of a year: `tahun`.
    pub(crate) year_words: Words<()>,
    /// After a day's number: `8th`.
    pub(crate) ordinals: Words<()>,
    /// Weekdays shortened, Monday 1.
    pub(crate) short_weekdays: Words<u64>,
    /// Days of the Javanese market.
    pub(crate) market_days: Words<()>,
    /// Places that are called like a weekday.
    pub(crate) places: Words<()>,
    /// Days that are counted, each with how many days it is.
    pub(crate) units: Words<u64>,
    /// One week, in a word.
    pub(crate) one_week: Words<()>,
    /// `lagi`.
    pub(crate) later: Words<()>,
    /// Months after a day's number, by how far ahead they are.
    pub(crate) months_ahead: Words<u32>,
    /// A whole week.
    pub(crate) next_week: Words<()>,
    /// Days of a month in words.
    pub(crate) day_numbers: Words<u32>,
    /// Months in shorter spellings.
    pub(crate) clipped_months: Words<u32>,
    /// The part of a day, after its name.
    pub(crate) parts_of_day: Words<()>,
    /// What may be a day.
    pub(crate) perhaps: Words<Perhaps>,
}

/// A day that is guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Perhaps {
    /// The day after tomorrow.
    InTwoDays,
    /// The last day of this month.
    LastOfMonth,
    /// The last day of the next month.
    LastOfNextMonth,
    /// The first day of the next month.
    FirstOfNextMonth,
}

/// The tables as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    roman: Vec<String>,
    month_words: Vec<String>,
    year_words: Vec<String>,
    ordinals: Vec<String>,
    short_weekdays: Vec<Vec<String>>,
    market_days: Vec<String>,
    places: Vec<String>,
    day_units: Vec<String>,
    week_units: Vec<String>,
    one_week: Vec<String>,
    later: Vec<String>,
    next_month: Vec<String>,
    this_month: Vec<String>,
    next_week: Vec<String>,
    day_numbers: Vec<Vec<String>>,
    clipped_months: Vec<Vec<String>>,
    parts_of_day: Vec<String>,
    perhaps_in_two_days: Vec<String>,
    perhaps_last_of_month: Vec<String>,
    perhaps_last_of_next_month: Vec<String>,
    perhaps_first_of_next_month: Vec<String>,
}

/// Days of a week.
const WEEK: u64 = 7;

impl File {
    /// The words with which a day may begin.
    pub(crate) fn opening(&self) -> Vec<String> {
        let short = self.short_weekdays.iter().flatten();
        short.chain(&self.one_week).chain(&self.next_week).cloned().collect()
    }

    pub(crate) fn read(self) -> Result<DateWords, String> {
        let perhaps = [
            (Perhaps::InTwoDays, self.perhaps_in_two_days),
            (Perhaps::LastOfMonth, self.perhaps_last_of_month),
            (Perhaps::LastOfNextMonth, self.perhaps_last_of_next_month),
            (Perhaps::FirstOfNextMonth, self.perhaps_first_of_next_month),
        ];
        Ok(DateWords {
            roman: Words::of((1..).zip(self.roman.into_iter().map(|number| vec![number])))?,
            month_words: Words::of([((), self.month_words)])?,
            year_words: Words::of([((), self.year_words)])?,
            ordinals: Words::of([((), self.ordinals)])?,
            short_weekdays: Words::of((1..).zip(self.short_weekdays))?,
            market_days: Words::of([((), self.market_days)])?,
            places: Words::of([((), self.places)])?,
            units: Words::of([(1, self.day_units), (WEEK, self.week_units)])?,
            one_week: Words::of([((), self.one_week)])?,
            later: Words::of([((), self.later)])?,
            months_ahead: Words::of([(0, self.this_month), (1, self.next_month)])?,
            next_week: Words::of([((), self.next_week)])?,
            day_numbers: Words::of((1..).zip(self.day_numbers))?,
            clipped_months: Words::of((1..).zip(self.clipped_months))?,
            parts_of_day: Words::of([((), self.parts_of_day)])?,
            perhaps: Words::of(perhaps)?,
        })
    }
}
