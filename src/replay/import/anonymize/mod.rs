//! Masks people in an exported chat: names, numbers, birth dates, addresses, in people's messages and in the office's replies.
//!
//! What was read anywhere in the chat is masked everywhere, and the same person gets the same mask everywhere, so that a story
//! still holds together. Where it is unsure, it masks: a story that keeps too little is better than one that gives somebody
//! away. `people` holds who is who, `learn` finds them, `mask` writes a text with them masked, `leftover` reports what is left.

mod birth_dates;
mod dates;
mod learn;
mod leftover;
mod mask;
mod masks;
mod numbers;
mod people;
mod words;

pub use learn::office_words;
pub use leftover::Leftover;
pub use mask::Replacement;
pub use people::Anonymizer;

#[cfg(test)]
mod tests;
