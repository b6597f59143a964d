//! What a message asks about, in whatever words: requirements, fee, hours. Matches words only; never reads a form's values
//! and never answers.
//!
//! The words and phrases are data: `grammar/topics.toml`. A message is split into sentences and words ([`sentence`]), each
//! word becomes the group of words that mean the same ([`lexicon`]), days and hours are read by the date reader ([`when`]),
//! and the topics' phrases are looked for in each sentence ([`matcher`]). [`beside`] finds questions beside a form.

mod beside;
mod file;
mod language;
mod lexicon;
mod matcher;
mod name;
mod sentence;
mod spelling;
#[cfg(test)]
mod tests;
mod when;
mod word;

pub(super) use beside::{Beside, Sentences, may_ask};
pub(super) use matcher::{is_word, language_of, topics};
pub use name::{About, Language, Topic, Topics};
