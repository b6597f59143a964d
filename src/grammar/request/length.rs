//! The length beyond which a piece cannot be a value of its field, so that it is not read.

use crate::domain::identity::EMAIL_CHARS_MAX;
use crate::domain::person::{ADDRESS_CHARS_MAX, ANSWER_CHARS_MAX, NAMA_CHARS_MAX};
use crate::grammar::request::field::Field;

/// Bytes of a character at most, taken apart into letter and marks (a syllable of Hangul is three letters of three bytes).
const CHAR_BYTES_MAX: usize = 9;
/// Longest date, number or word that is looked at, in bytes, with all that people put around it.
const DATE_BYTES_MAX: usize = 256;
/// Longest e-mail address that is looked at, in bytes, with thanks after it.
const EMAIL_BYTES_MAX: usize = 2 * EMAIL_CHARS_MAX;

/// Whether a piece is longer than any value of its field, so that reading it is no use.
pub(crate) fn is_too_long(field: Field, piece: &str) -> bool {
    let most = match field {
        Field::Nama => NAMA_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Alamat => ADDRESS_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Teks(_) => ANSWER_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Email => EMAIL_BYTES_MAX,
        Field::TglLahir
        | Field::TglKedatangan
        | Field::Jumlah
        | Field::Nik
        | Field::NoKk
        | Field::Telepon
        | Field::Sesi
        | Field::Layanan => DATE_BYTES_MAX,
    };
    piece.len() > most
}
