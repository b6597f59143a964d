//! The page on which an office changes how citizens write: the line of its poster, its rules, its own sentences, and what all of that
//! would do with messages before it does.
//!
//! The draft is a file's text; every form of the page changes keys of that text, and `draft` judges it. `look` is what stands beside
//! it: pieces, a filled example, the rehearsal, own sentences as citizens would get them.

mod draft;
mod look;
mod page;
mod proposed;
mod publish;
mod rehearsed;
mod rules;
mod sent;
mod sentences;
mod texts;
mod words;

pub(super) use self::page::{act, look, page};
