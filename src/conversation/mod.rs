//! Decides what a message leads to. Pure: a snapshot, a request, an instant and a source of chance in, a decision out.

mod outcome;

pub use outcome::{Lang, Moved, Outcome, Refusal, RefusedDay};
