//! Three small readers of the standard form alone, `#Nama#ddmmyyyy#ddmmyyyy`: by hand, by a regex and by nom.
//!
//! They are what the reader's speed is held against. Each checks the calendar, the age and the day of the visit, and all
//! accept the same messages: `tests/it/standard.rs` holds them to it, and to the reader.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use nom::bytes::complete::{take_while_m_n, take_while1};
use nom::character::complete::char;
use nom::combinator::{all_consuming, map_opt, verify};
use nom::sequence::preceded;
use nom::{IResult, Parser};
use regex::Regex;

/// Longest name, in characters, as the reader has it.
const NAME_CHARS_MAX: usize = 60;
/// Greatest age, in years, as the reader has it.
const AGE_YEARS_MAX: i32 = 120;

/// A form that one of the three has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standard<'m> {
    /// The name as written.
    pub name: &'m str,
    /// The birth date.
    pub born: NaiveDate,
    /// The day of the visit.
    pub visit: NaiveDate,
}

/// One of the three.
pub type Reader = for<'m> fn(&'m str, NaiveDate) -> Option<Standard<'m>>;

/// All of them, with their names.
pub const READERS: [(&str, Reader); 3] = [("by hand", by_hand), ("by regex", by_regex), ("by nom", by_nom)];

fn in_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | ',' | '\'' | '-')
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME_CHARS_MAX && name.chars().any(|c| c.is_ascii_alphabetic())
}

fn judged(name: &str, born: NaiveDate, visit: NaiveDate, sent_on: NaiveDate) -> Option<Standard<'_>> {
    let fits = born <= sent_on && sent_on.year() - born.year() <= AGE_YEARS_MAX && visit >= sent_on;
    fits.then_some(Standard { name, born, visit })
}

/// Goes through the bytes once.
pub fn by_hand(message: &str, sent_on: NaiveDate) -> Option<Standard<'_>> {
    let rest = message.strip_prefix('#')?;
    let (name, rest) = rest.split_at_checked(rest.bytes().position(|byte| byte == b'#')?)?;
    if !is_name(name) || !name.chars().all(in_name) {
        return None;
    }
    let [b'#', born @ .., b'#', d1, d2, m1, m2, y1, y2, y3, y4] = rest.as_bytes() else { return None };
    let day = |digits: &[u8]| {
        let number = |run: &[u8]| {
            run.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))
        };
        let [d1, d2, m1, m2, year @ ..] = digits else { return None };
        let year = if year.len() == 4 { number(year)? } else { return None };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
    };
    judged(name, day(born)?, day(&[*d1, *d2, *m1, *m2, *y1, *y2, *y3, *y4])?, sent_on)
}

static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^#([A-Za-z .,'-]*[A-Za-z][A-Za-z .,'-]*)#([0-9]{2})([0-9]{2})([0-9]{4})#([0-9]{2})([0-9]{2})([0-9]{4})$",
    )
    .ok()
});

/// Leaves the cutting to a regex.
pub fn by_regex(message: &str, sent_on: NaiveDate) -> Option<Standard<'_>> {
    let found = FORM.as_ref()?.captures(message)?;
    let group = |at| found.get(at).map(|group| group.as_str());
    let day = |at: usize| {
        NaiveDate::from_ymd_opt(group(at + 2)?.parse().ok()?, group(at + 1)?.parse().ok()?, group(at)?.parse().ok()?)
    };
    let name = group(1).filter(|name| is_name(name))?;
    judged(name, day(2)?, day(5)?, sent_on)
}

fn number<'m>(digits: usize) -> impl Parser<&'m str, Output = u32, Error = nom::error::Error<&'m str>> {
    map_opt(take_while_m_n(digits, digits, |c: char| c.is_ascii_digit()), |run: &str| run.parse().ok())
}

fn day(input: &str) -> IResult<&str, NaiveDate> {
    map_opt((number(2), number(2), number(4)), |(day, month, year)| {
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    })
    .parse(input)
}

/// Says what the form is, in nom's words.
pub fn by_nom(message: &str, sent_on: NaiveDate) -> Option<Standard<'_>> {
    let name = verify(take_while1(in_name), is_name);
    let mut form = all_consuming((preceded(char('#'), name), preceded(char('#'), day), preceded(char('#'), day)));
    let (_, (name, born, visit)) = form.parse(message).ok()?;
    judged(name, born, visit, sent_on)
}
