//! Who may act in a conversation, and what of two who act at once.

use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject, SubjectKind};
use crate::domain::staff::{Area, Level};
use crate::storage::{ContactKey, StorageError, StoredTicket, TicketHolder};

/// A conversation that somebody may act in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Whose it is.
    pub of: ContactKey,
    /// Their open ticket.
    pub ticket: Option<StoredTicket>,
}

/// What came of taking a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is theirs.
    Own,
    /// Somebody else looks after it.
    Others(TicketHolder),
}

impl OfficeView {
    /// The conversation that a reply of this office belongs to, for somebody who may act in it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sender(&self, id: i64) -> Result<Option<Sender>, StorageError> {
        if self.level(Area::Conversations) < Level::Write {
            return Ok(None);
        }
        let Some(of) = self.storage.citizen_of_reply(self.id(), id).await? else { return Ok(None) };
        let ticket = self.storage.open_ticket_of(&of).await?.filter(|stored| stored.office == *self.id());
        Ok(Some(Sender { of, ticket }))
    }

    /// Makes whoever asks look after a ticket, where nobody does, or where `over` names who does.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_ticket(&self, ticket: i64, over: Option<&str>) -> Result<Taken, StorageError> {
        let holder = self.storage.take_ticket(ticket, self.who.login(), over, self.now()).await?;
        Ok(if holder.login == self.who.login() { Taken::Own } else { Taken::Others(holder) })
    }

    /// Gives a ticket back to all. Returns whether it was theirs.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn leave_ticket(&self, ticket: i64) -> Result<bool, StorageError> {
        self.storage.leave_ticket(ticket, self.who.login()).await
    }

    /// Notes the press by which an answer is sent. Returns whether it is a new one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_answer_press(&self, ticket: i64, press: Option<&str>) -> Result<bool, StorageError> {
        self.storage.note_answer_press(ticket, self.who.login(), press).await
    }

    /// Notes that whoever asks writes an answer.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_typing(&self, ticket: i64) -> Result<(), StorageError> {
        self.storage.note_typing(ticket, self.who.login(), self.wall.now()).await
    }

    /// Sends a reply of this office again that was given up, came too late, or is held. Returns whether there was one. That it was
    /// done is written down.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn send_again(&self, reply: i64, visitor: &Visitor) -> Result<bool, StorageError> {
        if self.level(Area::Conversations) < Level::Write
            || self.storage.citizen_of_reply(self.id(), reply).await?.is_none()
        {
            return Ok(false);
        }
        let subject = Subject::numbered(SubjectKind::Reply, reply);
        self.record(AuditEvent::of(Act::SendAgain).about(subject), visitor).await?;
        Ok(self.storage.retry_dead(Some(reply), self.now()).await?.count() > 0)
    }

    /// Takes a message of this office that could not be served off the list, to be served again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn release_aside(
        &self,
        id: i64,
        visitor: &Visitor,
    ) -> Result<Option<crate::domain::message::Inbound>, StorageError> {
        if self.level(Area::Conversations) < Level::Write
            || !self.aside().await?.unwrap_or_default().iter().any(|message| message.id == id)
        {
            return Ok(None);
        }
        let scope = Scope::Words(format!("message {id} that was set aside"));
        self.record(AuditEvent::of(Act::SendAgain).reaching(scope), visitor).await?;
        self.storage.release_aside(id).await
    }

    /// Records what somebody does in a conversation.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown or done.
    pub async fn record_talk(&self, act: Act, of: &ContactKey, visitor: &Visitor) -> Result<(), StorageError> {
        self.record(self.talk_event(act, of).await?, visitor).await
    }

    /// Something that is done in a conversation, as the trail keeps it.
    pub(super) async fn talk_event(&self, act: Act, of: &ContactKey) -> Result<AuditEvent, StorageError> {
        let contact = self.storage.audit_contact(&of.0, &of.1).await?;
        Ok(AuditEvent::of(act).about(Subject::contact(contact)).reaching(Scope::Contacts(vec![contact])))
    }
}
