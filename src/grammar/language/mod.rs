//! What the reader knows of the languages that people write: the vocabulary, greetings and politeness, labels before values,
//! numbers in words.

pub(crate) mod courtesy;
pub(crate) mod house_number;
pub(crate) mod labels;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod politeness;
pub(crate) mod talk;
pub(crate) mod vocabulary;
