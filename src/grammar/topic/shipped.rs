//! The file of topics that is compiled in, read when the first question comes.

use std::sync::{Arc, LazyLock};

use miette::NamedSource;

use super::file;
use super::lexicon::Lexicon;

/// The text of the file that is compiled in.
pub(super) const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/topics.toml"));

/// The file compiled in. A test holds that it reads; an unreadable one would know no topics.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let source = Arc::new(NamedSource::new("grammar/topics.toml", FILE.to_owned()));
    file::read(&source).unwrap_or_default()
});
