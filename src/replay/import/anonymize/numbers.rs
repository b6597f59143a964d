//! Finds whole numbers that may be personal: dates, telephone and identity numbers, in every spelling. Times, counts, prices and
//! future days are not personal and are skipped.

use std::ops::Range;

use chrono::Datelike;

use super::birth_dates::{BIRTH_YEAR_MIN, BirthDates};
use super::dates::{self, Said};
use crate::replay::import::head::begins_with_time;

/// Digits of an identity number, of a person or a family card.
const NIK_DIGITS: usize = 16;
/// Digits from which a number is somebody's telephone, account or passport, whatever it looks like.
const PHONE_DIGITS_MIN: usize = 9;
/// Digits from which a number that begins like a telephone's is one: `(0251) 831`.
const DIALLED_DIGITS_MIN: usize = 6;
/// Digits from which any number is replaced: fewer are house numbers, times and counts.
const DIGITS_MIN: usize = 6;
/// Digits of a postal code.
const POSTAL_DIGITS: usize = 5;
/// Characters that may stand between two groups of one number: `) - `.
const GAP_CHARS_MAX: usize = 3;
/// Digits from which letters among them are slips: `25O11987`.
const SLIP_DIGITS_MIN: usize = 5;

/// What a number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A birth date, with the mask in the same spelling.
    Birth(String),
    /// A year that somebody may be born in.
    Year,
    /// An identity number.
    Nik,
    /// A telephone number, or another long one.
    Phone,
    /// Some other number of so many digits.
    Digits(usize),
}

/// A number that may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// What they are.
    pub kind: Kind,
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '_' | '‐'..='―' | '−' | '·' | '•' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}')
}

/// `text` with digits for letters that were typed in their place, and with the digits of other scripts as ours where they are
/// as long.
fn without_slips(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_alphanumeric() {
            rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let digit = |c: char| match c {
            'o' | 'O' => Some('0'),
            'i' | 'I' | 'l' | 'L' => Some('1'),
            's' | 'S' => Some('5'),
            'B' => Some('8'),
            _ => is_digit(c).then_some(c),
        };
        let slips = word.chars().filter(|&c| is_digit(c)).count() >= SLIP_DIGITS_MIN
            && word.chars().all(|c| digit(c).is_some());
        if slips {
            out.extend(word.chars().filter_map(digit));
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out
}

/// All numbers in `text` that may be personal, in order. `skipped` are places that are known already.
pub fn find(text: &str, births: &BirthDates, skipped: &[Range<usize>]) -> Vec<Number> {
    let plain = without_slips(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = plain.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(skip) = skipped.iter().find(|range| range.contains(&at)) {
            at = skip.end;
            continue;
        }
        // Nothing runs into what is known already.
        let until = skipped.iter().map(|range| range.start).filter(|&start| start > at).min().unwrap_or(plain.len());
        let rest = plain.get(at..until).unwrap_or(rest);
        let before = plain.get(..at).and_then(|front| front.chars().next_back()).unwrap_or(' ');
        match thing(rest, before, births) {
            Some((length, kind)) => {
                let kind = kind.filter(|_| !is_price(plain.get(..at).unwrap_or_default(), rest));
                found.extend(kind.map(|kind| Number { at: at..at + length, kind }));
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// The number at the beginning of `rest`: its length, and what it is if it may be personal.
fn thing(rest: &str, before: char, births: &BirthDates) -> Option<(usize, Option<Kind>)> {
    let first = rest.chars().next()?;
    let opens =
        is_digit(first) || matches!(first, '+' | '(') && rest.chars().nth(1).is_some_and(|c| is_digit(c) || c == '0');
    if first.is_alphabetic() && before.is_alphanumeric() || !(opens || first.is_alphabetic()) {
        return None;
    }
    if let Some((length, written)) = dates::at(rest)
        && date_ends(rest.get(length..).unwrap_or_default())
    {
        let birth = births.is_birth(written.said(births.first.year()));
        return Some((length, birth.then(|| Kind::Birth(written.spell(births.mask)))));
    }
    // `(20/5/1950)`, `(08.00)`.
    let inside = rest.strip_prefix('(').unwrap_or_default();
    if !opens
        || time(inside).is_some()
        || dates::at(inside)
            .is_some_and(|(length, _)| date_ends(inside.get(length..).unwrap_or_default().trim_start_matches(')')))
    {
        return None;
    }
    if let Some(length) = time(rest) {
        return Some((length, None));
    }
    let (length, digits) = run(rest, births);
    Some((length, kind(rest.get(..length).unwrap_or_default(), &digits, births)))
}

/// Whether a date may end in front of `rest`: no further digits belong to it.
fn date_ends(rest: &str) -> bool {
    if rest.starts_with(is_digit) {
        return false;
    }
    if rest.starts_with(',') {
        return true;
    }
    let gap: usize = rest.chars().take_while(|&c| is_gap(c)).map(char::len_utf8).sum();
    let next = rest.get(gap..).unwrap_or_default();
    if gap == 0 || !next.starts_with(is_digit) {
        return true;
    }
    let more = next.chars().take_while(|&c| is_digit(c) || is_gap(c)).filter(|&c| is_digit(c)).count();
    let spaced = rest.starts_with(' ');
    begins_with_time(next)
        || spaced
            && (more <= 3
                || more >= PHONE_DIGITS_MIN
                || next.chars().take_while(|&c| is_digit(c)).count() >= DIGITS_MIN)
        || dates::at(next).is_some_and(|(length, _)| date_ends(next.get(length..).unwrap_or_default()))
}

/// How long a time at the beginning is: `08.00`, `08.00-09.30`, `08:00:05`. A longer row of groups is none.
fn time(rest: &str) -> Option<usize> {
    let one = |text: &str| -> Option<usize> {
        let hour = text.chars().take_while(|&c| is_digit(c)).count();
        let minute = text.get(hour..)?.strip_prefix(['.', ':'])?.chars().take_while(|&c| is_digit(c)).count();
        let value: u32 = text.get(..hour)?.parse().ok()?;
        let minutes: u32 = text.get(hour + 1..hour + 1 + minute)?.parse().ok()?;
        ((1..=2).contains(&hour) && minute == 2 && value < 25 && minutes < 60).then_some(hour + 1 + minute)
    };
    let mut length = one(rest)?;
    if let Some(seconds) = rest.get(length..).and_then(|rest| rest.strip_prefix(['.', ':']))
        && seconds.chars().take_while(|&c| is_digit(c)).count() == 2
    {
        length += 3;
    }
    let after = rest.get(length..).unwrap_or_default();
    let gap: usize = after.chars().take_while(|&c| is_gap(c)).map(char::len_utf8).sum();
    let next = after.get(gap..).unwrap_or_default();
    let goes_on = next.starts_with(is_digit);
    if !goes_on {
        return (!after.starts_with(is_digit)).then_some(length);
    }
    // A second time, a day or a small number may follow, not a further group of one number.
    match time(next) {
        Some(second) => Some(length + gap + second),
        None => {
            (gap > 0 && after.starts_with(' ') && (dates::at(next).is_some() || run_digits(next) < 4)).then_some(length)
        }
    }
}

fn run_digits(text: &str) -> usize {
    text.chars().take_while(|&c| is_digit(c) || is_gap(c)).filter(|&c| is_digit(c)).count()
}

/// The row of digit groups at the beginning: its length and its digits. A number is over where enough of it is followed by a
/// day or a time, or where one group is a whole number by itself.
fn run(rest: &str, births: &BirthDates) -> (usize, String) {
    let mut digits = String::new();
    let mut end = 0;
    let mut gap = 0;
    let mut group = 0;
    let stars = rest.contains("**");
    for (at, c) in rest.char_indices() {
        let starred = stars && c == '*' && !digits.is_empty() && gap == 0;
        if is_digit(c) || starred {
            if gap > 0 && is_over(&digits, group, rest.get(at..).unwrap_or_default(), births) {
                break;
            }
            group = if gap > 0 { 1 } else { group + 1 };
            digits.push(c);
            gap = 0;
            end = at + c.len_utf8();
        } else if (is_gap(c) || at == 0) && gap < GAP_CHARS_MAX {
            gap += 1;
        } else {
            break;
        }
    }
    // Stars that make a word bold are none of its digits.
    let bold = digits.chars().rev().take_while(|&c| c == '*').count();
    digits.truncate(digits.len() - bold);
    (end - bold, digits)
}

fn is_over(digits: &str, group: usize, next: &str, births: &BirthDates) -> bool {
    let long = digits.len() >= PHONE_DIGITS_MIN;
    let day = dates::at(next).is_some_and(|(length, written)| {
        date_ends(next.get(length..).unwrap_or_default()) && matches!(written.said(births.first.year()), Said::Day(_))
    });
    digits.len() >= NIK_DIGITS
        || group >= PHONE_DIGITS_MIN
        || long && (day || time(next).is_some())
        || digits.len() <= 2 && day && next.chars().take_while(|&c| is_digit(c)).count() == 8
}

/// Whose a number is.
fn kind(written: &str, digits: &str, births: &BirthDates) -> Option<Kind> {
    let count = digits.len();
    let dialled = written.starts_with(['+', '(', '0']) || digits.starts_with("62");
    let contiguous = written.bytes().all(|byte| byte.is_ascii_digit());
    match count {
        NIK_DIGITS => Some(Kind::Nik),
        PHONE_DIGITS_MIN.. => Some(Kind::Phone),
        // An approval code may begin with zeros: a single one opens a telephone number.
        DIALLED_DIGITS_MIN.. if dialled && !digits.starts_with("00") || digits.contains('*') => Some(Kind::Phone),
        DIGITS_MIN.. if is_thousands(written) => None,
        8 if contiguous && is_visit_slip(digits, births) => None,
        DIGITS_MIN.. => Some(Kind::Digits(count)),
        POSTAL_DIGITS if contiguous => Some(Kind::Digits(count)),
        4 if contiguous => {
            let year: i32 = digits.parse().ok()?;
            (BIRTH_YEAR_MIN..births.first.year()).contains(&year).then_some(Kind::Year)
        }
        _ => None,
    }
}

/// A date of this year or the next with a slip in day or month: nobody's birth date.
fn is_visit_slip(digits: &str, births: &BirthDates) -> bool {
    let year = digits.get(4..).and_then(|year| year.parse::<i32>().ok()).unwrap_or(0);
    (births.first.year()..=births.first.year() + 1).contains(&year)
}

/// `350.000`, as prices are written.
fn is_thousands(written: &str) -> bool {
    let mut groups = written.split(['.', ',']);
    let first =
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_digit()));
    first && groups.all(|group| group == "000" || group == "500" || group == "00")
}

fn is_price(front: &str, rest: &str) -> bool {
    let front = front.trim_end_matches([' ', '.']).to_lowercase();
    let price = front.ends_with("rp") && !front.chars().rev().nth(2).is_some_and(char::is_alphanumeric);
    price && !rest.starts_with(['0', '+', '('])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveDate;

    use super::*;

    fn births() -> BirthDates {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
        BirthDates { first: day(2017, 8, 1), known: BTreeSet::from([day(2017, 8, 1)]), mask: day(1987, 1, 25) }
    }

    fn masked(text: &str) -> String {
        let mut out = text.to_owned();
        for Number { at, kind } in find(text, &births(), &[]).into_iter().rev() {
            let with = match kind {
                Kind::Birth(spelled) => spelled,
                Kind::Year => "YEAR".to_owned(),
                Kind::Nik => "NIK".to_owned(),
                Kind::Phone => "PHONE".to_owned(),
                Kind::Digits(count) => format!("<{count}>"),
            };
            out.replace_range(at, &with);
        }
        out
    }

    #[test]
    fn numbers_are_found_as_wholes_in_every_spelling() {
        for number in [
            "0812.3456.7890",
            "0813.1111.2222",
            "(0251) 8312345",
            "+65 9123 4567",
            "+62 813‑1111‑2222",
            "+62 812-2017-0807",
            "0812 2017 0807",
            "62812-2017-0807",
            "081234567890",
            "0812/3456/7890",
            "+62 (812) 3456-7890",
            "0812****89",
            "0812 - 3456 - 7890",
            "0812O0009999",
            "0251-8312345",
            "021 8312345",
            "08 12 34 56 78 90",
            "+1 (415) 555-2671",
        ] {
            assert_eq!(masked(&format!("hp {number} ya")), "hp PHONE ya", "{number}");
            assert_eq!(masked(&format!("{number}, 07-08-2017")), "PHONE, 07-08-2017", "{number}");
        }
        for nik in [
            "3271041703900009",
            "3271 0417 0390 0009",
            "32.71.04.170390.0009",
            "12.11.04.170390.0009",
            "327104 170390 0009",
            "3271041703900OO9",
        ] {
            assert_eq!(masked(&format!("NIK {nik}.")), "NIK NIK.", "{nik}");
        }
        assert_eq!(masked("081234567890 17031990 07082017"), "PHONE 25011987 07082017");
        assert_eq!(masked("0812 3456 7890 17031990"), "PHONE 25011987");
    }

    #[test]
    fn what_is_nobodys_stays() {
        for text in [
            "#07082017",
            "07-08-2017 08.00-09.00",
            "pukul 08.00 - 10.00",
            "08-001",
            "Rp 350.000",
            "Rp350000",
            "7 Agustus 2017 jam 9",
            "3 orang",
            "7 8 2017",
            "10/8/2017 3",
            "2017-08-07 08:00:05",
            "32082017",
            "RT 03/05 No. 12",
            "senin 07 agustus",
            "350.000",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn birth_dates_are_found_in_every_spelling() {
        for (text, out) in [
            ("17 Maret 1990", "25 Januari 1987"),
            ("#17031990#07082017", "#25011987#07082017"),
            ("17031990 07082017", "25011987 07082017"),
            ("17-03-1990 / 07-08-2017", "25-01-1987 / 07-08-2017"),
            ("25O31990", "25011987"),
            ("lahir tahun 1990", "lahir tahun YEAR"),
            ("1 Agustus 2017", "25 Januari 1987"),
            ("ulang tahun 1 Agustus ya", "ulang tahun 25 Januari ya"),
            ("31-02-1990", "25-01-1987"),
            ("1 7 0 3 1 9 9 0", "<8>"),
            ("83123456", "<8>"),
            ("ttl17031990", "ttl25011987"),
            ("Umar (20/5/1950)", "Umar (25/1/1987)"),
            ("kode pos 16129", "kode pos <5>"),
            ("00002681", "<8>"),
        ] {
            assert_eq!(masked(text), out, "{text}");
        }
    }
}
