//! Decides what a message leads to: snapshot, request, instant and source of chance in, decision out.
//!
//! Pure: no clock, no SQL, no wording, so replay, fuzzing and property tests run it by the million.
//! It is the only room that knows what a message *leads to*.

mod closed;
mod code;
mod decide;
mod form;
mod limits;
mod outcome;
mod photo;
mod question;
mod talk;
#[cfg(test)]
mod tests;

pub use decide::{Chat, Choices, Decision, Draw, Heard, KeptPhoto, NewPhoto, Question, Said, Snapshot, decide};
pub use limits::{HoldsOfDay, SHORT_HOLD_MINUTES};
pub use outcome::{Lang, Moved, Outcome, Refusal, RefusedDay};
pub use talk::{REPLIES_MAX, REPLIES_MINUTES, RESULTS_TIMES, SAME_MAX, Talk};
