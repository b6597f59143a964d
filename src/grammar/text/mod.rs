//! Text: kinds of characters, pieces between separators and where they are in the message, tables of words.

pub(crate) mod characters;
pub(crate) mod peel;
pub(crate) mod pieces;
pub(crate) mod separator;
pub(crate) mod span;
pub(crate) mod words;
