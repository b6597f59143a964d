//! Expected texts: literal lines with `{*}` (anything within a line), `...` (any further lines) and captures such
//! as `{code}`, which take the first code that they meet and match only that code from then on.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{map, map_opt, opt, recognize, value, verify};
use nom::multi::many0;
use nom::sequence::{delimited, pair, preceded};
use nom::{IResult, Parser};

use crate::domain::code::{APPROVAL_CODE_DIGITS, BOOKING_CODE_CHARS, BookingCode};

/// The line that stands for any further lines, none included.
pub const ANY_LINES: &str = "...";

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
fn segments(line: &str) -> Vec<Segment> {
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
fn code_at(text: &str) -> Option<usize> {
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

/// One line of an expected text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    written: String,
    segments: Vec<Segment>,
}

impl Line {
    fn any_lines(&self) -> bool {
        self.written == ANY_LINES
    }
}

/// Matches `segments` against the whole of `text`. Backtracks only at `{*}`, of which a line has few.
fn match_line(segments: &[Segment], text: &str, captures: &Captures) -> Option<Captures> {
    let Some((first, rest)) = segments.split_first() else {
        return text.is_empty().then(|| captures.clone());
    };
    match first {
        Segment::Literal(literal) => match_line(rest, text.strip_prefix(literal.as_str())?, captures),
        Segment::Any => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .find_map(|at| match_line(rest, text.get(at..)?, captures)),
        Segment::Capture { name, .. } => {
            if let Some(code) = captures.get(name) {
                return match_line(rest, text.strip_prefix(code.as_str())?, captures);
            }
            let (code, left) = text.split_at_checked(code_at(text)?)?;
            // Two names are two codes: a code that must be new is not one that is known.
            if captures.values().any(|known| known == code) {
                return None;
            }
            let mut seen = captures.clone();
            seen.insert(name.clone(), code.to_owned());
            match_line(rest, left, &seen)
        }
    }
}

fn match_lines(lines: &[Line], text: &[&str], captures: &Captures) -> Option<Captures> {
    let Some((first, rest)) = lines.split_first() else {
        return text.is_empty().then(|| captures.clone());
    };
    if first.any_lines() {
        return (0..=text.len()).find_map(|skipped| match_lines(rest, text.get(skipped..)?, captures));
    }
    let (line, left) = text.split_first()?;
    match_lines(rest, left, &match_line(&first.segments, line.trim_end(), captures)?)
}

/// An expected text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    lines: Vec<Line>,
}

impl Pattern {
    /// Reads an expected text; every text is one. White space at the end of a line does not count.
    pub fn read(text: &str) -> Self {
        let line = |written: &str| Line { written: written.to_owned(), segments: segments(written) };
        Self { lines: text.split('\n').map(str::trim_end).map(line).collect() }
    }

    /// Whether `text` is what is expected; if so, the captures with those that it added.
    pub fn matches(&self, text: &str, captures: &Captures) -> Option<Captures> {
        let lines: Vec<&str> = text.trim_end().split('\n').collect();
        match_lines(&self.lines, &lines, captures)
    }

    /// The pattern nearest to this one that `text` matches: what `--bless` writes, and what a diff compares with.
    ///
    /// A line that still matches stays as it was written; another one becomes the line of `text` at its place, with
    /// the codes in it captured. `...` goes on standing for whatever stands between the lines around it.
    pub fn blessed(&self, text: &str, captures: &Captures) -> Self {
        if self.matches(text, captures).is_some() {
            return self.clone();
        }
        let got: Vec<&str> = text.trim_end().split('\n').collect();
        // A gap is given up when the text is too short to have all the lines around it.
        let gap = self.lines.iter().position(Line::any_lines).filter(|_| self.lines.len() <= got.len() + 1);
        let (front, back) = gap.map_or((got.len(), 0), |gap| (gap, self.lines.len() - gap - 1));
        let mut writer = LineWriter { old: &self.lines, next: 0, captures: captures.clone(), names: self.names() };
        let mut lines: Vec<Line> = got.iter().take(front).map(|line| writer.write(line)).collect();
        if gap.is_some() {
            lines.push(Line { written: ANY_LINES.to_owned(), segments: Vec::new() });
        }
        lines.extend(got.iter().skip(got.len() - back).map(|line| writer.write(line)));
        Self { lines }
    }

    /// The pattern that two answers of one crowd share: where their lines differ, `{*}`.
    pub fn widened(&self, text: &str) -> Self {
        let got: Vec<&str> = text.trim_end().split('\n').collect();
        if got.len() != self.lines.len() {
            return Self::read(ANY_LINES);
        }
        let lines = self.lines.iter().zip(got).map(|(line, other)| {
            if match_line(&line.segments, other, &Captures::new()).is_some() {
                return line.written.clone();
            }
            let same = |(a, b): &(char, char)| a == b;
            let front: String = line.written.chars().zip(other.chars()).take_while(same).map(|(a, _)| a).collect();
            format!("{front}{{*}}")
        });
        Self::read(&lines.collect::<Vec<_>>().join("\n"))
    }

    fn names(&self) -> Vec<String> {
        let named = |segment: &Segment| match segment {
            Segment::Capture { name, .. } => Some(name.clone()),
            _ => None,
        };
        self.lines.iter().flat_map(|line| line.segments.iter().filter_map(named)).collect()
    }
}

/// As it is written in the story.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<&str> = self.lines.iter().map(|line| line.written.as_str()).collect();
        f.write_str(&written.join("\n"))
    }
}

/// Writes the lines of a blessed pattern, one after the other.
struct LineWriter<'a> {
    old: &'a [Line],
    /// The first old line that has not been used or passed.
    next: usize,
    captures: Captures,
    /// Names that the old pattern used: taken first when a new line shows a code.
    names: Vec<String>,
}

impl LineWriter<'_> {
    fn write(&mut self, line: &str) -> Line {
        let line = line.trim_end();
        let kept = self.old.iter().enumerate().skip(self.next).find_map(|(at, old)| {
            let seen = (!old.any_lines()).then(|| match_line(&old.segments, line, &self.captures)).flatten()?;
            Some((at, old.clone(), seen))
        });
        if let Some((at, old, seen)) = kept {
            self.next = at + 1;
            self.captures = seen;
            return old;
        }
        let written = self.capture_codes(line);
        Line { segments: segments(&written), written }
    }

    fn capture_codes(&mut self, line: &str) -> String {
        let mut written = String::new();
        let mut done = 0;
        for (at, code) in codes_in(line) {
            written.push_str(&escape(line.get(done..at).unwrap_or_default()));
            let name = self.name_of(code);
            written.extend(["{", &name, "}"]);
            done = at + code.len();
        }
        written + &escape(line.get(done..).unwrap_or_default())
    }

    /// The name that `code` has; else the first free one of the old pattern; else a new one.
    fn name_of(&mut self, code: &str) -> String {
        if let Some((name, _)) = self.captures.iter().find(|(_, seen)| *seen == code) {
            return name.clone();
        }
        let word = if code.contains('-') { "booking" } else { "code" };
        let numbered = (2_u32..).map(|n| format!("{word}{n}"));
        let mut names = self.names.iter().cloned().chain([word.to_owned()]).chain(numbered);
        let free = names.find(|name| !self.captures.contains_key(name)).unwrap_or_else(|| word.to_owned());
        self.captures.insert(free.clone(), code.to_owned());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pattern: &str, text: &str) -> Option<Captures> {
        Pattern::read(pattern).matches(text, &Captures::new())
    }

    fn captures(pairs: &[(&str, &str)]) -> Captures {
        pairs.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect()
    }

    #[test]
    fn a_text_matches_itself_and_nothing_else() {
        assert!(seen("Halo.\n\nSilakan.", "Halo.\n\nSilakan.\n").is_some());
        assert!(seen("Halo.", "Halo").is_none());
        assert!(seen("Halo.", "Halo.\nLagi.").is_none());
        assert!(seen("*Kode:* ya", "*Kode:* ya").is_some(), "bold marks are plain characters");
        assert!(seen("*Kode:* ya", "xxKode:yy ya").is_none());
    }

    #[test]
    fn wildcards_span_a_part_of_a_line_or_whole_lines() {
        assert!(seen("Nomor {*}, jam {*}", "Nomor 09-001, jam 09.00").is_some());
        assert!(seen("Nomor {*}", "Nomor 1\nlagi").is_none());
        assert!(seen("Halo\n...", "Halo").is_some());
        assert!(seen("Halo\n...\nSelesai", "Halo\na\nb\nSelesai").is_some());
        assert!(seen("Halo\n...\nSelesai", "Halo\na\nb").is_none());
    }

    #[test]
    fn a_capture_reads_a_code_once_and_must_meet_it_again() {
        assert_eq!(seen("Kode {code}.", "Kode 00002681."), Some(captures(&[("code", "00002681")])));
        assert!(seen("Kode {code}.", "Kode 0002681.").is_none(), "seven digits are no code");
        assert!(seen("Kode {code}{*}", "Kode 000026811").is_none(), "nor are nine");
        let known = captures(&[("code", "00002681")]);
        assert!(Pattern::read("Kode {code}").matches("Kode 00002681", &known).is_some());
        assert!(Pattern::read("Kode {code}").matches("Kode 11112222", &known).is_none());
        assert!(Pattern::read("Kode {code2}").matches("Kode 00002681", &known).is_none(), "two names, two codes");
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

    #[test]
    fn blessing_keeps_the_wildcards_that_still_match() {
        let old = Pattern::read("Halo {*}\nKode {kode}\nSalah\n...");
        let blessed = old.blessed("Halo Budi\nKode 00002681\nBenar\nLagi\nLagi", &Captures::new());
        assert_eq!(blessed.to_string(), "Halo {*}\nKode {kode}\nBenar\n...");
        let shorter = old.blessed("Maaf", &Captures::new());
        assert_eq!(shorter.to_string(), "Maaf");
    }

    #[test]
    fn blessing_captures_new_codes_and_knows_old_ones() {
        let known = captures(&[("code", "11112222")]);
        let blessed = Pattern::read("").blessed("Kode 11112222 diganti 00002681", &known);
        assert_eq!(blessed.to_string(), "Kode {code} diganti {code2}");
    }

    #[test]
    fn what_blessing_writes_is_matched_by_the_text() {
        for old in ["", "...", "a\n...", "...\na", "a\n...\nb", "a\nb\nc\nd", "{*}", "{code}"] {
            for text in ["a", "b", "a\nb", "x\ny\nz", "kode 12345678\nya {aneh}\nsudah", "1\n2\n3\n4\n5"] {
                let blessed = Pattern::read(old).blessed(text, &Captures::new());
                assert!(blessed.matches(text, &Captures::new()).is_some(), "{old:?} for {text:?} gave {blessed}");
                let again = Pattern::read(&blessed.to_string());
                assert!(again.matches(text, &Captures::new()).is_some(), "{blessed} does not read back");
            }
        }
    }

    #[test]
    fn answers_of_a_crowd_share_what_they_have_in_common() {
        let first = Pattern::read("Kode {code}\nNomor 09-001");
        assert_eq!(first.widened("Kode 00002681\nNomor 09-002").to_string(), "Kode {code}\nNomor 09-00{*}");
    }
}
