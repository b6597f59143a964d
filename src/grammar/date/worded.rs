//! Parses dates with words between their numbers, `25 bulan 12 tahun 1987`, or with the month in Roman numbers,
//! `25-XII-1987`.

use crate::grammar::date::written::{Written, around_month, is_gap};
use crate::grammar::language::vocabulary::{WORDS, month_named};
use crate::grammar::text::characters::digit;

/// Most digits of a day or a month.
const SHORT_DIGITS_MAX: usize = 2;

/// A number of at most so many digits, and how many it has.
fn number(word: &str, digits_max: usize) -> Option<(u32, usize)> {
    let digits = word.chars().count();
    let value = word.chars().try_fold(0_u32, |value, c| Some(value.checked_mul(10)? + digit(c)?))?;
    (1..=digits_max).contains(&digits).then_some((value, digits))
}

/// A day's number, perhaps with an ordinal's end: `8th`.
fn day(word: &str) -> Option<(u32, usize)> {
    let end = word.find(|c| digit(c).is_none()).unwrap_or(word.len());
    let (value, after) = word.split_at_checked(end)?;
    let is_ended = after.is_empty() || WORDS.dates.ordinals.get(after).is_some();
    number(value, SHORT_DIGITS_MAX).filter(|_| is_ended)
}

/// A month by its name, its number or its Roman number.
pub(crate) fn month(word: &str) -> Option<u32> {
    number(word, SHORT_DIGITS_MAX).map(|(month, _)| month).or_else(|| month_named(word))
}

/// The shape of a date with words in it; `None` where the text has none.
pub(crate) fn parse(text: &str) -> Option<Written> {
    let opens = |c| digit(c).is_some();
    // Nearly every text opens otherwise.
    if !text.starts_with(opens) && WORDS.day_of_month.front(text).is_none() {
        return None;
    }
    let mut words = text.split(is_gap).filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| WORDS.day_of_month.get(word).is_some());
    let day = day(words.next()?)?;
    words.next_if(|word| WORDS.dates.month_words.get(word).is_some());
    let month = month(words.next()?)?;
    let is_year = words.next_if(|word| WORDS.dates.year_words.get(word).is_some()).is_some();
    let year = number(words.next()?, 4).filter(|_| words.next().is_none())?;
    match around_month(day, month, year)? {
        // `tahun 87` leaves no doubt which number is the year.
        Written::Short([last, _]) if is_year => Some(Written::Short([last, None])),
        written => Some(written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the table of Roman numbers, or of months' words, this fails.
    #[test]
    fn words_between_the_numbers_and_roman_months_are_read() {
        for text in [
            "25-XII-1987",
            "25/XII/1987",
            "25 xii 1987",
            "25 bulan 12 tahun 1987",
            "tanggal 25 bulan Desember tahun 1987",
            "tgl. 25 bln 12 thn. 1987",
            "25th of December 1987",
            "25 Disember, tahun 1987",
        ] {
            assert_eq!(parse(text), Some(Written::Full { year: 1987, month: 12, day: 25 }), "{text}");
        }
        for text in [
            "25XII1987",
            "XII-25-1987",
            "25-XIII-1987",
            "25 bulan 1987",
            "25 tahun 12 bulan 1987",
            "XII",
            "25-XII",
            "25 XII 1987 8",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
