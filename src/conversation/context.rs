//! What every handler works with.

use chrono::{DateTime, Utc};

use super::chat::Chat;
use super::decision::{Decision, NewPhoto};
use super::guide::GuideStage;
use super::outcome::{Answers, Outcome};
use super::question::Choices;
use super::randomness::Randomness;
use super::snapshot::Snapshot;
use crate::domain::message::Attachment;
use crate::domain::seats::Seats;

/// One decision under way.
pub(super) struct Context<'a> {
    /// What is known.
    pub(super) snapshot: &'a Snapshot<'a>,
    /// The office's seats; what a handler takes and gives back here counts only once its decision is returned.
    pub(super) seats: &'a mut Seats,
    /// When the message was sent; where it answers a question about a form, when that form was sent.
    pub(super) sent_at: DateTime<Utc>,
    /// Codes and ids.
    pub(super) randomness: Randomness<'a>,
}

impl Context<'_> {
    /// What is remembered of the contact, to be changed by the decision.
    pub(super) fn chat(&self) -> Chat {
        self.snapshot.chat.clone()
    }

    /// Replies and changes nothing.
    pub(super) fn tell(&self, outcome: Outcome) -> Decision {
        Decision::tell(self.chat(), outcome)
    }

    /// Replies to what the guided dialogue did not ask for, and changes nothing: its question stays open, and the reply says so.
    pub(super) fn tell_beside_guide(&self, outcome: Outcome) -> Decision {
        match self.snapshot.open_question() {
            Some(Choices::Guide(guide)) if guide.stage == GuideStage::Begun => {
                self.tell(Outcome::Answers(Box::new(Answers::beside(outcome, None))))
            }
            _ => self.tell(outcome),
        }
    }

    /// Neither replies nor changes anything.
    pub(super) fn silent(&self) -> Decision {
        Decision::silent(self.chat())
    }

    /// An unused database id.
    pub(super) fn next_id(&mut self) -> i64 {
        (self.randomness.next_id)()
    }

    /// A photo to fetch.
    pub(super) fn new_photo(&mut self, attachment: &Attachment) -> NewPhoto {
        NewPhoto { id: self.next_id(), attachment: attachment.clone() }
    }
}
