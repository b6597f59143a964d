//! Writes what a batch does to tickets. Few batches do anything, so it costs the others no statement.

use std::sync::LazyLock;

use crate::domain::message::MessageId;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::{Upsert as _, insert_row};
use crate::storage::intake::changes::{Changes, NewTalk, StoredTicket};
use crate::storage::intake::transaction::Intake;

insert_row! {
    /// A ticket in its last state.
    struct NewTicketRow into "ticket" for<'a> (stored: &'a StoredTicket) {
        id: bigint key = stored.ticket.id,
        office: text fixed = stored.office.as_str(),
        channel: text fixed = stored.of.0.as_str(),
        contact: text = stored.of.1.as_str(),
        opened_us: bigint fixed = us(stored.ticket.opened_at),
        until_us: bigint = us(stored.ticket.until),
        waiting_us: bigint = stored.ticket.waiting_since.map(us),
        answered_us: bigint = stored.ticket.answered_at.map(us),
        closed_us: bigint = stored.ticket.closed.map(|closing| us(closing.at)),
        closed_by: text = stored.ticket.closed.map(|closing| closing.by.name()),
    }
}

insert_row! {
    /// A message or reply that belongs to a ticket.
    struct NewTalkRow into "talk" for<'a> (talk: &'a NewTalk) {
        ticket: bigint = talk.ticket,
        id: bigint = talk.id,
        message: text = talk.message.as_ref().map(MessageId::as_str),
        reply: bigint = talk.reply,
        at_us: bigint = us(talk.at),
    }
}

static WRITE: LazyLock<Statement> = LazyLock::new(|| Statement::batch(&[&NewTicketRow::upsert(), NewTalkRow::INSERT]));

impl Intake {
    /// Writes the tickets of a batch, where it has any.
    pub(super) async fn write_tickets(&mut self, changes: &Changes) -> Result<(), StorageError> {
        if changes.tickets.is_empty() && changes.talk.is_empty() {
            return Ok(());
        }
        let tickets = Rows::of(changes.tickets.values().map(NewTicketRow::row))?;
        let talk = Rows::of(changes.talk.iter().map(NewTalkRow::row))?;
        WRITE.execute(&mut self.tx, &[tickets, talk]).await
    }
}
