//! The nouns of a queue at a public office, and the rules that need nothing but their arguments.
//!
//! Nothing here is async, reads a clock, draws a random number, or knows SQL, HTTP or chat wording.

pub mod attendance;
pub mod audit;
pub mod booking;
pub mod calendar;
pub mod cluster;
pub mod code;
pub mod deadline;
pub mod displaced;
pub mod displacement;
pub mod export;
pub mod figures;
pub mod fingerprint;
pub mod identity;
mod letters;
mod link_letters;
pub(crate) mod masked_debug;
pub mod message;
pub mod notice;
mod notice_kind;
pub mod office;
pub mod office_files;
pub mod opening;
pub(crate) mod panic_text;
pub mod person;
pub mod photo_key;
pub mod price;
pub mod rate;
pub mod reach;
pub mod reschedule;
pub mod retention;
pub mod same_person;
#[cfg(test)]
pub(crate) mod sample;
pub mod seats;
pub mod shared_offer;
mod sharing;
pub mod slot;
pub mod staff;
pub mod tally;
pub mod ticket;
pub mod turn_link;
pub mod upload_token;
pub mod visit;
pub mod waiting;
