//! The result of a rehearsal. It names messages by their place and holds no text of theirs, so that whoever shows it decides how
//! much of them may be seen.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::masked_debug::masked_debug;
use crate::domain::office::FormatId;
use crate::grammar::text::span::Span;

/// A message to try.
#[derive(Clone, PartialEq, Eq)]
pub struct TrialMessage {
    /// The message.
    pub text: String,
    /// The office's date of sending.
    pub sent_on: NaiveDate,
}

masked_debug!(TrialMessage);

/// What a draft does with messages, beside what the formats in force do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// How many messages were tried.
    pub messages: usize,
    /// What the formats in force do; `None` where there is none to compare with.
    pub before: Option<Tally>,
    /// What the draft does, with the office's other formats beside it.
    pub after: Tally,
    /// Why messages are asked about or misread with the draft, the most frequent reason first.
    pub failures: Vec<Group>,
    /// Messages that were read and are not any more, by what keeps them from it.
    pub lost: Vec<Group>,
    /// Messages that are read now and were not, by what kept them from it.
    pub gained: Vec<Group>,
    /// Messages that are read otherwise than before, by the piece that differs.
    pub changed: Vec<Group>,
    /// The office's other formats that read what the draft reads.
    pub clashes: Vec<Clash>,
}

impl Rehearsal {
    /// The places of the messages that it names.
    pub fn named(&self) -> impl Iterator<Item = usize> {
        let groups = [&self.failures, &self.lost, &self.gained, &self.changed].into_iter().flatten();
        let in_groups = groups.flat_map(|group| group.examples.iter().map(|example| example.message));
        in_groups.chain(self.clashes.iter().filter_map(|clash| clash.message))
    }

    /// How many messages a list of groups stands for.
    pub fn count(groups: &[Group]) -> usize {
        groups.iter().map(|group| group.count).sum()
    }
}

/// How many messages came out in which way. Every message is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Whole forms with every value as it is written.
    pub read: usize,
    /// Whole forms with something read otherwise than it is written.
    pub repaired: usize,
    /// Forms with a date that may be several days.
    pub asked: usize,
    /// Forms with something wrong in them, and what is no form at all.
    pub misread: usize,
    /// Commands, codes and greetings, which are no form's business.
    pub other: usize,
}

/// A reason, how often it occurred, and the first messages with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What it is, by the name of a mistake (`missing`, `no-such-day`), `ask`, `placeholder`, `unreadable` or `other`; `value` where a
    /// piece is read otherwise; `rest` for all that are too many to be listed.
    pub kind: &'static str,
    /// The piece that it is about, as the office calls it.
    pub field: Option<String>,
    /// How often it occurred.
    pub count: usize,
    /// The first messages with it.
    pub examples: Vec<Example>,
}

/// A message of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its place among the messages that were tried.
    pub message: usize,
    /// Where in it, in characters.
    pub at: Option<Span>,
    /// What should stand there, in English, for tools.
    pub expected: Option<String>,
}

/// Another format of the office that reads what the draft reads, so that nobody knows which is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The other format.
    pub format: FormatId,
    /// An invented message that both read; `None` where only messages that were tried do.
    pub invented: Option<String>,
    /// How many of the messages that were tried both read.
    pub count: usize,
    /// The first of them.
    pub message: Option<usize>,
}
