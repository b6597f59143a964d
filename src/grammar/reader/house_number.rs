//! A bare number behind an address, which may be the house's number or a number of people.

use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::pieces::{digit, is_blank, offset};

/// The bare number that stands as a count behind an address which ends where a house number would follow: `Blok C #5`; or
/// which has none yet, where the mark is written as a number's own sign: `Jl. Melati #5`.
pub(crate) fn doubtful<'m>(format: &Format, shape: &Shape, message: &'m str, laid: &[&'m str]) -> Option<&'m str> {
    let at = shape.fields.iter().position(|&field| field == Field::Jumlah)?;
    let before = at.checked_sub(1).filter(|&before| shape.fields.get(before) == Some(&Field::Alamat))?;
    let count = laid.get(at).filter(|count| count.chars().all(|c| digit(c).is_some()))?;
    let address = laid.get(before)?;
    let is_sign = || is_sign(format, message, count) && !has_number(address);
    (is_awaited(address) || is_sign()).then_some(count)
}

/// Whether a house number would follow an address.
pub(crate) fn is_awaited(address: &str) -> bool {
    let mut words = address.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_block = |word: &str| WORDS.block.get(word).is_some();
    let is_letter = last.chars().count() == 1 && last.contains(char::is_alphabetic);
    WORDS.house_number.get(last).is_some() || is_block(last) || is_letter && is_block(before)
}

/// Whether the mark in front of the number is written as its own sign, a blank before it and none behind, and no other mark is.
fn is_sign(format: &Format, message: &str, count: &str) -> bool {
    let mark = |c: char| format.separator().is(c);
    let is_sign = |at: usize, c: char| {
        let front = message.get(..at).unwrap_or_default();
        let behind = message.get(at + c.len_utf8()..).unwrap_or_default();
        !front.trim_matches(is_blank).is_empty() && front.ends_with(is_blank) && !behind.starts_with(is_blank)
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
        // The number behind a number is of the same kind.
        is_shared = if is_number { is_shared } else { WORDS.shared_number.get(word).is_some() };
        is_own
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative controls: with every mark a number's sign, `Jl. Melati#5` fails this; with none, `Jl. Melati #5`.
    #[test]
    fn a_number_written_with_its_own_sign_is_doubtful() {
        let shipped = Format::shipped();
        let format = shipped.iter().find(|format| format.id().as_str() == "batam-keluarga").expect("a shipped format");
        let shape = format.shapes().first().expect("a shape");
        let doubts = |message: &str| {
            let pieces: Vec<&str> = message.split('#').map(str::trim).collect();
            doubtful(format, shape, message, &pieces).is_some()
        };
        for message in [
            "RINA#12031990#Jl. Melati #5",
            "RINA#12031990#Jl. Melati RT 02/03 Batam #5",
            "RINA#12031990#Jl. Melati Gang 3 #5",
            "RINA#12031990#Blok C#5",
        ] {
            assert!(doubts(message), "{message}");
        }
        for message in [
            "RINA#12031990#Jl. Melati#5",
            "RINA #12031990 #Jl. Melati #5",
            "RINA # 12031990 # Jl. Melati # 5",
            "RINA#12031990#Jl. Melati 12 #5",
            "RINA#12031990#Jl. Melati # 5",
        ] {
            assert!(!doubts(message), "{message}");
        }
    }
}
