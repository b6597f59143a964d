//! Reads one message by an office's formats. Never uses a clock or a database, and never writes a reply.
//!
//! The line on an office's poster is its format: [`Format`] holds it, [`read`] reads a message by it, and [`check`] tests the
//! format itself. Words with many spellings are data, in `grammar/vocabulary.toml`. No type of nom leaves this module.
//!
//! Each folder names only those above it in this list:
//!
//! - `text`: characters, pieces and their places, tables of words;
//! - `request`: what reading gives;
//! - `language`: the vocabulary, politeness, labels, numbers in words;
//! - `date`: written dates, dates relative to the day of sending, typos in dates;
//! - `format`: an office's format, its rules and its file;
//! - `topic`: what a message asks about;
//! - `value`: one piece, read as the value of its field;
//! - `reader`: a whole message;
//! - `check`: whether a format reads its own examples, and whether formats can be distinguished;
//! - `rehearsal`: what a draft of a format does with many messages, beside the format in force;
//! - `proposal`: the line that reads some examples.

mod check;
mod date;
mod format;
mod language;
mod proposal;
mod reader;
mod rehearsal;
mod request;
#[cfg(test)]
mod tests;
mod text;
mod topic;
mod value;

pub use check::ambiguity::{Ambiguity, ambiguity};
pub use check::check;
pub use check::examples::failing_examples;
pub use format::error::FormatError;
pub use format::limits::Limits;
pub use format::rules::OwnText;
pub use format::{Format, LinePiece};
pub use language::talk::{is_coming, is_refusal};
pub use language::vocabulary::month_named;
pub use proposal::result::{Doubt, NoProposal, PROPOSAL_MESSAGES_MAX, PROPOSAL_MESSAGES_SURE, Proposal};
pub use proposal::search::propose;
pub use reader::message::{read, reading};
pub use reader::piecewise::Asked;
pub use reader::reading::Reading;
pub use rehearsal::result::{Clash, Example, Group, Rehearsal, Tally, TrialMessage};
pub use rehearsal::run::Trial;
pub use request::Request;
pub use request::ask::{Ask, CHOICES_MAX, Choice};
pub use request::change_day::{ChangeDay, Wait};
pub use request::command::{Command, CommandName};
pub use request::field::{Field, PhotoKind};
pub use request::form::{Form, SAMPLE_NAME};
pub use request::misread::{Member, Misread, MisreadKind, Mistake, OwnPiece};
pub use request::note::{Note, NoteKind};
pub use request::suggestion::Suggestion;
pub use text::span::Span;
pub use topic::{About, Language, Topic, Topics};
