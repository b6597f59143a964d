//! Reads a whole message by an office's formats. [`message`] is the entry: it tries the fast path, then commands, then forms.

pub(crate) mod change_day;
pub(crate) mod command;
pub(crate) mod copied_head;
pub(crate) mod fast_path;
pub(crate) mod form;
pub(crate) mod keyword;
pub(crate) mod leftover;
pub(crate) mod message;
pub(crate) mod party;
pub(crate) mod piecewise;
pub(crate) mod reading;
pub(crate) mod segment;
pub(crate) mod split_forms;
