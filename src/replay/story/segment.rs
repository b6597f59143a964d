//! Pieces of a line: literal text, `{*}`, and codes under a name, in what people send and in what they are expected to get.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{map, map_opt, opt, recognize, value, verify};
use nom::multi::many0;
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};

use crate::domain::code::{APPROVAL_CODE_DIGITS, BOOKING_CODE_CHARS, BookingCode};

/// Characters of a booking code as it is printed: two groups and the dash.
const PRINTED_BOOKING_CODE_CHARS: usize = BOOKING_CODE_CHARS + 1;

/// Captured codes by the names that a story gives them.
pub type Captures = BTreeMap<String, String>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Exactly this.
    Literal(String),
    /// `{*}`.
    Any,
    /// `{code}`, or `{code|spaced}` in what people send.
    Capture {
        /// Its name.
        name: String,
        /// How a person types it.
        spelling: Spelling,
    },
}

/// How a person types a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As it was read.
    AsRead,
    /// `{code|trimmed}`: without its leading zeros.
    Trimmed,
    /// `{code|spaced}`: a space in the middle, no dash.
    Spaced,
    /// `{code|lower}`: in small letters, no dash.
    Lower,
}

impl Spelling {
    fn spell(self, code: &str) -> String {
        match self {
            Self::AsRead => code.to_owned(),
            Self::Trimmed => code.trim_start_matches('0').to_owned(),
            Self::Lower => code.replace('-', "").to_lowercase(),
            Self::Spaced => {
                let bare = code.replace('-', "");
                let middle = bare.len() / 2;
                bare.split_at_checked(middle).map_or(bare.clone(), |(front, back)| format!("{front} {back}"))
            }
        }
    }
}

fn name(input: &str) -> IResult<&str, &str> {
    let rest = take_while(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    recognize(pair(verify(anychar, char::is_ascii_lowercase), rest)).parse(input)
}

fn spelling(input: &str) -> IResult<&str, Spelling> {
    map_opt(opt(preceded(char('|'), name)), |word| match word {
        None => Some(Spelling::AsRead),
        Some("trimmed") => Some(Spelling::Trimmed),
        Some("spaced") => Some(Spelling::Spaced),
        Some("lower") => Some(Spelling::Lower),
        Some(_) => None,
    })
    .parse(input)
}

fn segment(input: &str) -> IResult<&str, Segment> {
    alt((
        map(tag("{{"), |_| Segment::Literal("{".to_owned())),
        value(Segment::Any, tag("{*}")),
        map(delimited(char('{'), pair(name, spelling), char('}')), |(name, spelling)| Segment::Capture {
            name: name.to_owned(),
            spelling,
        }),
        map(take_while1(|c| c != '{'), |text: &str| Segment::Literal(text.to_owned())),
        map(anychar, |c| Segment::Literal(c.to_string())),
    ))
    .parse(input)
}

/// Cuts a line into segments; every text has some.
pub fn segments(line: &str) -> Vec<Segment> {
    many0(segment).parse(line).map_or_else(|_| vec![Segment::Literal(line.to_owned())], |(_, read)| read)
}

/// Writes `text` so that it is read back as nothing but itself.
pub fn escape(text: &str) -> String {
    text.replace('{', "{{")
}

/// A sent text that cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// It names a code that no reply has shown.
    #[error("no reply has shown {{{0}}} yet")]
    Unseen(String),
    /// It would lose zeros that are not there: a story that says nothing.
    #[error("{{{0}}} has no leading zero to lose; another `seed` may draw one")]
    Zeroless(String),
}

/// Fills the codes into what a person sends.
///
/// # Errors
/// [`Unfilled`] names the first code that cannot be filled in.
pub fn fill(text: &str, captures: &Captures) -> Result<String, Unfilled> {
    let mut filled = String::new();
    for piece in segments(text) {
        match piece {
            Segment::Literal(text) => filled.push_str(&text),
            Segment::Any => filled.push_str("{*}"),
            Segment::Capture { name, spelling } => match captures.get(&name) {
                None => return Err(Unfilled::Unseen(name)),
                Some(code) if spelling == Spelling::Trimmed && !code.starts_with('0') => {
                    return Err(Unfilled::Zeroless(name));
                }
                Some(code) => filled.push_str(&spelling.spell(code)),
            },
        }
    }
    Ok(filled)
}

/// A code at the start of `text`: a printed booking code, or exactly eight digits. Its length in bytes.
pub fn code_at(text: &str) -> Option<usize> {
    let printed = text
        .get(..PRINTED_BOOKING_CODE_CHARS)
        .filter(|head| head.find('-') == Some(BOOKING_CODE_CHARS / 2))
        // Words with a hyphen are no codes, even where the check character happens to fit.
        .filter(|head| !head.contains(|c: char| c.is_ascii_lowercase()) && BookingCode::read(head).is_ok());
    if printed.is_some() {
        return Some(PRINTED_BOOKING_CODE_CHARS);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (digits == APPROVAL_CODE_DIGITS).then_some(digits)
}

/// Whether eight digits are a day that people write down; of a thousand drawn codes less than one is.
fn is_date(digits: &str) -> bool {
    NaiveDate::parse_from_str(digits, "%d%m%Y").is_ok_and(|date| (1900..2100).contains(&date.year()))
}

/// The codes in a line, each with its place in bytes: what a new capture should read. Eight digits in an example
/// (`#Budi#25011987#08082017`), in quotes (what somebody wrote) or of a date of our time are no code.
pub fn codes_in(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut before = ' ';
    let mut next = 0;
    for (at, letter) in line.char_indices() {
        if at >= next
            && !before.is_ascii_alphanumeric()
            && !matches!(before, '#' | '“' | '"')
            && let Some(code) = line.get(at..).and_then(|rest| rest.get(..code_at(rest)?))
            && !is_date(code)
        {
            found.push((at, code));
            next = at + code.len();
        }
        before = letter;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures(pairs: &[(&str, &str)]) -> Captures {
        pairs.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect()
    }

    #[test]
    fn dates_are_not_taken_for_codes() {
        for line in ["#Budi#31061987#99999999", "Yang tertulis: “31061987”.", "ditulis 02082017.", "saat-saat"] {
            assert_eq!(codes_in(line), [], "{line}");
        }
        assert_eq!(codes_in("Kode *00002681*"), [(6, "00002681")]);
    }

    #[test]
    fn what_people_send_is_filled_in() {
        let known = captures(&[("code", "00002681"), ("booking", "K7M2-9XQD")]);
        for (text, filled) in [
            ("{code}", "00002681"),
            ("# {code|trimmed} ya", "# 2681 ya"),
            ("{code|spaced}", "0000 2681"),
            ("#batal {booking|lower}", "#batal k7m29xqd"),
            ("{{code}", "{code}"),
        ] {
            assert_eq!(fill(text, &known).as_deref(), Ok(filled), "{text}");
        }
        assert_eq!(fill("{other}", &known), Err(Unfilled::Unseen("other".to_owned())));
        assert_eq!(fill("{booking|trimmed}", &known), Err(Unfilled::Zeroless("booking".to_owned())));
    }
}
