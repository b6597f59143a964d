//! The head of a copied message, which phones put in front of its text: `[09.00, 3/8/2026] Siti: #...`.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n, take_while1};
use nom::character::complete::one_of;
use nom::combinator::opt;
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

use crate::grammar::text::characters::{is_blank, is_hash};

/// Longest name of a sender, in characters: a number in full or a name of an address book.
const SENDER_CHARS_MAX: usize = 40;

fn digits(least: usize, most: usize) -> impl Fn(&str) -> IResult<&str, &str> {
    move |input| take_while_m_n(least, most, |c: char| c.is_ascii_digit()).parse(input)
}

fn blanks(input: &str) -> IResult<&str, &str> {
    take_while(|c: char| c != '\n' && is_blank(c)).parse(input)
}

/// `9:00`, `09.00`, `09.00.12`, `9:00 AM`.
fn time(input: &str) -> IResult<&str, ()> {
    let mark = || one_of(":.");
    let half = preceded(blanks, alt((tag_no_case("am"), tag_no_case("pm"), tag_no_case("a.m."), tag_no_case("p.m."))));
    (digits(1, 2), mark(), digits(2, 2), opt((mark(), digits(2, 2))), opt(half)).map(|_| ()).parse(input)
}

/// `3/8/2026`, `03-08-26`, `2026-08-03`.
fn date(input: &str) -> IResult<&str, ()> {
    let mark = || one_of("/-.");
    (digits(1, 4), mark(), digits(1, 2), mark(), digits(2, 4)).map(|_| ()).parse(input)
}

/// Date and time, in either order.
fn moment(input: &str) -> IResult<&str, ()> {
    let gap = || (blanks, opt(tag(",")), blanks);
    alt(((date, gap(), time).map(|_| ()), (time, gap(), date).map(|_| ()))).parse(input)
}

fn sender(input: &str) -> IResult<&str, &str> {
    let name = take_while1(|c: char| !matches!(c, ':' | '\n' | ';' | '|') && !is_hash(c));
    preceded(blanks, terminated(name, (tag(":"), blanks))).parse(input)
}

fn head(input: &str) -> IResult<&str, &str> {
    let bracketed = delimited((tag("["), blanks), moment, (blanks, tag("]")));
    let dashed = terminated(moment, (blanks, tag("-"), tag(" ")));
    preceded(alt((bracketed, dashed)), sender).parse(input)
}

/// What stands after the head of a copied message; `None` where there is none.
pub(crate) fn without_head(text: &str) -> Option<&str> {
    // Nearly every text opens otherwise.
    let opens = |c: char| c == '[' || c.is_ascii_digit();
    if !text.starts_with(opens) {
        return None;
    }
    let (after, sender) = head(text).ok()?;
    (sender.chars().count() <= SENDER_CHARS_MAX).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: a head without its time, which a birth date in front of a colon is, fails this.
    #[test]
    fn a_copied_head_comes_off_and_nothing_else() {
        for text in [
            "[09.00, 3/8/2026] Siti: #Budi",
            "[9:00 AM, 8/3/2026] Siti Aminah: #Budi",
            "[3/8/26, 09:00:12] +62 812-0000-0101: #Budi",
            "3/8/26 09.00 - Siti: #Budi",
            "03/08/2026, 09.00 - Siti Kantor: #Budi",
            "2026-08-03 09:00 - Siti:#Budi",
        ] {
            assert_eq!(without_head(text), Some("#Budi"), "{text}");
        }
        for text in [
            "25-01-1987 Siti: #Budi",
            "[Siti]: #Budi",
            "25-01-1987 - Siti: Budi",
            "07082017 09.00 - Siti: Budi",
            "[09.00, 3/8/2026] #Budi: ",
            "09.00 - Siti: #Budi",
            "12345678",
        ] {
            assert_eq!(without_head(text), None, "{text}");
        }
    }
}
