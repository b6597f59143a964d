//! What is remembered of a conversation with an officer, and what the citizen is told of it.

use serde::{Deserialize, Serialize};

use crate::domain::booking::Booking;
use crate::domain::masked_debug::masked_debug;
use crate::domain::ticket::Ticket;

/// A ticket that is not closed yet, as it is remembered with its citizen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The ticket.
    pub ticket: Ticket,
    /// Whether the citizen knows that the officer has their words: they are told once, not for each message.
    pub told: bool,
}

/// What a citizen is told of a conversation with an officer.
#[derive(Clone, PartialEq, Eq)]
pub enum HandoverStep {
    /// It begins: when officers read, and how to leave.
    Opened {
        /// Their hold, which still waits for its code or photo.
        hold: Option<Box<Booking>>,
    },
    /// It was asked for once more, and goes on.
    StillOpen,
    /// The officer has what was written.
    Forwarded,
    /// The citizen left it.
    Left,
    /// There is none that could be left.
    NotOpen,
    /// An officer answers.
    Answered {
        /// What the officer wrote.
        text: String,
    },
    /// An officer ended it.
    Ended,
}

masked_debug!(HandoverStep);

impl HandoverStep {
    /// Its name for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "handover opened",
            Self::StillOpen => "handover still open",
            Self::Forwarded => "forwarded to an officer",
            Self::Left => "handover left",
            Self::NotOpen => "no handover open",
            Self::Answered { .. } => "answered by an officer",
            Self::Ended => "handover ended",
        }
    }
}
