//! Reads one piece of a form as the value of its field, by the rules of the format.

pub(crate) mod address;
pub(crate) mod date;
pub(crate) mod identity;
pub(crate) mod name;
pub(crate) mod parsed;
pub(crate) mod read;
pub(crate) mod readings;
pub(crate) mod resemblance;

pub(crate) use read::read;
