//! The outbox outside the courier's rounds: claims of a dead process, when channels can send next, and replies that are
//! put back.

use chrono::{DateTime, Utc};

use crate::domain::message::ChannelId;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::outbox::reply::Retried;

/// When a channel can send next, as far as its queue and its state tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The channel.
    pub channel: ChannelId,
    /// When the first reply is due that no earlier one to the same citizen blocks.
    pub due: DateTime<Utc>,
    /// Nothing goes before this instant.
    pub rest_until: DateTime<Utc>,
    /// The pace of the channel: the state of its [`crate::domain::rate::Rate`].
    pub next: DateTime<Utc>,
}

impl Storage {
    /// Takes back every claim at once: on SQLite no other process can hold one, so a dead process left them. Returns
    /// how many; each may be sent a second time.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_over_claims(&self) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let taken = match &mut tx {
            // Other nodes may be alive: their leases end by themselves.
            Tx::Postgres(_) => 0,
            tx => on!(tx, |conn| {
                sqlx::query(
                    "update outbox set state = 'waiting', owner = null, lease_us = null, lapses = lapses + 1 \
                     where state = 'claimed'",
                )
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
            })?,
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// For each channel that is open or broken and has a reply that no earlier one to the same citizen blocks: when it can
    /// send next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn prospects(&self) -> Result<Vec<Prospect>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, Option<i64>, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                // The first in the order of an index, so that a long queue is not scanned. Both tests of the state: the
                // first one is the condition of the index.
                "select c.channel, (select o.due_us from outbox o \
                 where o.channel = c.channel and o.state in ('waiting', 'claimed') and o.state = 'waiting' and not exists \
                 (select 1 from outbox e where e.id = o.previous and e.state in ('waiting', 'claimed')) \
                 order by o.due_us limit 1), \
                 c.rest_us, c.next_us from channel c where c.state in ('open', 'broken')",
            )
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let prospect = |(channel, due, rest, next): (String, Option<i64>, i64, i64)| {
            Some(Prospect { channel: ChannelId::stored(channel), due: at(due?), rest_until: at(rest), next: at(next) })
        };
        Ok(rows.into_iter().filter_map(prospect).collect())
    }

    /// Puts one reply back that is dead, expired or held; without a number, all that are dead or expired.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn retry_dead(&self, id: Option<i64>, now: DateTime<Utc>) -> Result<Retried, StorageError> {
        let mut tx = self.pool.begin().await?;
        let mut retried = Retried::default();
        for (state, named, count) in [
            ("dead", false, &mut retried.dead),
            ("expired", false, &mut retried.expired),
            ("held", true, &mut retried.held),
        ] {
            if named && id.is_none() {
                continue;
            }
            *count = put_back(&mut tx, state, id, now).await?;
        }
        tx.commit().await?;
        Ok(retried)
    }
}

/// Puts replies of one state back, all or one. Returns how many.
async fn put_back(tx: &mut Tx, state: &str, id: Option<i64>, now: DateTime<Utc>) -> Result<u64, StorageError> {
    let count = on!(tx, |conn| {
        sqlx::query(
            // An officer who sends it again wants it to arrive: its age starts anew.
            "update outbox set state = 'waiting', due_us = $1, created_us = $1, attempts = 0, faults = 0, \
             doubts = 0, lapses = 0, parts = 0, delivery = 0, provider_id = null, error = null \
             where state in ('dead', 'expired', 'held') and state = $3 and ($2 = 0 or id = $2)",
        )
        .bind(us(now))
        .bind(id.unwrap_or(0))
        .bind(state)
        .execute(conn)
        .await
        .map(|done| rows_affected(&done))
    })?;
    Ok(count)
}
