//! Parses dates as people write them, and gives every reading: which one is meant is never guessed here.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while_m_n, take_while1};
use nom::combinator::{all_consuming, map_opt, opt};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use crate::grammar::date::worded;
use crate::grammar::date::written::{RUN_DIGITS_MAX, Written, around_month, is_gap};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::digit;

/// One run of digits, or a month's name.
#[derive(Debug, Clone, Copy)]
enum Part {
    Number { value: u32, digits: usize },
    Month(u32),
}

fn number(input: &str) -> IResult<&str, Part> {
    let run = take_while_m_n(1, RUN_DIGITS_MAX, |c| digit(c).is_some());
    map_opt(run, |run: &str| {
        let value = run.chars().try_fold(0, |value, c| Some(value * 10 + digit(c)?))?;
        Some(Part::Number { value, digits: run.chars().count() })
    })
    .parse(input)
}

fn month(input: &str) -> IResult<&str, Part> {
    map_opt(take_while1(char::is_alphabetic), |word| WORDS.months.get(word).map(Part::Month)).parse(input)
}

/// What stands between the parts; nothing, in `25jan1987`.
fn gap(input: &str) -> IResult<&str, &str> {
    take_while(is_gap).parse(input)
}

fn part(input: &str) -> IResult<&str, Part> {
    alt((number, month)).parse(input)
}

/// Reads one to three parts and nothing else.
fn parts(input: &str) -> IResult<&str, (Part, Option<Part>, Option<Part>)> {
    all_consuming(terminated((part, opt(preceded(gap, part)), opt(preceded(gap, part))), gap)).parse(input)
}

/// Eight digits in one run: ddmmyyyy.
fn in_one_run(number: u32) -> Written {
    Written::Full { year: number % 10_000, month: number / 10_000 % 100, day: number / 1_000_000 }
}

/// The shape of a date, if the whole text has one.
pub(crate) fn parse(text: &str) -> Option<Written> {
    use Part::{Month, Number};
    // As the poster asks for it: by far the most common, so it is not taken apart first.
    if let Ok(digits) = <[u8; RUN_DIGITS_MAX]>::try_from(text.as_bytes())
        && digits.iter().all(u8::is_ascii_digit)
    {
        let number = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        return Some(in_one_run(number));
    }
    // Most other texts that are asked about are no dates, and nearly all of these have no digit.
    if !text.contains(|c| digit(c).is_some()) {
        return None;
    }
    let Ok((_, parts)) = parts(text) else { return worded::parse(text) };
    match parts {
        (Number { value, digits: RUN_DIGITS_MAX }, None, None) => Some(in_one_run(value)),
        (Number { value, digits: 6 }, None, None) => {
            around_month((value / 10_000, 2), value / 100 % 100, (value % 100, 2))
        }
        (
            Number { value: first, digits: of_first },
            Some(Number { value: month, digits: 1 | 2 } | Month(month)),
            Some(Number { value: last, digits: of_last }),
        ) => around_month((first, of_first), month, (last, of_last)),
        (Month(month), Some(Number { value: day, digits: 1 | 2 }), Some(Number { value: year, digits: 4 })) => {
            Some(Written::Full { year, month, day })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::date::written::DateError;
    use crate::grammar::date::written::Days;
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;
    use std::ops::RangeInclusive;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn read(text: &str, allowed: &RangeInclusive<NaiveDate>) -> Result<Days, DateError> {
        parse(text).ok_or(DateError::NotADate)?.days(allowed)
    }

    /// Birth dates as of 1 August 2017.
    fn births() -> RangeInclusive<NaiveDate> {
        date("1897-01-01")..=date("2017-08-01")
    }

    #[test]
    fn every_documented_spelling_reads() {
        for text in [
            "25011987",
            "25-01-1987",
            "25/1/1987",
            "25.01.1987",
            "25 01 1987",
            "25 - 01 - 1987",
            "1987-01-25",
            "1987/1/25",
            "25 Januari 1987",
            "25jan1987",
            "25 January, 1987",
            "January 25, 1987",
            "25-JAN-1987",
            "250187",
            "870125",
            "25-1-87",
            "25 jan 87",
            "２５０１１９８７",
            "٢٥/٠١/١٩٨٧",
            "25–01–1987",
            "25-01-1987.",
        ] {
            assert_eq!(read(text, &births()), Ok(Days::one(date("1987-01-25"))), "{text}");
        }
        for (word, month) in [
            ("Pebruari", 2),
            ("Peb", 2),
            ("Mei", 5),
            ("May", 5),
            ("Agt", 8),
            ("Agu", 8),
            ("Ags", 8),
            ("Aug", 8),
            ("Sept", 9),
            ("Okt", 10),
            ("Oct", 10),
            ("Nopember", 11),
            ("Nop", 11),
            ("Des", 12),
            ("december", 12),
        ] {
            assert_eq!(
                read(&format!("7 {word} 1990"), &births()),
                Ok(Days::one(NaiveDate::from_ymd_opt(1990, month, 7).unwrap()))
            );
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for (text, error) in [
            ("Budi", DateError::NotADate),
            ("2501198", DateError::NotADate),
            ("250119877", DateError::NotADate),
            ("25O11987", DateError::NotADate),
            ("2501-1987", DateError::NotADate),
            ("25-01-198", DateError::NotADate),
            ("25 01", DateError::NotADate),
            ("25 Januri 1987", DateError::NotADate),
            ("5-1-8", DateError::NotADate),
            ("", DateError::NotADate),
            ("31061987", DateError::NoSuchDay),
            ("29-02-2017", DateError::NoSuchDay),
            ("01/25/1987", DateError::NoSuchDay),
            ("00000000", DateError::NoSuchDay),
            ("320199", DateError::NoSuchDay),
        ] {
            assert_eq!(read(text, &births()), Err(error), "{text}");
        }
    }

    #[test]
    fn every_reading_of_a_short_year_is_given() {
        for (text, days) in [
            ("050607", &["1905-06-07", "1907-06-05", "2005-06-07", "2007-06-05"][..]),
            ("120405", &["1905-04-12", "1912-04-05", "2005-04-12", "2012-04-05"]),
            ("12-04-98", &["1898-04-12", "1998-04-12"]),
        ] {
            let days: Vec<NaiveDate> = days.iter().map(|day| date(day)).collect();
            assert_eq!(read(text, &births()).ok(), Days::of(days), "{text}");
        }
    }

    #[test]
    fn a_short_visit_date_that_is_over_is_not_moved_to_another_year() {
        let visits = date("2017-07-19")..=date("2018-01-15");
        assert_eq!(read("180717", &visits), Ok(Days::one(date("2017-07-18"))), "over, and said to be so");
        assert_eq!(read("010817", &visits), Ok(Days::one(date("2017-08-01"))));
    }

    proptest! {
        #[test]
        fn any_spelling_of_any_day_reads_back(days in 0_i32..43_000, spelling in 0_usize..9) {
            let day = date("1900-01-01") + chrono::Days::new(u64::try_from(days).unwrap());
            let months = ["januari", "Pebruari", "Mar", "APRIL", "mei", "Juni", "Jul", "Agt", "Sept", "Oktober", "Nopember", "Des"];
            let month = months[day.month0() as usize];
            let text = match spelling {
                0 => day.format("%d%m%Y").to_string(),
                1 => day.format("%d-%m-%Y").to_string(),
                2 => day.format("%-d/%-m/%Y").to_string(),
                3 => day.format("%d.%m.%Y").to_string(),
                4 => day.format("%-d %m %Y").to_string(),
                5 => day.format("%Y-%m-%d").to_string(),
                6 => format!("{} {month} {}", day.day(), day.year()),
                7 => format!("{:02}{month}{}", day.day(), day.year()),
                _ => format!("{month} {}, {}", day.day(), day.year()),
            };
            prop_assert_eq!(read(&text, &births()), Ok(Days::one(day)), "{}", text);
        }

        // Negative control: leaving out the reading with the year in front fails this.
        #[test]
        fn six_digits_are_read_in_every_way_that_fits_and_no_other(value in 0_u32..1_000_000) {
            let text = format!("{value:06}");
            let readings: std::collections::BTreeSet<NaiveDate> = ["18", "19", "20"].iter().flat_map(|century| {
                let (a, b, c) = (&text[..2], &text[2..4], &text[4..]);
                [format!("{century}{c}-{b}-{a}"), format!("{century}{a}-{b}-{c}")]
            }).filter_map(|written| written.parse().ok()).filter(|day| births().contains(day)).collect();
            match read(&text, &births()) {
                Ok(days) if !readings.is_empty() => prop_assert_eq!(Some(days), Days::of(readings.into_iter().collect())),
                Ok(days) => prop_assert!(days.others.is_empty() && !births().contains(&days.first)),
                Err(_) => prop_assert!(readings.is_empty()),
            }
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>()) {
            let _ = read(&text, &births());
        }
    }
}
