//! Which field a name stands for: by the vocabulary, or by the names that an office gives its own questions.

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::words::Words;

/// The field that a name stands for: one of the office's own naming, or a known one.
pub(crate) fn field_named(name: &str, own: &Words<u8>) -> Option<Field> {
    own.get(name).map(Field::Teks).or_else(|| WORDS.fields.get(name))
}

/// The field that a piece of a message names, if it names one: the poster's own words, sent as they stand.
pub(crate) fn field_of_piece(piece: &str, own: &Words<u8>) -> Option<Field> {
    let piece = piece.trim_matches(|c| matches!(c, '[' | ']'));
    let name = piece.split_once('+').filter(|(_, photos)| is_photo(photos)).map_or(piece, |(name, _)| name);
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    let mut fields = name.split('|').map(|name| field_named(bare(name), own));
    let first = fields.next().flatten()?;
    fields.all(|field| field.is_some()).then_some(first)
}

/// Whether a text after a `+` names photos and nothing else.
pub(crate) fn is_photo(text: &str) -> bool {
    text.split('|').all(|kind| WORDS.photos.get(bare(kind)).is_some())
}

/// The mark at which a name falls apart into fields' names: `NAMA/TGL LAHIR/ALAMAT`.
pub(crate) fn parted_by(name: &str, own: &Words<u8>) -> Option<char> {
    let is_parted = |mark: &char| name.split(*mark).all(|part| field_named(bare(part), own).is_some());
    name.chars().filter(|c| !c.is_alphanumeric() && !is_blank(*c)).find(is_parted)
}
