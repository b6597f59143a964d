//! Finds what is part of an address or an answer by mistake: another person's line, a command, a wish for a day.
//!
//! Only what stands after a line's end or a mark is looked at. Asking once too often is better than losing a person.

use crate::grammar::date;
use crate::grammar::date::detect::may_hold_date;
use crate::grammar::date::named_day;
use crate::grammar::date::written::Written;
use crate::grammar::format::Format;
use crate::grammar::language::courtesy::without_thanks;
use crate::grammar::language::labels;
use crate::grammar::language::names::words;
use crate::grammar::language::numbers::count;
use crate::grammar::language::talk::{giving_up, is_chat};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::command::CommandName;
use crate::grammar::request::field::Field;
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::text::characters::digit;
use crate::grammar::text::peel::peel;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::{joined, offset};

/// The first part of a field's piece that belongs to something else.
pub(crate) fn find<'m>(format: &Format, field: Field, piece: &'m str) -> Option<PieceError<'m>> {
    let mingled = || {
        let own = labels::without_label(&format.rules().text_words, field, piece);
        let at = beside_address(without_thanks(Field::Alamat, own), |c| is_end(format, c))?;
        Some(PieceError { kind: MisreadKind::Mingled, at })
    };
    after_line_end(format, field, piece).or_else(|| if field == Field::Alamat { mingled() } else { None })
}

/// Whether another person's line may begin after the character.
fn is_end(format: &Format, c: char) -> bool {
    c == '\n' || format.separator().is(c)
}

/// The first part that belongs to something else after a line's end or a mark.
pub(crate) fn after_line_end<'m>(format: &Format, field: Field, piece: &'m str) -> Option<PieceError<'m>> {
    let is_end = |c: char| is_end(format, c);
    if !matches!(field, Field::Alamat | Field::Teks(_)) || !piece.contains(is_end) {
        return None;
    }
    let value = labels::without_label(&format.rules().text_words, field, piece);
    // When the form is printed again, the address stands in one line, so what line ends separate here is joined there.
    let parts = value.split(is_end).skip(1).chain(value.split(|c| format.separator().is(c)).skip(1));
    parts.map(bare).find_map(|part| {
        let is_other = || asks(part) || names_day(part);
        let kind =
            if may_hold_date(part) { Some(MisreadKind::Several) } else { is_other().then_some(MisreadKind::Surplus) };
        kind.map(|kind| PieceError { kind, at: part })
    })
}

/// Whether a word asks for a service of its own, which must not be lost.
pub(crate) fn is_wish(word: &str) -> bool {
    WORDS.wishes.get(word).is_some() || WORDS.keywords.get(word).is_some()
}

/// What stands in an address and is somebody's birth date, a number of people, or the keyword of a service.
fn beside_address(address: &str, is_end: impl Fn(char) -> bool) -> Option<&str> {
    // What stands after a line's end or a mark is somebody's own line.
    let own = address.split(is_end).next().unwrap_or(address);
    let is_date =
        |word: &&str| word.chars().filter(|&c| digit(c).is_some()).count() == 8 && date::parse(word).is_some();
    if let Some(born) = words(own).find(is_date) {
        return Some(born);
    }
    if let Some(word) = giving_up(address).or_else(|| worded_date(own)) {
        return Some(word);
    }
    let mut rest = address;
    let mut before: Option<&str> = None;
    while let Some(word) = words(rest).next() {
        let counts = |word: &str| count(word).is_some();
        // `3 orang`, `jumlah 3`.
        let is_counted = |before: &&str| {
            WORDS.people.get(word).is_some() && counts(before)
                || WORDS.fields.get(before) == Some(Field::Jumlah) && counts(word)
        };
        if let Some(first) = before.filter(is_counted) {
            return Some(joined(address, first, word));
        }
        let is_name = before.is_none_or(|before| WORDS.street.get(before).is_some());
        let here = rest.get(offset(rest, word)..).unwrap_or(word);
        if !is_name && (WORDS.beside_address.front(here).is_some() || names_day_of_month(here)) {
            return Some(word);
        }
        if let Some((Keyword::Service(_), _)) = WORDS.keywords.front(rest.get(offset(rest, word)..).unwrap_or(word)) {
            return Some(word);
        }
        before = Some(word);
        rest = rest.get(offset(rest, word) + word.len()..)?;
    }
    None
}

/// A day of the month with its label: `tgl 7 Desember`, `tanggal 7`.
fn names_day_of_month(text: &str) -> bool {
    WORDS.day_of_month.front(text).is_some_and(|((), after)| {
        let after = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        after.starts_with(|c| digit(c).is_some())
    })
}

/// The day on which the Republic was proclaimed, after which streets and schools are called.
const PROCLAIMED: (u32, u32) = (1945, 8);

/// A whole date with its month in words at the end of an address: `Jl. Melati 5 7 Desember 2026`.
fn worded_date(address: &str) -> Option<&str> {
    // Hardly any address ends in a year.
    let last_word = words(address).next_back()?;
    let year = Some(last_word).filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let mut last = words(address).rev().skip(1);
    let (month, day) = (last.next()?, last.next()?);
    let written = date::parse(joined(address, day, year)).or_else(|| date::parse(joined(address, month, year)))?;
    match written {
        Written::Full { year, month, .. } if (year, month) != PROCLAIMED => Some(joined(address, day, last_word)),
        _ => None,
    }
}

/// Whether the text opens with a command; a country's name and a yes end many an address.
fn asks(text: &str) -> bool {
    let Some((name, _)) = WORDS.commands.front(peel(&[&WORDS.fillers], text)) else { return false };
    match name {
        CommandName::Batal
        | CommandName::Status
        | CommandName::Bantuan
        | CommandName::Persyaratan
        | CommandName::Daftar
        | CommandName::Petugas
        | CommandName::Berhenti => true,
        CommandName::English
        | CommandName::Indonesia
        | CommandName::Ya
        | CommandName::Urung
        | CommandName::Lanjut
        | CommandName::Mulai
        | CommandName::Hapusdata
        | CommandName::Datasaya => false,
    }
}

/// Whether the text is a day, or talk with a day in it. `Pasar Senen` is neither.
fn names_day(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_named = |word: &str| WORDS.weekdays.get(word).is_some() || WORDS.days.get(word).is_some();
    let is_place = WORDS.dates.places.get(text).is_some();
    !is_place && named_day::is_day(without_thanks(Field::TglKedatangan, text))
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
