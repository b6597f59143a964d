//! Splits a text without separators into pieces, at the dates in it: `Budi 25011987 07082017`.

use crate::grammar::date::parse::parse;
use crate::grammar::date::written::RUN_DIGITS_MAX;
use crate::grammar::date::{named_day, weekday};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{digit, is_blank};
use crate::grammar::text::span::{joined, offset};

/// Words of a date with spaces: `25 - 01 - 1987`.
const DATE_WORDS_MAX: usize = 5;
/// Words that are looked at: more than any form in one line has.
const WORDS_MAX: usize = 64;

/// Whether words end here. An invisible character is no gap: two dates with only that between them look like one number.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';')
}

/// The text's dates and what stands between them, in order, nothing of it empty.
pub(crate) fn around_dates(text: &str) -> Vec<&str> {
    let words = text.split(is_gap).map(|word| word.trim_matches(is_blank)).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(WORDS_MAX).collect();
    let mut pieces = Vec::new();
    let mut words = words.as_slice();
    let mut plain: Option<&str> = None;
    while let Some((first, after)) = words.split_first() {
        let window = (1..=DATE_WORDS_MAX.min(words.len())).rev().find_map(|count| {
            let (window, after) = words.split_at_checked(count)?;
            let dated = joined(text, first, window.last()?);
            let is_dated = parse(dated).is_some() || named_day::is_day(dated);
            // `25011987 Senin 07082017`: the weekday belongs to the date after it.
            let is_before_date = || after.first().is_some_and(|next| next.starts_with(|c| digit(c).is_some()));
            let is_next_ones = is_dated && weekday::ends_in_weekday(dated) && is_before_date();
            (is_dated && !is_next_ones).then_some((dated, after))
        });
        if let Some((dated, after)) = window {
            pieces.extend(plain.take().and_then(undashed));
            pieces.extend(undashed(dated));
            words = after;
        } else {
            plain = Some(plain.map_or(*first, |start| joined(text, start, first)));
            words = after;
        }
    }
    pieces.extend(plain.and_then(undashed));
    pieces
}

/// The pieces with all in front of the first date put together as one name, a weekday's name too: `Hari Rebo 25011987 ...`.
/// `None` where nothing stands in front.
pub(crate) fn name_first<'m>(message: &'m str, pieces: &[&'m str]) -> Option<Vec<&'m str>> {
    let at = pieces.iter().position(|piece| piece.contains(|c| digit(c).is_some()))?;
    let (front, after) = pieces.split_at_checked(at)?;
    let (dated, after) = after.split_first()?;
    let is_named = |word: &str| {
        let day = WORDS.weekdays.get(word).is_some() || WORDS.dates.market_days.get(word).is_some();
        day || WORDS.on.get(word).is_some()
    };
    let written = dated.split(is_gap).find(|word| !is_named(word))?;
    let date = dated.get(offset(dated, written)..)?;
    let weekday = dated.get(..offset(dated, written)).and_then(undashed);
    let name = front.iter().copied().chain(weekday);
    let (first, last) = (name.clone().next()?, name.last()?);
    Some([joined(message, first, last), date].into_iter().chain(after.iter().copied()).collect())
}

/// A piece cut around the dates in it that are written as the poster asks, eight digits, with nothing in between: `Budi25011987`.
pub(crate) fn unglued(piece: &str) -> Vec<&str> {
    let Some(start) = piece.find(|c: char| c.is_ascii_digit()) else { return vec![piece] };
    let (front, rest) = piece.split_at(start);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (dates, after) = rest.split_at(digits);
    if !digits.is_multiple_of(RUN_DIGITS_MAX) {
        return vec![piece];
    }
    let mut parts: Vec<&str> = undashed(front).into_iter().collect();
    parts.extend((0..digits).step_by(RUN_DIGITS_MAX).filter_map(|at| dates.get(at..at + RUN_DIGITS_MAX)));
    parts.extend(undashed(after));
    parts
}

/// The text without the dashes that part it from its neighbours: `Budi - 25011987`.
fn undashed(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| is_blank(c) || matches!(c, '-' | '–' | '—' | '|' | '/'));
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_where_nothing_parts_them() {
        for (piece, parts) in [
            ("Budi25011987", &["Budi", "25011987"][..]),
            ("2501198707082017", &["25011987", "07082017"]),
            ("Budi25011987Jl. Melati 5", &["Budi", "25011987", "Jl. Melati 5"]),
            ("Budi2501198", &["Budi2501198"]),
            ("Budi", &["Budi"]),
        ] {
            assert_eq!(unglued(piece), parts, "{piece}");
        }
    }

    #[test]
    fn dates_show_where_to_cut() {
        for (text, pieces) in [
            ("Budi 25011987 07082017", &["Budi", "25011987", "07082017"][..]),
            ("Budi Santoso, 25 Januari 1987, besok", &["Budi Santoso", "25 Januari 1987", "besok"]),
            ("25 - 01 - 1987 7/8/2017", &["25 - 01 - 1987", "7/8/2017"]),
            ("Rina 12031990 Jl. Melati No. 5", &["Rina", "12031990", "Jl. Melati No. 5"]),
            ("\u{200b}Budi \u{200b}25011987\u{200b} 07082017", &["Budi", "25011987", "07082017"]),
            ("25011987\u{2060}07082017", &["25011987\u{2060}07082017"]),
            ("Budi - 25011987 - 10082026", &["Budi", "25011987", "10082026"]),
            ("Ayu-Lestari – 25011987 /besok", &["Ayu-Lestari", "25011987", "besok"]),
            ("Budi", &["Budi"]),
            ("", &[]),
        ] {
            assert_eq!(around_dates(text), pieces, "{text}");
        }
    }
}
