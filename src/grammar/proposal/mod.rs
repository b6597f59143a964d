//! Proposes the line of a poster, with the rules that it needs, from messages that it is to read. What is proposed has read them all.
//!
//! `cut` cuts the messages into columns, `guess` says what each column may hold, `search` tries the likeliest lines first, and
//! `written` writes the file of a line.

pub(crate) mod cut;
pub(crate) mod guess;
pub(crate) mod result;
pub(crate) mod search;
pub(crate) mod written;

#[cfg(test)]
mod tests;
