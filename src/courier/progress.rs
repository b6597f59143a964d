//! Counts what one step or one round did with replies.

use chrono::{DateTime, Utc};

use super::claim::Finished;
use crate::storage::Sending;

/// What one step, or one round of the loop, did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Replies that the provider took.
    pub sent: usize,
    /// Replies put off.
    pub put_off: usize,
    /// Replies held until their citizen writes again.
    pub held: usize,
    /// Replies that came too late to be of use.
    pub expired: usize,
    /// Replies given up.
    pub dead: usize,
    /// Replies whose answer was lost: each may go out twice.
    pub in_doubt: usize,
    /// After an idle step: when the next reply is due, if any is waiting.
    pub next_due: Option<DateTime<Utc>>,
}

impl Step {
    /// Whether there was nothing to do.
    pub fn is_idle(&self) -> bool {
        self.sent + self.put_off + self.held + self.expired + self.dead == 0
    }

    /// Counts one outcome.
    pub(super) fn count(&mut self, outcome: &Sending) {
        *match outcome {
            Sending::Taken { .. } => &mut self.sent,
            Sending::PutOff { .. } => &mut self.put_off,
            Sending::Held { .. } => &mut self.held,
            Sending::Expired { .. } => &mut self.expired,
            Sending::Dead { .. } => &mut self.dead,
        } += 1;
    }

    /// Counts sends that came to an end.
    pub(super) fn count_finished(&mut self, finished: &[Finished]) {
        for one in finished {
            self.count(&one.sent.outcome);
            self.in_doubt += usize::from(one.in_doubt);
        }
    }
}
