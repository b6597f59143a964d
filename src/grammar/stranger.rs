//! Finds what has slipped into an address or an answer and is no part of it: somebody else's line, a command, a wish for a day.
//!
//! Only what stands behind a line's end or a mark is looked at. Asking once too often is better than losing a person.

use super::cut::is_chat;
use super::date::{self, digit};
use super::day;
use super::field::Field;
use super::format::Format;
use super::misread::MisreadKind;
use super::pieces::{bare, visible};
use super::request::CommandName;
use super::value::Broken;
use super::vocabulary::WORDS;
use super::{around, lone, repair, respace};

/// Digits in one run that may be a date with a slip: `5121990`, `051219900`. A postal code has fewer, a telephone more.
const DATE_DIGITS: std::ops::RangeInclusive<usize> = 6..=9;

/// The first part of a field's piece that belongs to something else.
pub(super) fn within<'m>(format: &Format, field: Field, piece: &'m str) -> Option<Broken<'m>> {
    let is_end = |c: char| c == '\n' || format.separator().is(c);
    if !matches!(field, Field::Alamat | Field::Teks(_)) || !piece.contains(is_end) {
        return None;
    }
    let value = around::without_name(format.rules(), field, piece);
    value.split(is_end).skip(1).map(bare).find_map(|part| {
        let is_other = || asks(part) || names_day(part);
        let kind =
            if may_hold_date(part) { Some(MisreadKind::Several) } else { is_other().then_some(MisreadKind::Surplus) };
        kind.map(|kind| Broken { kind, at: part })
    })
}

/// Whether a date stands in the text, or a run of digits or a year that may be what is left of one.
pub(super) fn may_hold_date(text: &str) -> bool {
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let holds = |text: &str| {
        let mut runs = text.split(|c| digit(c).is_none());
        runs.any(|run| DATE_DIGITS.contains(&run.chars().count()) || is_year(run))
            || respace::around_dates(text).into_iter().any(|part| date::shape(part).is_some())
    };
    let text = &*visible(text);
    text.contains(|c| digit(c).is_some()) && (holds(text) || repair::digits(text).is_some_and(|mended| holds(&mended)))
}

/// Whether the text opens with a command; a country's name and a yes end many an address.
fn asks(text: &str) -> bool {
    let command = WORDS.commands.front(lone::skip(&WORDS.fillers, text)).map(|(name, _)| name);
    matches!(
        command,
        Some(
            CommandName::Batal
                | CommandName::Status
                | CommandName::Bantuan
                | CommandName::Persyaratan
                | CommandName::Berhenti
        )
    )
}

/// Whether the text is a day, or talk with a day in it. `Pasar Senen` is neither.
fn names_day(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_named = |word: &str| WORDS.weekdays.get(word).is_some() || WORDS.days.get(word).is_some();
    day::is_day(around::without_thanks(Field::TglKedatangan, text))
        // `minggu` is a word of talk as well, and Pasar Minggu a place.
        || words().any(|word| is_named(word) && !is_chat(word)) && words().any(is_chat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_date_with_a_slip_is_seen() {
        for text in [
            "Siti 05121990",
            "5121990",
            "O5121990",
            "05I2199O",
            "Siti 1990",
            "istri Siti 05-12-90",
            "5 Des 90",
            "05 12 1990",
            "17\u{200b}0219x92",
            "٥١٢١٩٩٠",
        ] {
            assert!(may_hold_date(text), "{text}");
        }
        for text in ["RT 02/RW 03", "Batam 29444", "No. 12", "HP 081200000001", "Kec. Sagulung", "Blok C 5", ""] {
            assert!(!may_hold_date(text), "{text}");
        }
    }

    #[test]
    fn a_place_named_like_a_day_is_a_place() {
        for text in ["senin", "hari kamis ya min", "kalau bisa hari kamis ya min", "besok", "bisa lusa?"] {
            assert!(names_day(text), "{text}");
        }
        for text in ["Pasar Senen", "Pasar Minggu", "Kel. Rebo", "RT 02 RW 05", "Batam"] {
            assert!(!names_day(text), "{text}");
        }
    }
}
