//! The head of an exported message: its moment, in every shape that phones and computers write. In which order day and month
//! stand is not in the head; [`day_order`] finds it from the whole file.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while_m_n};
use nom::character::complete::{char, one_of, space0, space1};
use nom::combinator::{consumed, eof, map, not, opt, peek, value, verify};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

/// Messages may stand this far out of order: phones sort by arrival, and clocks are set.
const BACKWARDS_MAX: Duration = Duration::days(1);
/// A line that begins like a message has its moment within so many characters.
const MOMENT_CHARS_MAX: usize = 40;
/// Words beside the numbers of a moment, such as a month's name, `pukul`, `a. m.`.
const MOMENT_WORDS_MAX: usize = 5;

/// The order in which a phone writes the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// 31/12/2017.
    DayFirst,
    /// 12/31/2017.
    MonthFirst,
    /// 17/12/31: a year of two digits first.
    YearFirst,
}

/// How the head is set apart from sender and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadStyle {
    /// `[moment] `
    Bracket,
    /// `moment - `
    Dash,
    /// `moment: `
    Colon,
    /// `moment `, as copied from where brackets were lost.
    Bare,
}

/// Three numbers of a date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written<'a> {
    numbers: [&'a str; 3],
    dots: bool,
}

/// A time of the day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    dots: bool,
    half: Option<(&'a str, u32)>,
}

/// The head of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// How it is set apart.
    pub style: HeadStyle,
    /// Whether the time stands before the date, as in text that was copied out of a chat.
    pub time_first: bool,
    date: Written<'a>,
    clock: Clock<'a>,
}

impl Head<'_> {
    /// The moment, were the date written in this order.
    pub fn moment(&self, order: DayOrder) -> Option<NaiveDateTime> {
        let [first, second, third] = self.date.numbers;
        let number = |text: &str| text.parse::<u32>().ok();
        let year = |text: &str| Some(text.parse::<i32>().ok()? + if text.len() == 2 { 2000 } else { 0 });
        let date = match (order, first.len(), third.len()) {
            (_, 4, _) | (DayOrder::YearFirst, 2, 1..=2) => {
                NaiveDate::from_ymd_opt(year(first)?, number(second)?, number(third)?)?
            }
            (DayOrder::DayFirst, 1..=2, 2 | 4) => {
                NaiveDate::from_ymd_opt(year(third)?, number(second)?, number(first)?)?
            }
            (DayOrder::MonthFirst, 1..=2, 2 | 4) => {
                NaiveDate::from_ymd_opt(year(third)?, number(first)?, number(second)?)?
            }
            _ => return None,
        };
        let Clock { hour, minute, second, half, .. } = self.clock;
        // A phone that writes `14.10 PM` counts to 24 all the same.
        let hour = half.filter(|_| hour <= 12).map_or(hour, |(_, half)| hour % 12 + half);
        Some(date.and_time(NaiveTime::from_hms_opt(hour, minute, second)?))
    }

    /// Whether the way of writing shows a phone that writes the day first. Month first is written with colons and with plain
    /// `AM` and `PM`, without leading zeros; dots, `a. m.` and a clock of 24 hours with leading zeros are not.
    fn is_written_day_first(&self) -> bool {
        let [first, second, _] = self.date.numbers;
        let padded = first.len() == 2 && second.len() == 2;
        match self.clock.half {
            _ if self.clock.dots || self.date.dots => true,
            Some((half, _)) => !matches!(half, "AM" | "PM"),
            None => padded,
        }
    }
}

/// How the order of day and month was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// No other order fits the file, or the user has said it.
    Proven(DayOrder),
    /// Another fits too; the way of writing decides.
    ByWriting(DayOrder),
    /// Nothing decides.
    Open,
    /// No order fits; the place of the head that excludes the last one.
    Nowhere(usize),
}

/// The order of day and month in a file with these heads.
pub fn day_order(heads: &[Head<'_>], asked: Option<DayOrder>) -> Found {
    let misfit = |order: DayOrder| heads.iter().position(|head| head.moment(order).is_none());
    if let Some(order) = asked {
        return misfit(order).map_or(Found::Proven(order), Found::Nowhere);
    }
    let years = misfit(DayOrder::YearFirst).is_none() && ascends(heads, DayOrder::YearFirst);
    match (misfit(DayOrder::DayFirst), misfit(DayOrder::MonthFirst)) {
        (None, Some(_)) if years && !ascends(heads, DayOrder::DayFirst) => Found::Proven(DayOrder::YearFirst),
        (None, Some(_)) => Found::Proven(DayOrder::DayFirst),
        (Some(_), None) => Found::Proven(DayOrder::MonthFirst),
        (Some(_), Some(_)) if years => Found::Proven(DayOrder::YearFirst),
        (Some(day), Some(month)) => Found::Nowhere(day.max(month)),
        (None, None) => by_sequence(heads),
    }
}

fn moments(heads: &[Head<'_>], order: DayOrder) -> Vec<NaiveDateTime> {
    heads.iter().filter_map(|head| head.moment(order)).collect()
}

/// Whether messages stand in the order of time, were their dates written in this order.
fn ascends(heads: &[Head<'_>], order: DayOrder) -> bool {
    moments(heads, order).windows(2).all(|pair| matches!(pair, [one, next] if *next + BACKWARDS_MAX >= *one))
}

/// Decides where both orders give days: by the order of the messages in time, then by the habits of phones.
fn by_sequence(heads: &[Head<'_>]) -> Found {
    let same = moments(heads, DayOrder::DayFirst) == moments(heads, DayOrder::MonthFirst);
    match (ascends(heads, DayOrder::DayFirst), ascends(heads, DayOrder::MonthFirst)) {
        _ if same => Found::Proven(DayOrder::DayFirst),
        (true, false) => Found::Proven(DayOrder::DayFirst),
        (false, true) => Found::Proven(DayOrder::MonthFirst),
        _ if heads.iter().any(Head::is_written_day_first) => Found::ByWriting(DayOrder::DayFirst),
        _ => Found::Open,
    }
}

/// The head at the beginning of `line`, in which spaces are plain and marks are gone; what is left is sender and text.
pub fn head(line: &str) -> IResult<&str, Head<'_>> {
    let bracket = delimited((char('['), space0), moment, (space0, char(']'), space0));
    let dash = terminated(moment, (space1, one_of("-–—"), alt((space1, eof))));
    let colon = terminated(moment, (char(':'), space1));
    let bare = terminated(moment, space1);
    alt((
        map(bracket, |moment| (HeadStyle::Bracket, moment)),
        map(dash, |moment| (HeadStyle::Dash, moment)),
        map(colon, |moment| (HeadStyle::Colon, moment)),
        map(bare, |moment| (HeadStyle::Bare, moment)),
    ))
    .map(|(style, (time_first, date, clock))| Head { style, time_first, date, clock })
    .parse(line)
}

fn moment(input: &str) -> IResult<&str, (bool, Written<'_>, Clock<'_>)> {
    let word = || alt((tag_no_case("pukul"), tag_no_case("at"), tag_no_case("um"), tag("à"), tag_no_case("kl.")));
    let between = || (opt(char(',')), space1, opt((word(), space1)));
    alt((
        map((terminated(date, between()), clock), |(date, clock)| (false, date, clock)),
        map((terminated(clock, between()), date), |(clock, date)| (true, date, clock)),
    ))
    .parse(input)
}

fn digits<'a>(least: usize, most: usize) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    terminated(
        take_while_m_n(least, most, |c: char| c.is_ascii_digit()),
        not(peek(verify(nom::character::complete::anychar, char::is_ascii_digit))),
    )
}

fn date(input: &str) -> IResult<&str, Written<'_>> {
    let mark = || terminated(one_of("/.-"), space0);
    let numbers = (digits(1, 4), mark(), digits(1, 2), mark(), terminated(digits(1, 4), opt(char('.'))));
    map(numbers, |(first, mark, second, _, third)| Written { numbers: [first, second, third], dots: mark == '.' })
        .parse(input)
}

fn clock(input: &str) -> IResult<&str, Clock<'_>> {
    let two = || map(digits(1, 2), |digits: &str| digits.parse::<u32>().unwrap_or(u32::MAX));
    let mark = || one_of(".:");
    let written = (two(), mark(), two(), opt(preceded(mark(), two())), opt(preceded(space0, consumed(half))));
    map(written, |(hour, mark, minute, second, half)| Clock {
        hour,
        minute,
        second: second.unwrap_or(0),
        dots: mark == '.',
        half,
    })
    .parse(input)
}

/// `AM`, `a.m.`, `p. m.`, Malay `PG` and `PTG`: what is added to the hour.
fn half(input: &str) -> IResult<&str, u32> {
    let m = || (opt(char('.')), space0, one_of("mM"), opt(char('.')));
    let letters = alt((
        value(0, (one_of("aA"), m())),
        value(12, (one_of("pP"), m())),
        value(0, tag_no_case("pg")),
        value(12, tag_no_case("ptg")),
    ));
    terminated(letters, not(peek(verify(nom::character::complete::anychar, |c: &char| c.is_alphanumeric()))))
        .parse(input)
}

/// Whether `text` begins with a time, as the second half of `08.00 - 09.00` does.
pub fn begins_with_time(text: &str) -> bool {
    clock(text.trim_start()).is_ok()
}

/// Whether a line that has no head begins like one: numbers enough for a moment, something that ends it, and a sender.
pub fn looks_like_head(line: &str) -> bool {
    let line = line.trim_start();
    let sender = |rest: &str| !begins_with_time(rest) && (rest.contains(": ") || rest.trim_end().ends_with(':'));
    let (front, rest, least) = match line.strip_prefix('[') {
        Some(inside) => match inside.split_once(']') {
            Some((front, rest)) => (front, rest, 3),
            None => return false,
        },
        None if line.starts_with(|c: char| c.is_ascii_digit()) => {
            let found = line.split_once(" - ").or_else(|| line.split_once(" – "));
            match found {
                Some((front, rest)) => (front, rest, 4),
                // Any other mark behind a moment.
                None => return moment(line).is_ok_and(|(rest, _)| sender(rest)),
            }
        }
        None => return false,
    };
    let groups = front.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let words = front.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    front.chars().count() <= MOMENT_CHARS_MAX && groups >= least && words <= MOMENT_WORDS_MAX && sender(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Found {
        let heads: Vec<Head<'_>> = lines.iter().map(|line| head(line).expect("a head").1).collect();
        day_order(&heads, None)
    }

    #[test]
    fn every_shape_of_a_moment_is_read() {
        for (line, at) in [
            ("[07/08/17 09.00.12] Budi", "2017-08-07T09:00:12"),
            ("[07/08/17, 09:00:12] Budi", "2017-08-07T09:00:12"),
            ("07/08/17 09.00 - Budi", "2017-08-07T09:00:00"),
            ("7/8/2017, 12:05 am - Budi", "2017-08-07T00:05:00"),
            ("7/8/2017, 2:10 p. m. - Budi", "2017-08-07T14:10:00"),
            ("7/8/2017 2:10 p.m. - Budi", "2017-08-07T14:10:00"),
            ("7/8/2017, 2:10 PTG - Budi", "2017-08-07T14:10:00"),
            ("7. 8. 2017 14:10 - Budi", "2017-08-07T14:10:00"),
            ("2017/08/07, 14:10 - Budi", "2017-08-07T14:10:00"),
            ("[2017-08-07 14.10.05] Budi", "2017-08-07T14:10:05"),
            ("[14.10, 7/8/2017] Budi", "2017-08-07T14:10:00"),
            ("07/08/2017, 14:10:05: Budi", "2017-08-07T14:10:05"),
            ("07/08/2017 14:10:05 Budi", "2017-08-07T14:10:05"),
            ("07/08/2017 pukul 14.10 - Budi", "2017-08-07T14:10:00"),
        ] {
            let (rest, head) = head(line).expect(line);
            assert_eq!(rest, "Budi", "{line}");
            assert_eq!(head.moment(DayOrder::DayFirst), Some(at.parse().expect("a moment")), "{line}");
        }
    }

    // With `by_sequence` always answering day first, as it was before, this failed.
    #[test]
    fn the_order_of_day_and_month_is_found_from_the_whole_file() {
        use DayOrder::{DayFirst, MonthFirst, YearFirst};
        for (lines, order) in [
            (&["8/1/17, 9:00 AM - x", "8/14/17, 9:00 AM - x"][..], Found::Proven(MonthFirst)),
            (&["1/8/17, 9:00 AM - x", "14/8/17, 9:00 AM - x"], Found::Proven(DayFirst)),
            (&["17/8/31, 9:00 - x", "17/9/01, 9:00 - x"], Found::Proven(YearFirst)),
            (&["1/2/17, 9:00 AM - x", "1/3/17, 9:00 AM - x", "2/1/17, 9:00 AM - x"], Found::Proven(MonthFirst)),
            (&["1/2/17, 9:00 AM - x", "2/2/17, 9:00 AM - x", "1/3/17, 9:00 AM - x"], Found::Proven(DayFirst)),
            (&["8/8/17, 9:00 AM - x"], Found::Proven(DayFirst)),
            (&["1/8/17 9.00 - x"], Found::ByWriting(DayFirst)),
            (&["1/8/17, 9:00 a. m. - x"], Found::ByWriting(DayFirst)),
            (&["01/08/2017, 09:00 - x"], Found::ByWriting(DayFirst)),
            (&["[8/1/17, 9:00:05 AM] x"], Found::Open),
            (&["8/1/17, 09:00 - x", "8/2/17, 09:00 - x"], Found::Open),
            (&["13/8/17 9.00 - x", "8/14/17 9.00 - x"], Found::Nowhere(1)),
        ] {
            assert_eq!(found(lines), order, "{lines:?}");
        }
    }

    #[test]
    fn a_line_that_begins_like_a_message_is_known() {
        for line in [
            "[Aug 1, 2017, 9:00 AM] Rini: halo",
            "1 Agu 2017 09.00 - Rini: halo",
            "1/8/2017, 9:00 pagi - Rini: halo",
            "01/08/17 09.00 | Rini: halo",
            "[1/8/17] Rini: halo",
        ] {
            assert!(looks_like_head(line), "{line}");
        }
        for line in
            ["07/08/2017 08.00 - 09.00: penuh", "halo", "17031990 - Rini: anak saya", "[foto] Rini: ya", "12.30 ya: ok"]
        {
            assert!(!looks_like_head(line), "{line}");
        }
    }
}
