//! What an office's officers have to look at: with whom it talked lately, and what did not get through.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::on;
use crate::storage::front_desk::OutboxRow;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// Replies that are read at most to find with whom an office talked: several to each of a full list.
const REPLIES_READ_MAX: i64 = 4_000;

/// The latest reply to a citizen, which also names their conversation: a number that says nothing about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReply {
    /// The reply.
    pub id: i64,
    /// The citizen.
    pub of: ContactKey,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// `waiting`, `claimed`, `sent`, `held`, `dead` or `expired`.
    pub state: String,
}

result_row! {
    /// A row of `outbox`, without its text.
    struct ReplyRow {
        id: i64,
        channel: String,
        contact: String,
        created_us: i64,
        state: String,
    }
}

/// Which replies did not get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// Those that were given up, or came too late.
    Dead,
    /// Those that wait until their citizen writes again.
    Held,
}

impl Storage {
    /// The latest reply of an office to each citizen, of those that were written from `since` on; the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn last_replies(
        &self,
        office: &OfficeId,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<LastReply>, StorageError> {
        let mut tx = self.pool.read().await?;
        // What is over and what is not stand in different indices.
        let rows: Vec<ReplyRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, channel, contact, created_us, state from (select id, channel, contact, created_us, state \
                 from outbox where state in ('sent', 'dead', 'expired') and created_us >= $2 and office = $1 \
                 order by created_us desc limit $3) as done union all \
                 select id, channel, contact, created_us, state from (select id, channel, contact, created_us, state \
                 from outbox where state in ('waiting', 'claimed') and created_us >= $2 and office = $1 limit $3) as due \
                 order by created_us desc, id desc",
            )
            .bind(office.as_str())
            .bind(us(since))
            .bind(REPLIES_READ_MAX)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let mut seen = HashSet::new();
        let reply = |row: ReplyRow| LastReply {
            id: row.id,
            of: (ChannelId::stored(row.channel), Contact::new(row.contact)),
            at: at(row.created_us),
            state: row.state,
        };
        Ok(rows.into_iter().map(reply).filter(|reply| seen.insert(reply.of.clone())).take(limit).collect())
    }

    /// Replies of an office that did not get through, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn stuck_replies(
        &self,
        office: Option<&OfficeId>,
        which: Stuck,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office, channel, contact, state, attempts, due_us, created_us, error, text from outbox \
                 where state in ('held', 'dead', 'expired') and ($1 is null or office = $1) \
                 and (state = 'held') = ($2 = 1) order by id desc limit $3",
            )
            .bind(office.map(OfficeId::as_str))
            .bind(i64::from(which == Stuck::Held))
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows)
    }

    /// Whose conversation a reply of an office belongs to; `None` where the office has no such reply.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn citizen_of_reply(&self, office: &OfficeId, reply: i64) -> Result<Option<ContactKey>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select channel, contact from outbox where id = $1 and office = $2 union all \
                 select channel, contact from outbox_archive where id = $1 and office = $2",
            )
            .bind(reply)
            .bind(office.as_str())
            .fetch_optional(conn)
            .await
        })?;
        tx.end().await?;
        Ok(row.map(|(channel, contact)| (ChannelId::stored(channel), Contact::new(contact))))
    }
}
