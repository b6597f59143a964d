//! What an officer does with a ticket: answers it, or ends it.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Batch, PendingReply, Trouble};
use crate::conversation::{Handover, HandoverStep, Outcome};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::task::{OfficerAct, OfficerTask};
use crate::domain::message::MessageId;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::ticket::ClosedBy;
use crate::storage::{ContactKey, NewTalk, SettledNotice};

/// How long an officer's words are of use, in days: whoever writes again within a week still wants the answer.
const ANSWER_DAYS_MAX: i64 = 7;

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
        // As a notice, so that it is owed also to those who want no messages that they did not ask for: they asked for this.
        let notice = self.notice_of(office, &key)?;
        let (id, notice_id) = (notice.id, Some(notice.id));
        writes.changes.notices.push(notice);
        let pending = PendingReply {
            office,
            to: &key,
            reply_to: None,
            pause_until: None,
            notice: notice_id,
            formats: None,
            outcome,
        };
        let reply = self.reply(pending, writes)?;
        let queued = SettledNotice { id, state: "queued", reason: None, outbox: Some(reply), due_us: None };
        writes.changes.settled.push(queued);
        self.note_talk(ticket.id, (None, Some(reply)), writes)?;
        writes.enter_ticket(ticket, &office.id, &key);
        Ok(true)
    }

    /// The notice by which an officer's words go out.
    fn notice_of(&mut self, office: &Office, of: &ContactKey) -> Result<Notice, Trouble> {
        let id = self.next_id()?;
        Ok(Notice {
            id,
            office: office.id.clone(),
            kind: Kind::Officer,
            channel: of.0.clone(),
            contact: of.1.clone(),
            booking: None,
            // Each is another one.
            occasion: id.to_string(),
            detail: None,
            due: self.now,
            drop_after: self.now + TimeDelta::days(ANSWER_DAYS_MAX),
        })
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
