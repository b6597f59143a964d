//! What is wrong with an office's files, in Indonesian: by the English sentences of `antrean check`. A sentence that has no twin is told
//! in English behind an Indonesian one that says so.

mod format;
mod matching;
mod settings;
mod told;
mod values;

pub(super) use self::told::{Told, sentence, told};
