//! A proposed line, what it is unsure of, or why there is none.

use serde::Serialize;

use crate::grammar::format::Format;
use crate::grammar::request::field::Field;

/// Most messages that a line is proposed from.
pub const PROPOSAL_MESSAGES_MAX: usize = 20;
/// Fewest messages that a line is sure from: with fewer, every value may be a chance.
pub const PROPOSAL_MESSAGES_SURE: usize = 3;

/// A line that reads the messages it was proposed from.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The line.
    pub line: String,
    /// A format file with the line and the rules that it needs.
    pub file: String,
    /// The format of that file.
    pub format: Format,
    /// What somebody who knows the office has to look at.
    pub doubts: Vec<Doubt>,
}

/// Something that the messages do not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "doubt", rename_all = "kebab-case")]
pub enum Doubt {
    /// So few messages say little.
    Few {
        /// How many there were.
        messages: usize,
    },
    /// A piece may be another one as well: the line reads the messages either way.
    Either {
        /// The piece that was taken.
        taken: Field,
        /// What it may be as well.
        instead: Field,
    },
    /// The office calls a piece otherwise: its name is invented.
    Name {
        /// The invented name.
        taken: String,
    },
    /// Only the services in the messages are known.
    Services {
        /// Those.
        known: Vec<String>,
    },
    /// A piece is missing in some messages: it is taken as one that may be left out.
    LeftOut {
        /// The piece, as the line calls it.
        taken: String,
        /// In how many messages it is missing.
        messages: usize,
    },
    /// The separator stands inside of a value: it may hold the separator.
    HoldsSeparator {
        /// The piece, as the line calls it.
        taken: String,
    },
    /// The days of visit in the messages are over: they were read as sent the day before.
    Past,
}

/// Why no line is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum NoProposal {
    /// There is no message.
    Empty,
    /// There are more messages than are looked at.
    TooMany {
        /// How many there are.
        messages: usize,
    },
    /// A message is longer than a form.
    TooLong {
        /// Which one, from 1.
        message: usize,
    },
    /// No mark stands between the pieces of every message.
    NoMark {
        /// The first message that has none which the first message has, from 1.
        message: usize,
    },
    /// There are more pieces than a form has.
    TooManyPieces {
        /// Which message, from 1.
        message: usize,
    },
    /// No piece is a name in every message.
    NoName,
    /// No line reads all of them.
    Unread {
        /// The first message that the likeliest line does not read, from 1.
        message: usize,
    },
}
