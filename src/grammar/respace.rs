//! Cuts pieces apart that only a space separates: `Budi 25011987 07082017`. Dates are what shows where to cut.

use super::pieces::{is_blank, joined};
use super::{date, day};

/// Words of a date with spaces: `25 - 01 - 1987`.
const DATE_WORDS_MAX: usize = 5;
/// Words that are looked at: more than any form in one line has.
const WORDS_MAX: usize = 64;

/// Whether words end here. What nobody sees is no gap: two dates with only that between them are one number to the eye.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';')
}

/// The text's dates and what stands between them, in order, nothing of it empty.
pub(super) fn around_dates(text: &str) -> Vec<&str> {
    let words = text.split(is_gap).map(|word| word.trim_matches(is_blank)).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.take(WORDS_MAX).collect();
    let mut pieces = Vec::new();
    let mut words = words.as_slice();
    let mut plain: Option<&str> = None;
    while let Some((first, behind)) = words.split_first() {
        let window = (1..=DATE_WORDS_MAX.min(words.len())).rev().find_map(|count| {
            let (window, behind) = words.split_at_checked(count)?;
            let dated = joined(text, first, window.last()?);
            (date::shape(dated).is_some() || day::is_day(dated)).then_some((dated, behind))
        });
        if let Some((dated, behind)) = window {
            pieces.extend(plain.take().and_then(undashed));
            pieces.extend(undashed(dated));
            words = behind;
        } else {
            plain = Some(plain.map_or(*first, |start| joined(text, start, first)));
            words = behind;
        }
    }
    pieces.extend(plain.and_then(undashed));
    pieces
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
