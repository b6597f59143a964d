//! Reads an address; what names no place is none.

use crate::domain::person::Address;
use crate::grammar::date;
use crate::grammar::date::named_day;
use crate::grammar::format::field_names::is_photo;
use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::vocabulary::WORDS;

/// Whether a web address stands here: in our reply it would look like a link of the office.
fn holds_link(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    ["://", "www.", "wa.me/", "bit.ly/"].iter().any(|link| small.contains(link))
}

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
    if names_a_place && !holds_link(text) { Address::read(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without `holds_link` the first three are addresses.
    #[test]
    fn a_link_is_no_address() {
        for text in
            ["Jl. Mawar https://contoh.example/klik 5", "WWW.contoh.example Jl. Mawar 5", "Jl. Mawar 5 wa.me/62812"]
        {
            assert!(address(text).is_none(), "{text}");
        }
        for text in ["Jl. Mawar 5/7 Blok A.2", "Perum WWW Jl. Mawar 5", "Jl. Mawar No. 5: pagar hijau"] {
            assert!(address(text).is_some(), "{text}");
        }
    }
}
