//! What the reader knows of the languages that people write: the vocabulary, and what stands around a value.

pub(crate) mod labels;
pub(crate) mod vocabulary;
