//! Searches a finished story for what still has the form of personal data. It knows only the form, so what it reports is for a
//! person to judge.

use std::fmt;

use super::masks::{DIGITS, EMAIL, NIK, PHONE};
use super::numbers::{self, Kind as NumberKind};
use super::people::Anonymizer;
use super::words::{Word, is_address_cue, is_common, is_name_cue, is_title, words};

/// Letters from which a learned word gives somebody away inside another word.
const INSIDE_CHARS_MIN: usize = 5;
/// Longest shape that is shown, in characters.
const SHAPE_CHARS_MAX: usize = 40;

/// The kind of data that a leftover looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A name.
    Name,
    /// A birth date.
    Birth,
    /// A number.
    Number,
    /// An address.
    Address,
    /// An e-mail address or a handle.
    Email,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "a name",
            Self::Birth => "a birth date",
            Self::Number => "somebody's number",
            Self::Address => "an address",
            Self::Email => "an e-mail address",
        })
    }
}

/// Something in a story that still has the form of personal data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// The line of the story, counted from 1.
    pub line: usize,
    /// What it looks like.
    pub kind: Kind,
    /// Its shape: letters as `a` and `A`, digits as `0`.
    pub shape: String,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "story line {}: this may be {}: {}", self.line, self.kind, self.shape)
    }
}

/// The shape of a text, without any of its letters and digits.
fn shape(text: &str) -> String {
    let shaped = |c: char| match c {
        c if c.is_numeric() => '0',
        c if c.is_uppercase() => 'A',
        c if c.is_alphabetic() => 'a',
        c => c,
    };
    text.chars().map(shaped).take(SHAPE_CHARS_MAX).collect()
}

impl Anonymizer {
    /// What is left in `story`.
    pub fn leftovers(&self, story: &str) -> Vec<Leftover> {
        let masks = self.mask_words();
        let nobodys = |word: &Word| {
            is_common(&word.folded) || masks.contains(&word.folded) || self.office_words.contains(&word.folded)
        };
        let mut found = Vec::new();
        for (line, written) in (1..).zip(story.lines()) {
            let speech = written.starts_with("  ") || written.starts_with('<') || written.contains(" > ");
            if written.starts_with('#') || !speech {
                continue;
            }
            let text = without_braces(written);
            let mut tell = |kind: Kind, at: std::ops::Range<usize>| {
                let shape = shape(text.get(at).unwrap_or_default());
                found.push(Leftover { line, kind, shape });
            };
            for number in numbers::find(&text, &self.births, &[]) {
                let written = text.get(number.at.clone()).unwrap_or_default();
                let digits: String = written.chars().filter(char::is_ascii_digit).collect();
                match number.kind {
                    NumberKind::Birth(spelled) if spelled == written => {}
                    NumberKind::Year if digits == chrono::Datelike::year(&self.births.mask).to_string() => {}
                    NumberKind::Birth(_) | NumberKind::Year => tell(Kind::Birth, number.at),
                    _ if [PHONE, NIK].contains(&digits.as_str()) || DIGITS.starts_with(&digits) => {}
                    _ => tell(Kind::Number, number.at),
                }
            }
            let all = words(&text);
            for (at, word) in all.iter().enumerate() {
                let next = all.get(at + 1);
                if let Some(range) = self.name_left(&text, &all, at, &nobodys) {
                    tell(Kind::Name, range);
                } else if let Some(next) = next.filter(|next| !nobodys(next) && is_address_cue(&word.folded)) {
                    tell(Kind::Address, word.at.start..next.at.end);
                }
            }
            for token in text
                .split_whitespace()
                .filter(|token| token.contains('@') && !token.contains(EMAIL) && !token.contains("@contoh"))
            {
                let at = text.find(token).unwrap_or_default();
                tell(Kind::Email, at..at + token.len());
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// A word that is likely a name: learned but inside of another, behind a title or `nama`, or beside another capital that is
    /// nobody's word.
    fn name_left(
        &self,
        text: &str,
        all: &[Word],
        at: usize,
        nobodys: &dyn Fn(&Word) -> bool,
    ) -> Option<std::ops::Range<usize>> {
        let word = all.get(at)?;
        let learned = self.words.keys().chain(&self.places).filter(|word| word.chars().count() >= INSIDE_CHARS_MIN);
        if nobodys(word) || word.folded.chars().any(char::is_numeric) {
            return None;
        }
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        let behind =
            before.is_some_and(|before| is_title(&before.folded) && word.capital || is_name_cue(&before.folded));
        let next = all.get(at + 1).filter(|next| word.capital && next.capital && !nobodys(next));
        let beside =
            next.filter(|next| text.get(word.at.end..next.at.start).is_some_and(|gap| matches!(gap, " " | "-" | ". ")));
        let inside = || learned.into_iter().any(|learned| word.folded.contains(learned.as_str()));
        // In the middle of a sentence, a capital is somebody or some place.
        let middle = word.capital
            && before.is_some_and(|before| {
                !before.capital && text.get(before.at.end..word.at.start).is_some_and(|gap| gap == " ")
            });
        match beside {
            Some(next) => Some(word.at.start..next.at.end),
            None => (behind || middle || inside()).then(|| word.at.clone()),
        }
    }
}

/// The line with captures and wildcards blanked out: what they match is not in the story.
fn without_braces(line: &str) -> String {
    let mut out = String::new();
    let mut open = false;
    for c in line.chars() {
        match c {
            '{' => open = true,
            '}' => open = false,
            _ => {}
        }
        out.push(if open || c == '}' { '~' } else { c });
    }
    out
}
