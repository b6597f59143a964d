//! Reads one form: chooses its format, assigns its pieces to fields, and says what is wrong with it.

pub(crate) mod assign;
pub(crate) mod choose;
pub(crate) mod filled;
pub(crate) mod house_number;
pub(crate) mod intruder;
pub(crate) mod laid_out;
pub(crate) mod letter_end;
pub(crate) mod misreading;
pub(crate) mod one;
pub(crate) mod question;
pub(crate) mod suggestion;
