//! Finds what has slipped into an address or an answer and is no part of it: somebody else's line, a command, a wish for a day.
//!
//! Only what stands behind a line's end or a mark is looked at. Asking once too often is better than losing a person.

use crate::grammar::date::{named_day, repair, split_at_dates};
use crate::grammar::format::Format;
use crate::grammar::language::labels;
use crate::grammar::language::vocabulary::{Keyword, WORDS};
use crate::grammar::reader::command;
use crate::grammar::reader::segment::is_chat;
use crate::grammar::request::CommandName;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::text::pieces::{bare, digit, is_blank, is_hash, joined, offset, visible};
use crate::grammar::value::{Broken, name};
use crate::grammar::{date, value};

/// Digits in one run that may be a date with a slip: `5121990`, `051219900`. A postal code has fewer, a telephone more.
const DATE_DIGITS: std::ops::RangeInclusive<usize> = 6..=9;

/// Letters of a word behind a name's comma from which on it is no title: `SH`, `MM`, `Amd`.
const TITLE_CHARS_MIN: usize = 4;

/// The first part of a field's piece that belongs to something else.
pub(crate) fn within<'m>(format: &Format, field: Field, piece: &'m str) -> Option<Broken<'m>> {
    let mingled = || {
        let own = labels::without_name(format.rules(), field, piece);
        let at = beside_address(own, |c| is_end(format, c))?;
        Some(Broken { kind: MisreadKind::Mingled, at })
    };
    behind_end(format, field, piece).or_else(|| if field == Field::Alamat { mingled() } else { None })
}

/// Whether somebody else's line may begin behind the character.
fn is_end(format: &Format, c: char) -> bool {
    c == '\n' || format.separator().is(c)
}

/// The first part that belongs to something else behind a line's end or a mark.
pub(crate) fn behind_end<'m>(format: &Format, field: Field, piece: &'m str) -> Option<Broken<'m>> {
    let is_end = |c: char| is_end(format, c);
    if !matches!(field, Field::Alamat | Field::Teks(_)) || !piece.contains(is_end) {
        return None;
    }
    let value = labels::without_name(format.rules(), field, piece);
    // Printed again, the address stands in one line: what its line ends part is one there.
    let parts = value.split(is_end).skip(1).chain(value.split(|c| format.separator().is(c)).skip(1));
    parts.map(bare).find_map(|part| {
        let is_other = || asks(part) || names_day(part);
        let kind =
            if may_hold_date(part) { Some(MisreadKind::Several) } else { is_other().then_some(MisreadKind::Surplus) };
        kind.map(|kind| Broken { kind, at: part })
    })
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| is_blank(c) || is_hash(c) || matches!(c, ',' | ';' | ':' | '(' | ')'))
        .filter(|word| !word.is_empty())
}

/// What stands in a name and makes it more than one person's: `dan Siti`, `mau daftar`, a second name behind a comma. Titles
/// behind a comma are short or have a dot.
pub(crate) fn beside_name(piece: &str) -> Option<&str> {
    // The last word may be a name all the same: `Rahmad Dan`. Looked for last: hardly any name has such a word.
    let is_last = |word: &str| {
        let behind = piece.get(offset(piece, word) + word.len()..).unwrap_or_default();
        words(behind).next().is_none() && offset(piece, word) > 0
    };
    let is_other = |word: &&str| WORDS.beside_name.get(word).is_some() && !name::is_part(piece, word);
    if let Some(word) = words(piece).find(|word| is_other(word) && !is_last(word)) {
        return Some(word);
    }
    if let Some(word) = giving_up(piece) {
        return Some(word);
    }
    let (_, behind) = piece.split_once(',')?;
    let is_of_a_name =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= TITLE_CHARS_MIN && !word.contains('.');
    let behind = bare(behind);
    let is_somebody = words(behind).all(is_of_a_name) || WORDS.fillers.front(behind).is_some();
    (words(behind).count() > 1 && is_somebody).then_some(behind)
}

/// Where a text begins to give the booking up, or its day: `Budi gak jadi`.
fn giving_up(text: &str) -> Option<&str> {
    words(text).find(|word| {
        let rest = text.get(offset(text, word)..).unwrap_or(word);
        WORDS.about_cancel.front(rest).is_some()
    })
}

/// Whether a word asks for a service of its own, which must not be lost.
pub(crate) fn is_wish(word: &str) -> bool {
    WORDS.wishes.get(word).is_some() || WORDS.keywords.get(word).is_some()
}

/// What stands in an address and is somebody's birth date, a number of people, or the keyword of a service.
fn beside_address(address: &str, is_end: impl Fn(char) -> bool) -> Option<&str> {
    // What stands behind a line's end or a mark is somebody's own line.
    let own = address.split(is_end).next().unwrap_or(address);
    let is_date =
        |word: &&str| word.chars().filter(|&c| digit(c).is_some()).count() == 8 && date::parse(word).is_some();
    if let Some(born) = words(own).find(is_date) {
        return Some(born);
    }
    if let Some(word) = giving_up(address) {
        return Some(word);
    }
    let mut rest = address;
    let mut before: Option<&str> = None;
    while let Some(word) = words(rest).next() {
        let counts = |word: &str| value::count(word).is_some();
        // `3 orang`, `jumlah 3`.
        let is_counted = |before: &&str| {
            WORDS.people.get(word).is_some() && counts(before)
                || WORDS.fields.get(before) == Some(Field::Jumlah) && counts(word)
        };
        if let Some(first) = before.filter(is_counted) {
            return Some(joined(address, first, word));
        }
        if let Some((Keyword::Service(_), _)) = WORDS.keywords.front(rest.get(offset(rest, word)..).unwrap_or(word)) {
            return Some(word);
        }
        before = Some(word);
        rest = rest.get(offset(rest, word) + word.len()..)?;
    }
    None
}

/// Whether a date stands in the text, or a run of digits or a year that may be what is left of one.
pub(crate) fn may_hold_date(text: &str) -> bool {
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let holds = |text: &str| {
        let mut runs = text.split(|c| digit(c).is_none());
        runs.any(|run| DATE_DIGITS.contains(&run.chars().count()) || is_year(run))
            || split_at_dates::around_dates(text).into_iter().any(|part| date::parse(part).is_some())
    };
    let text = &*visible(text);
    text.contains(|c| digit(c).is_some()) && (holds(text) || repair::digits(text).is_some_and(|mended| holds(&mended)))
}

/// Whether the text opens with a command; a country's name and a yes end many an address.
fn asks(text: &str) -> bool {
    let command = WORDS.commands.front(command::skip(&WORDS.fillers, text)).map(|(name, _)| name);
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
    let is_place = WORDS.dates.places.get(text).is_some();
    !is_place && named_day::is_day(labels::without_thanks(Field::TglKedatangan, text))
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
