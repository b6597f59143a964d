//! A bare number after an address, which may be the house number or the number of people.

use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::house_number::is_awaited;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::{digit, is_blank};
use crate::grammar::text::span::offset;

/// A bare number in the place of the count that may be the house number of the address before it. Either the address ends
/// where a house number would follow (`Blok C #5`), or it has no number yet and the separator is written like the sign of a
/// number (`Jl. Melati #5`).
pub(crate) fn doubtful<'m>(format: &Format, shape: &Shape, message: &'m str, aligned: &[&'m str]) -> Option<&'m str> {
    let at = shape.fields.iter().position(|&field| field == Field::Jumlah)?;
    let before = at.checked_sub(1).filter(|&before| shape.fields.get(before) == Some(&Field::Alamat))?;
    let count = aligned.get(at).filter(|count| count.chars().all(|c| digit(c).is_some()))?;
    let address = aligned.get(before)?;
    let is_sign = || is_sign(format, message, count) && !has_number(address);
    (is_awaited(address) || is_sign()).then_some(count)
}

/// Whether the mark in front of the number is written as its own sign, a blank before it and none after, and no other mark is.
fn is_sign(format: &Format, message: &str, count: &str) -> bool {
    let mark = |c: char| format.separator().is(c);
    let is_sign = |at: usize, c: char| {
        let front = message.get(..at).unwrap_or_default();
        let after = message.get(at + c.len_utf8()..).unwrap_or_default();
        !front.trim_matches(is_blank).is_empty() && front.ends_with(is_blank) && !after.starts_with(is_blank)
    };
    let end = offset(message, count);
    let marks = message.char_indices().filter(|(at, c)| *at < end && mark(*c));
    let mut signs = marks.map(|(at, c)| is_sign(at, c)).collect::<Vec<_>>().into_iter().rev();
    signs.next() == Some(true) && !signs.any(|is_sign| is_sign)
}

/// Whether the address has a house number: `RT 02/03` and `Gang 3` are none.
fn has_number(address: &str) -> bool {
    let mut is_shared = false;
    address.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
        let is_number = word.starts_with(|c| digit(c).is_some());
        let is_own = is_number && !is_shared;
        // The number after a number is of the same kind.
        is_shared = if is_number { is_shared } else { WORDS.shared_number.get(word).is_some() };
        is_own
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with every mark a number's sign, `Jl. Melati#5` fails this; with none, `Jl. Melati #5`.
    #[test]
    fn a_number_written_with_its_own_sign_is_doubtful() {
        let shipped = Format::shipped();
        let format = shipped.iter().find(|format| format.id().as_str() == "batam-keluarga").expect("a shipped format");
        let shape = format.shapes().first().expect("a shape");
        let is_doubtful = |message: &str| {
            let pieces: Vec<&str> = message.split('#').map(str::trim).collect();
            doubtful(format, shape, message, &pieces).is_some()
        };
        for message in [
            "RINA#12031990#Jl. Melati #5",
            "RINA#12031990#Jl. Melati RT 02/03 Batam #5",
            "RINA#12031990#Jl. Melati Gang 3 #5",
            "RINA#12031990#Blok C#5",
        ] {
            assert!(is_doubtful(message), "{message}");
        }
        for message in [
            "RINA#12031990#Jl. Melati#5",
            "RINA #12031990 #Jl. Melati #5",
            "RINA # 12031990 # Jl. Melati # 5",
            "RINA#12031990#Jl. Melati 12 #5",
            "RINA#12031990#Jl. Melati # 5",
        ] {
            assert!(!is_doubtful(message), "{message}");
        }
    }
}
