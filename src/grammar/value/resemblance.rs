//! Which field a piece looks meant for, whether or not it reads as one.

use crate::grammar::date;
use crate::grammar::language::courtesy::without_thanks;
use crate::grammar::language::labels::unlabelled;
use crate::grammar::language::numbers::count;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::digit;

/// Whether a piece that does not read looks as if it was meant for a field.
pub(crate) fn resembles(field: Field, piece: &str) -> bool {
    let digits = piece.chars().filter(|&c| digit(c).is_some()).count();
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    match field {
        Field::Nama | Field::Alamat | Field::Layanan | Field::Sesi | Field::Teks(_) => letters > digits,
        Field::TglLahir | Field::TglKedatangan => (5..=9).contains(&digits),
        Field::Jumlah => is_countish(piece),
        Field::Nik | Field::NoKk => digits > 12 && digits > letters,
        Field::Telepon => (7..=14).contains(&digits) && digits > letters,
        Field::Email => piece.contains('@'),
    }
}

/// Whether a piece stands where a count would, right or wrong: no letter in it, a number word, or the count's own label.
pub(crate) fn is_countish(piece: &str) -> bool {
    let value = unlabelled(Field::Jumlah, piece);
    let letterless = !value.contains(char::is_alphabetic) && date::parse(value).is_none();
    letterless
        || count(without_thanks(Field::Jumlah, value)).is_some()
        || WORDS.fields.get(value) == Some(Field::Jumlah)
}
