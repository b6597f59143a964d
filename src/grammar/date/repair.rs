//! Repairs the typos that a finger or a camera makes in a date or a number: letters for digits, a month's name misspelled.
//!
//! Every repair is reported: a repaired value is returned together with the kind of repair, for a note.

use crate::grammar::date::parse;
use crate::grammar::date::written::Written;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::request::length::is_too_long;
use crate::grammar::request::note::NoteKind;
use crate::grammar::text::characters::{digit, is_blank};
use crate::sheet::within;

/// Letters for digits that are repaired in one piece: more than three is no typo.
const LETTERS_MAX: usize = 3;
/// Shortest misspelled month: a typo in a shorter one makes another month (`Jul`, `Jun`).
const MONTH_CHARS_MIN: usize = 4;
/// Longest misspelled month: the longest name, `September`, and two typos.
const MONTH_CHARS_MAX: usize = 11;
/// From this length on, a month's name may hold two typos.
const TWO_SLIPS_CHARS: usize = 6;

/// The digit that a letter is taken for.
fn lookalike(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'Q' => Some('0'),
        'l' | 'I' | 'i' | 'L' | '|' | '!' => Some('1'),
        'Z' | 'z' => Some('2'),
        'S' | 's' => Some('5'),
        'B' => Some('8'),
        _ => None,
    }
}

/// The text with letters among digits read as the digits they look like; `None` when there are none, or too many.
pub(crate) fn digits(text: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '|' | '!');
    let is_digit = |c: char| digit(c).is_some();
    let is_slip = |word: &str| word.contains(is_digit) && word.chars().all(|c| is_digit(c) || lookalike(c).is_some());
    // Counted before anything is kept: nearly every text has none.
    let slips = text.split(|c| !is_word(c)).filter(|word| is_slip(word));
    let letters = slips.flat_map(str::chars).filter(|&c| !is_digit(c)).count();
    if !(1..=LETTERS_MAX).contains(&letters) {
        return None;
    }
    let word_and_gap = text.split_inclusive(|c| !is_word(c)).map(|part| (part.trim_end_matches(|c| !is_word(c)), part));
    let repaired = |c: char| lookalike(c).unwrap_or(c);
    let parts = word_and_gap.flat_map(|(word, part)| {
        let is_slip = is_slip(word);
        part.chars().map(move |c| if is_slip && is_word(c) { repaired(c) } else { c })
    });
    Some(parts.collect())
}

/// The text with its one misspelled month spelled right; `None` unless exactly one month is nearest.
fn month(text: &str) -> Option<String> {
    // No day and no year, no date.
    if !text.contains(|c| digit(c).is_some()) {
        return None;
    }
    let start = text.find(char::is_alphabetic)?;
    let word = text.get(start..)?;
    let word = word.get(..word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len()))?;
    let chars = word.chars().count();
    if !(MONTH_CHARS_MIN..=MONTH_CHARS_MAX).contains(&chars) {
        return None;
    }
    let slips_max = if chars < TWO_SLIPS_CHARS { 1 } else { 2 };
    let lower = word.to_lowercase();
    let near = WORDS
        .months
        .entries()
        .filter(|(name, _)| {
            let length = name.chars().count();
            length >= MONTH_CHARS_MIN && length.abs_diff(chars) <= slips_max
        })
        .filter_map(|(name, month)| Some((within(&lower, name, slips_max)?, month, name)));
    let near: Vec<_> = near.collect();
    let name = match near.iter().min_by_key(|(slips, ..)| *slips) {
        Some(&(least, meant, name)) => {
            let nearest = near.iter().filter(|(slips, ..)| *slips == least);
            nearest.into_iter().all(|(_, month, _)| *month == meant).then_some(name)?
        }
        None => shortened_month(&lower)?,
    };
    let after = text.get(start + word.len()..)?;
    Some(format!("{}{name}{after}", text.get(..start).unwrap_or_default()))
}

/// The one month of which only vowels are left out: `agsts`, `sptmbr`.
fn shortened_month(word: &str) -> Option<&'static str> {
    fn consonants(word: &str) -> impl Iterator<Item = char> {
        word.chars().filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'))
    }
    let is_short_of = |name: &str| {
        let mut left = name.chars();
        let in_order = word.chars().all(|c| left.any(|letter| letter == c));
        in_order && name.chars().next() == word.chars().next() && consonants(name).eq(consonants(word))
    };
    let mut meant = WORDS.months.entries().filter(|(name, _)| is_short_of(name));
    let (name, month) = meant.next()?;
    meant.all(|(_, other)| other == month).then_some(name)
}

/// A place of birth and the date after it: `Bogor, 25-01-1987`.
fn after_place(text: &str) -> Option<&str> {
    let at = text.find(|c| digit(c).is_some())?;
    let (place, date) = text.split_at_checked(at)?;
    let place_only = place.chars().all(|c| c.is_alphabetic() || is_blank(c) || matches!(c, ',' | '.' | '/' | '-'));
    (place_only && place.ends_with(|c| is_blank(c) || matches!(c, ',' | '/'))).then_some(date)
}

/// A date with a typo in it: what is written but for the typo, and which typo.
pub(crate) fn date(text: &str) -> Option<(Written, NoteKind)> {
    if is_too_long(Field::TglLahir, text) {
        return None;
    }
    let read = |repaired: String, kind| parse(&repaired).map(|written| (written, kind));
    digits(text)
        .and_then(|repaired| read(repaired, NoteKind::Digit))
        .or_else(|| month(text).and_then(|repaired| read(repaired, NoteKind::Month)))
}

/// A birth date with a typo in it, or with the birth place in front.
pub(crate) fn birth_date(text: &str) -> Option<(Written, NoteKind)> {
    let placed = |date: &str| Some((parse(date)?, NoteKind::Place));
    date(text).or_else(|| after_place(text).and_then(placed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_among_digits_are_digits() {
        for (text, repaired) in [
            ("25O11987", Some("25011987")),
            ("l2-05-1990", Some("12-05-1990")),
            ("7 Des 2Ol7", Some("7 Des 2017")),
            ("25jan1987", None),
            ("Budi", None),
            ("25011987", None),
            ("OOOO1987", None),
        ] {
            assert_eq!(digits(text).as_deref(), repaired, "{text}");
        }
    }

    #[test]
    fn a_misspelled_month_is_the_nearest_one_if_only_one_is() {
        for (text, repaired) in [
            ("25 Januri 1987", Some("25 januari 1987")),
            ("25 Febuari 1987", Some("25 februari 1987")),
            ("25 Agustsu 1987", Some("25 agust 1987")),
            ("7 agsts 2017", Some("7 agustus 2017")),
            ("7 sptmbr 2017", Some("7 september 2017")),
            ("7 jnri 2017", Some("7 januari 2017")),
            ("25 jnui 1987", None),
            ("25 ober 1987", None),
            ("25 Jumi 1987", None),
            ("25 Jna 1987", None),
            ("25 Ramadan 1987", None),
        ] {
            assert_eq!(month(text).as_deref(), repaired, "{text}");
        }
    }

    #[test]
    fn a_birth_place_in_front_comes_off() {
        assert_eq!(after_place("Bogor, 25-01-1987"), Some("25-01-1987"));
        assert_eq!(after_place("Kota Bogor 25 Januari 1987"), Some("25 Januari 1987"));
        assert_eq!(after_place("Bogor25-01-1987"), None, "that may be anything");
    }
}
