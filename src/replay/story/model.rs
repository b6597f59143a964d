//! What a `.chat` story says, read but not yet played.

use std::fmt;
use std::ops::Range;

use chrono::{Duration, NaiveDateTime, NaiveTime};

use super::pattern::Pattern;
use crate::domain::displaced::Remedy;
use crate::domain::message::OtherKind;
use crate::domain::office::OfficeId;

/// A story: why it exists, and what happens in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Why it exists: its first line.
    pub why: String,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that happens, or that is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its lines, counted from 1, end not included.
    pub lines: Range<usize>,
    /// What happens.
    pub action: Action,
}

/// What happens in a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `office bogor`: the office written to from here on.
    Office(OfficeId),
    /// `seed 7`: the seed of the codes.
    Seed(u8),
    /// `clock 2017-08-01 09:00`: where the story begins, by the office's clock.
    Clock(NaiveDateTime),
    /// `set seats_per_hour = 2`: another rule for this story.
    Set {
        /// The rule.
        key: String,
        /// Its value as written.
        value: String,
    },
    /// `import move: closed = 2017-08-07 Banjir`: a new version of the office's file with another rule is put in force meanwhile.
    Import {
        /// What becomes of the people whom it displaces; `nothing` leaves that open.
        remedy: Option<Remedy>,
        /// The rule.
        key: String,
        /// Its value as written.
        value: String,
    },
    /// `notices on`: offices say in this story what they say unasked.
    Notices,
    /// `uploads on`: photos are sent by a page in this story, and replies link it.
    Uploads,
    /// `wait 2h`.
    Wait(Wait),
    /// `Budi > text`: one webhook body, or one for each member of a crowd.
    Send(Message),
    /// `batch` … `end`: several messages in one webhook body.
    Batch(Vec<Message>),
    /// `redeliver 3`: the provider delivers the last messages again, so many times.
    Redeliver(u32),
    /// `fail send`: how the next send fails.
    FailSend(SendFault),
    /// `fail fetch`: how the download of the next picture fails.
    FailFetch(FetchFault),
    /// `officer answers Budi: text`, `officer closes Budi`: what an officer does with somebody's ticket.
    Officer {
        /// Whose ticket it is.
        who: Speaker,
        /// What the officer answers; `None` where they end it.
        answer: Option<String>,
    },
    /// `mend fetch`: pictures that could not be fetched for a while can be again.
    MendFetch,
    /// `< reply`.
    Expect(Expect),
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// So long.
    For(Duration),
    /// Until this moment, by the office's clock.
    Until(NaiveDateTime),
}

/// Who writes, or gets a reply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// `Budi`.
    One(String),
    /// `50 x`: fifty people with a number each.
    Crowd {
        /// What the crowd is called.
        name: String,
        /// How many they are.
        size: u32,
    },
    /// `x.7`: the seventh of crowd `x`.
    Member {
        /// What the crowd is called.
        name: String,
        /// Which of them, from 1.
        number: u32,
    },
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(name) => f.write_str(name),
            Self::Crowd { name, size } => write!(f, "{size} {name}"),
            Self::Member { name, number } => write!(f, "{name}.{number}"),
        }
    }
}

/// A message that somebody sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sends it.
    pub who: Speaker,
    /// When they pressed send, where that is not now.
    pub sent: Option<SentAt>,
    /// What it says.
    pub body: Body,
}

/// When a message that comes late was sent, by the office's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentAt {
    /// `(sent 07:31)`: on the present day.
    Today(NaiveTime),
    /// `(sent 2017-08-01 07:31)`.
    On(NaiveDateTime),
}

/// The body of a message. Texts may hold `{code}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Text.
    Text(String),
    /// `[image]`, with a caption or without.
    Image(Option<String>),
    /// `[edited]`, and the text of an earlier message after its sender changed it.
    Edited(String),
    /// `[voice]`, `[sticker]` …
    Other(OtherKind),
}

/// How a send fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFault {
    /// `fail send`: a transient fault; nothing went out.
    Passing,
    /// `fail send lost`: it went out, but the provider's answer was lost.
    Lost,
    /// `fail send throttled`: the provider throttles the channel.
    Throttled,
    /// `fail send refused`: this message will never be taken.
    Refused,
    /// `fail send closed`: more than 24 hours since the citizen wrote.
    Closed,
    /// `fail send broken`: the channel itself is broken.
    Broken,
}

/// How a download fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchFault {
    /// `fail fetch`: not until `mend fetch`.
    Passing,
    /// `fail fetch gone`: the provider does not have it any more.
    Gone,
}

/// The reply that somebody is expected to get.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// Who gets it; `None`: whoever wrote last.
    pub who: Option<Speaker>,
    /// The reply; `None` for `< nothing`.
    pub reply: Option<ExpectedReply>,
}

/// A reply as a story expects it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedReply {
    /// `[qr]`: a picture of the booking code stands above the text.
    pub qr: bool,
    /// The text.
    pub pattern: Pattern,
}
