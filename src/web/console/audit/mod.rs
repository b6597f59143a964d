//! The audit trail of an office: who saw or changed what, and whether the trail is whole.

mod csv;
mod page;
mod texts;
mod words;

pub(super) use self::page::{export, page, verify};
