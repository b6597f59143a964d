//! The conversations of an office: the inbox with its filters and its search, one conversation with the officer's answer, and what is
//! misread most.
//!
//! Everything works without JavaScript. With it, the list and the conversation follow what happens and never take the focus, and the
//! others see who writes an answer.

mod acts;
mod case;
mod inbox;
mod misread;
mod rights;
mod talk;
mod texts;
mod words;

pub(super) use acts::{act, again, typing};
pub(super) use case::case;
pub(super) use inbox::{list, page, search};
pub(super) use misread::misread;
pub(super) use talk::{lines, page as talk};
