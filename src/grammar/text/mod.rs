//! Text in pieces: characters, words of a table, separators, and where a piece stands in its message.

pub(crate) mod pieces;
pub(crate) mod separator;
pub(crate) mod words;
