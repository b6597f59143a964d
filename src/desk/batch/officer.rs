//! What an officer does with a ticket: answers it, or ends it.

use std::sync::Arc;

use super::{Batch, PendingReply, Trouble};
use crate::conversation::{Handover, HandoverStep, Outcome};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::task::{OfficerAct, OfficerTask};
use crate::domain::message::MessageId;
use crate::domain::office::OfficeId;
use crate::domain::ticket::ClosedBy;
use crate::storage::NewTalk;

impl Batch<'_> {
    /// Answers or ends a ticket. Returns whether it was still open: its citizen may have left meanwhile.
    pub(super) fn officer(
        &mut self,
        office: &OfficeId,
        task: &OfficerTask,
        writes: &mut PendingWrites,
    ) -> Result<bool, Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(office) else { return Ok(false) };
        // By the ticket: the contact may have been joined with another since the officer read it.
        let found = writes.chats.iter().find_map(|(key, stored)| {
            let handover = stored.chat.handover.filter(|handover| handover.ticket.id == task.ticket)?;
            Some((key.clone(), handover.ticket))
        });
        let Some((key, ticket)) = found else { return Ok(false) };
        let (ticket, handover, step) = match &task.act {
            OfficerAct::Answer(text) => {
                let ticket = ticket.answered(self.now);
                let text = text.as_str().to_owned();
                // Whoever gets an answer knows that somebody reads.
                (ticket, Some(Handover { ticket, told: true }), HandoverStep::Answered { text })
            }
            OfficerAct::Close => (ticket.closed(ClosedBy::Officer, self.now), None, HandoverStep::Ended),
        };
        let stored = writes.chat(&key, &office.id, self.now);
        stored.chat.handover = handover;
        // The echo is no longer the last thing that they read.
        stored.chat.echoed = None;
        let outcome = Outcome::Handover(Box::new(step));
        self.reply(PendingReply { office, to: &key, reply_to: None, pause_until: None, outcome }, writes)?;
        let reply = writes.changes.replies.last().map(|reply| reply.id);
        self.note_talk(ticket.id, (None, reply), writes)?;
        writes.enter_ticket(ticket, &office.id, &key);
        Ok(true)
    }

    /// Notes what was said while a ticket was open: a message, a reply, or both.
    pub(super) fn note_talk(
        &mut self,
        ticket: i64,
        (message, reply): (Option<MessageId>, Option<i64>),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let id = self.next_id()?;
        writes.changes.talk.push(NewTalk { ticket, id, message, reply, at: self.now });
        Ok(())
    }
}
