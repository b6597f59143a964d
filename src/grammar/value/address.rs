//! Reads an address; what names no place is none.

use crate::domain::person::Address;
use crate::grammar::date;
use crate::grammar::date::named_day;
use crate::grammar::format::field_names::is_photo;
use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::vocabulary::WORDS;

/// An address names a place: a date or a number alone is another office's piece. The poster's `+ FotoKTP`, copied after it,
/// is no part of it.
pub(crate) fn address(text: &str) -> Option<Address> {
    let text = match text.rsplit_once('+') {
        Some((address, photo)) if is_photo(photo) => address,
        _ => text,
    };
    let is_addressed_to_us = WORDS.commands.get(text).is_some() || is_filler(text);
    let is_day = || named_day::is_day(text) && WORDS.dates.places.get(text).is_none();
    let says_nothing = WORDS.no_address.get(text).is_some() || is_addressed_to_us;
    let names_a_place = text.contains(char::is_alphabetic) && date::parse(text).is_none() && !says_nothing && !is_day();
    if names_a_place { Address::read(text) } else { None }
}
