//! Dates in every spelling that people use, taken apart so that another date can be written in the same way.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use nom::branch::alt;
use nom::bytes::complete::{take_while_m_n, take_while1};
use nom::character::complete::{anychar, one_of, space0, space1};
use nom::combinator::{map, map_opt, not, opt, peek, recognize, verify};
use nom::multi::{many0, many1};
use nom::{IResult, Parser};

use crate::grammar::month_named;

/// Months in spellings that the reader's vocabulary does not have, because it reads them as slips of others.
const SLIPS: [(&str, u32); 6] = [("febuari", 2), ("mart", 3), ("avril", 4), ("mey", 5), ("agoestoes", 8), ("agus", 8)];
/// The months of the masks, as they are written in Indonesian, in English, in three letters, and as a Roman number.
const MASK_MONTHS: [(u32, [&str; 4]); 3] = [
    (1, ["januari", "january", "jan", "i"]),
    (6, ["juni", "june", "jun", "vi"]),
    (11, ["november", "november", "nov", "xi"]),
];
/// Months that are called alike in Indonesian and in English: they say nothing about the language of a date.
const ALIKE: [&str; 3] = ["april", "september", "november"];
/// Words between day, month and year.
const BETWEEN: [&str; 8] = ["bulan", "bln", "tahun", "thn", "th", "of", "st", "nd"];
/// Least letters of a word between day and year that is taken for a misspelt month.
const MISSPELT_CHARS_MIN: usize = 3;
/// First year that anybody is born in.
const YEAR_MIN: i32 = 1900;

/// A piece of a date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Day(&'a str),
    Month(&'a str),
    MonthWord(&'a str),
    Year(&'a str),
    Between(&'a str),
}

/// A date as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<'a> {
    pieces: Vec<Piece<'a>>,
}

/// What a written date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A day.
    Day(NaiveDate),
    /// Day and month only.
    Yearly(u32, u32),
    /// A day that no calendar has, or a month that nobody knows, in this year.
    Broken(i32),
}

/// The date at the beginning of `text`, and how long it is in bytes.
pub fn at(text: &str) -> Option<(usize, Written<'_>)> {
    let (rest, pieces) = alt((compact, numeric, worded, month_first)).parse(text).ok()?;
    Some((text.len() - rest.len(), Written { pieces }))
}

impl Written<'_> {
    /// What it says, years of two digits being of the hundred years before the end of the year `now`.
    pub fn said(&self, now: i32) -> Said {
        let (mut day, mut month, mut year) = (0, 0, None);
        for piece in &self.pieces {
            match piece {
                Piece::Day(text) => day = text.parse().unwrap_or(0),
                Piece::Month(text) => month = text.parse().unwrap_or(0),
                Piece::MonthWord(text) => month = month_of(text).unwrap_or(0),
                Piece::Year(text) => year = Some(full_year(text, now)),
                Piece::Between(_) => {}
            }
        }
        let Some(year) = year else { return Said::Yearly(day, month) };
        let days = [(day, month), (month, day)];
        let found = days.into_iter().find_map(|(day, month)| NaiveDate::from_ymd_opt(year, month, day));
        found.map_or(Said::Broken(year), Said::Day)
    }

    /// `other`, written in the same way.
    pub fn spell(&self, other: NaiveDate) -> String {
        // Month first, as Americans write it: the first number is no day of this date's kind.
        let swapped = self
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Month(text) if text.parse::<u32>().is_ok_and(|month| month > 12)));
        let number = |text: &str, value: u32| if text.len() == 1 { value.to_string() } else { format!("{value:02}") };
        let (day, month) = if swapped { (other.month(), other.day()) } else { (other.day(), other.month()) };
        let spelled = self.pieces.iter().map(|piece| match piece {
            Piece::Day(text) => Cow::Owned(number(text, day)),
            Piece::Month(text) => Cow::Owned(number(text, month)),
            Piece::MonthWord(text) => Cow::Owned(like(text, other.month())),
            Piece::Year(text) if text.len() == 2 => Cow::Owned(format!("{:02}", other.year().rem_euclid(100))),
            Piece::Year(_) => Cow::Owned(other.year().to_string()),
            Piece::Between(text) => Cow::Borrowed(*text),
        });
        spelled.collect()
    }
}

fn full_year(text: &str, now: i32) -> i32 {
    let year: i32 = text.parse().unwrap_or(0);
    match text.len() {
        // The coming year counts as of this century: visits are asked for around new year.
        2 if year <= (now + 1).rem_euclid(100) => 2000 + year,
        2 => YEAR_MIN + year,
        _ => year,
    }
}

fn month_of(word: &str) -> Option<u32> {
    let lower = word.to_lowercase();
    let slip = || SLIPS.iter().find(|(slip, _)| *slip == lower).map(|(_, month)| *month);
    month_named(&lower).or_else(slip)
}

/// Whether a word is the English name of a month, and not the Indonesian one.
fn is_english(lower: &str) -> bool {
    let named = lower.parse::<chrono::Month>();
    named.is_ok_and(|month| month.name().to_lowercase() == lower) && !ALIKE.contains(&lower)
}

/// The `month` of a mask in the language, length and case of `word`.
fn like(word: &str, month: u32) -> String {
    let lower = word.to_lowercase();
    let is_roman = month_of(word).is_some() && lower.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let names = MASK_MONTHS.iter().find(|(of, _)| *of == month).map(|(_, names)| names);
    let [indonesian, english, short, roman] = names.copied().unwrap_or_default();
    let found = match word.chars().count() {
        _ if is_roman => roman,
        _ if is_english(&lower) => english,
        0..=3 => short,
        _ => indonesian,
    };
    if word.chars().all(char::is_uppercase) {
        found.to_uppercase()
    } else if word.starts_with(char::is_uppercase) {
        let mut letters = found.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    } else {
        found.to_owned()
    }
}

fn digits<'a>(least: usize, most: usize) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    nom::sequence::terminated(
        take_while_m_n(least, most, |c: char| c.is_ascii_digit()),
        not(peek(verify(anychar, char::is_ascii_digit))),
    )
}

fn year<'a>() -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    alt((digits(4, 4), digits(2, 2)))
}

/// `17031990`, `19900317`, `170390`.
fn compact(input: &str) -> IResult<&str, Vec<Piece<'_>>> {
    let cut = |text: &str| -> Option<(u32, u32, i32)> {
        Some((text.get(..2)?.parse().ok()?, text.get(2..4)?.parse().ok()?, text.get(4..)?.parse().ok()?))
    };
    map_opt(alt((digits(8, 8), digits(6, 6))), move |text: &str| {
        let (day, month, year) = cut(text)?;
        let short = text.len() == 6;
        let plausible = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
        if plausible(day, month) && (short || (YEAR_MIN..2100).contains(&year)) {
            return Some(vec![Piece::Day(text.get(..2)?), Piece::Month(text.get(2..4)?), Piece::Year(text.get(4..)?)]);
        }
        let year_first: i32 = text.get(..4)?.parse().ok()?;
        let (month, day) = (text.get(4..6)?, text.get(6..)?);
        let fits =
            !short && plausible(day.parse().ok()?, month.parse().ok()?) && (YEAR_MIN..2100).contains(&year_first);
        fits.then(|| text.get(..4).map(|year| vec![Piece::Year(year), Piece::Month(month), Piece::Day(day)]))?
    })
    .parse(input)
}

fn mark<'a>() -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    alt((recognize((space0, one_of("-/._,\\‐‑‒–—―'’"), space0)), space1))
}

/// `17-03-1990`, `17 3 90`, `1990/03/17`.
fn numeric(input: &str) -> IResult<&str, Vec<Piece<'_>>> {
    let small = || digits(1, 2);
    let day_first = map((small(), mark(), small(), mark(), year()), |(day, one, month, two, year)| {
        vec![Piece::Day(day), Piece::Between(one), Piece::Month(month), Piece::Between(two), Piece::Year(year)]
    });
    let year_first = map((digits(4, 4), mark(), small(), mark(), small()), |(year, one, month, two, day)| {
        vec![Piece::Year(year), Piece::Between(one), Piece::Month(month), Piece::Between(two), Piece::Day(day)]
    });
    let plausible = |pieces: &Vec<Piece<'_>>| {
        let small = |text: &str| text.parse::<u32>().is_ok_and(|number| (1..=31).contains(&number));
        pieces.iter().all(|piece| match piece {
            Piece::Day(text) | Piece::Month(text) => small(text),
            Piece::Year(text) => text.len() == 2 || text.starts_with("19") || text.starts_with("20"),
            _ => true,
        })
    };
    verify(alt((year_first, day_first)), plausible).parse(input)
}

fn letters(input: &str) -> IResult<&str, &str> {
    take_while1(char::is_alphabetic).parse(input)
}

/// What stands between the pieces of a date in words; the words `bulan` and `tahun` among it.
fn gap(input: &str) -> IResult<&str, &str> {
    let word = verify(letters, |word: &str| BETWEEN.contains(&word.to_lowercase().as_str()));
    let blank = recognize(many1(one_of(" ./,-_‐‑‒–—―'’")));
    recognize((opt(blank), many0((word, many1(one_of(" .,:-")))))).parse(input)
}

/// `17 Maret 1990`, `17-III-90`, `17 mrt`, `17Maret1990`.
fn worded(input: &str) -> IResult<&str, Vec<Piece<'_>>> {
    let day = || digits_before_word();
    let known = || verify(letters, |word: &str| month_of(word).is_some());
    let misspelt = verify(letters, |word: &str| word.chars().count() >= MISSPELT_CHARS_MIN);
    let pieces = |(day, one, month, two, year)| {
        vec![Piece::Day(day), Piece::Between(one), Piece::MonthWord(month), Piece::Between(two), Piece::Year(year)]
    };
    alt((
        map((day(), gap, known(), gap, year()), pieces),
        map(
            verify((day(), gap, misspelt, gap, digits(4, 4)), |(.., year)| {
                year.starts_with("19") || year.starts_with("20")
            }),
            pieces,
        ),
        map(
            verify((day(), gap, known()), |(.., month): &(&str, &str, &str)| month.len() >= MISSPELT_CHARS_MIN),
            |(day, one, month)| vec![Piece::Day(day), Piece::Between(one), Piece::MonthWord(month)],
        ),
    ))
    .parse(input)
}

fn digits_before_word<'a>() -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    verify(digits(1, 2), |day: &str| day.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day)))
}

/// `March 17, 1990`.
fn month_first(input: &str) -> IResult<&str, Vec<Piece<'_>>> {
    let month = verify(letters, |word: &str| word.len() >= MISSPELT_CHARS_MIN && month_of(word).is_some());
    map((month, gap, digits_before_word(), gap, digits(4, 4)), |(month, one, day, two, year)| {
        vec![Piece::MonthWord(month), Piece::Between(one), Piece::Day(day), Piece::Between(two), Piece::Year(year)]
    })
    .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_date_is_written_in_the_same_way() {
        let born = NaiveDate::from_ymd_opt(1987, 1, 25).expect("a date");
        for (text, spelled) in [
            ("17031990", "25011987"),
            ("170390", "250187"),
            ("19900317", "19870125"),
            ("17-03-1990", "25-01-1987"),
            ("17/3/90", "25/1/87"),
            ("17 . 03 . 1990", "25 . 01 . 1987"),
            ("1990-03-17", "1987-01-25"),
            ("17 Maret 1990", "25 Januari 1987"),
            ("17 MARET 1990", "25 JANUARI 1987"),
            ("17mar1990", "25jan1987"),
            ("17-III-1990", "25-I-1987"),
            ("17 bulan Maret tahun 1990", "25 bulan Januari tahun 1987"),
            ("March 17, 1990", "January 25, 1987"),
            ("17th of March 1990", "25th of January 1987"),
            ("17 Marett 1990", "25 Januari 1987"),
            ("17 Djuni '90", "25 Januari '87"),
            ("03/17/1990", "01/25/1987"),
        ] {
            let (length, written) = at(text).expect(text);
            assert_eq!((length, written.spell(born)), (text.len(), spelled.to_owned()), "{text}");
            assert!(matches!(written.said(2017), Said::Day(_)) || text.contains("Marett"), "{text}");
        }
        for text in ["1703199", "3271042501870001", "halo", "17", "08.00", "99-99-1990"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
