//! Reads a message by an office's formats.

pub(crate) mod assign;
pub(crate) mod command;
pub(crate) mod copied_head;
pub(crate) mod fast_path;
pub(crate) mod form;
pub(crate) mod house_number;
pub(crate) mod intruder;
pub(crate) mod keyword;
pub(crate) mod leftover;
pub(crate) mod party;
pub(crate) mod segment;
pub(crate) mod suggestion;
