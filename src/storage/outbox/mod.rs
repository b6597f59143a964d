//! The outbox: replies that are committed, on their way to the provider, or past it.
//!
//! A reply is claimed by a lease in a short transaction, sent outside any, and finished only by its owner of that
//! attempt. `dispatch` is that transaction, `status` what providers say later, `orphans` what of that found no reply.

mod dispatch;
mod orphans;
mod status;

use chrono::{DateTime, Utc};

use super::engine::{Tx, on};
use super::rows::{at, us};
use super::{Storage, StorageError};
use crate::conversation::Lang;
use crate::domain::message::{ChannelId, Contact, MessageId, Outbound};
use crate::domain::office::OfficeId;

pub use dispatch::{Claim, Dispatch, Held};

/// A reply that could be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: i64,
    /// The line to send it by.
    pub channel: ChannelId,
    /// Whom to send it to.
    pub contact: Contact,
    /// The address of theirs that they wrote from last: where to send it.
    pub address: Contact,
    /// The office that answers.
    pub office: OfficeId,
    /// The language it is in.
    pub lang: Lang,
    /// What it says.
    pub outbound: Outbound,
    /// Whether a message asked for it.
    pub asked: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Sending time of the citizen's last message.
    pub heard_at: Option<DateTime<Utc>>,
    /// Whether the citizen wants nothing unasked: they said so to us, or to the provider.
    pub muted: bool,
    /// How often it has been claimed; with the owner, what fences one claim from the next.
    pub attempts: u32,
    /// Tries that failed for a passing reason.
    pub faults: u32,
    /// Tries whose answer was lost.
    pub doubts: u32,
    /// Tries whose process died, or let the lease run out: it may have gone out.
    pub lapses: u32,
    /// Messages of it that went out already.
    pub parts: u32,
    /// The pace towards its contact: the state of a [`crate::domain::rate::Rate`].
    pub pace: DateTime<Utc>,
    /// When the claim on it ends, where somebody has one: it is over, or longer than any claim.
    pub lease: Option<DateTime<Utc>>,
}

/// Replies that were put back to be sent again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retried {
    /// Those that had been given up.
    pub dead: u64,
    /// Those that had come too late.
    pub expired: u64,
    /// Those that were held.
    pub held: u64,
}

impl Retried {
    /// All of them.
    pub fn count(self) -> u64 {
        self.dead + self.expired + self.held
    }
}

/// What became of a claimed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub id: i64,
    /// The line.
    pub channel: ChannelId,
    /// Whom it went to.
    pub contact: Contact,
    /// The claim that it was sent under.
    pub attempts: u32,
    /// Tries that failed for a passing reason, this one included.
    pub faults: u32,
    /// Tries whose answer was lost, this one included.
    pub doubts: u32,
    /// The provider's ids of its messages that went out in this try, and before them how many in earlier ones.
    pub parts: (u32, Vec<Option<MessageId>>),
    /// What became of it.
    pub outcome: Sending,
    /// Whether the provider said that the citizen wants no messages.
    pub opted_out: bool,
}

/// What became of one sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// The provider took all of it.
    Taken {
        /// Whether the picture had to be left out.
        without_picture: bool,
    },
    /// To be tried again.
    PutOff {
        /// When.
        until: DateTime<Utc>,
        /// Why, without personal data.
        error: String,
    },
    /// It waits until its citizen writes again.
    Held {
        /// Why, without personal data.
        error: String,
    },
    /// Too late to be of use.
    Expired {
        /// Why, without personal data.
        error: String,
    },
    /// Given up.
    Dead {
        /// Why, without personal data.
        error: String,
    },
}

impl Storage {
    /// Takes back every claim at once: on SQLite nobody else can hold one, so a dead process left them.
    /// Returns how many; each may go out a second time.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_over_claims(&self) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let taken = match &mut tx {
            // Other nodes may be alive: their leases run out by themselves.
            Tx::Postgres(_) => 0,
            tx => on!(tx, |conn| {
                sqlx::query(
                    "update outbox set state = 'waiting', owner = null, lease_us = null, lapses = lapses + 1 \
                     where state = 'claimed'",
                )
                .execute(conn)
                .await
                .map(|done| done_rows(&done))
            })?,
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// For each line that is open or broken, and has replies that nothing earlier to their citizen holds up: when the
    /// first of them is due, and the line's rest and pace.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn prospects(&self) -> Result<Vec<(ChannelId, [DateTime<Utc>; 3])>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, Option<i64>, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                // The first in the order of an index, so that a long queue is not gone through. Both tests of the state:
                // the first one is the index's own.
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
            Some((ChannelId::stored(channel), [at(due?), at(rest), at(next)]))
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
            // Whoever sends it again means it to arrive: its age is counted anew.
            "update outbox set state = 'waiting', due_us = $1, created_us = $1, attempts = 0, faults = 0, \
             doubts = 0, lapses = 0, parts = 0, delivery = 0, provider_id = null, error = null \
             where state in ('dead', 'expired', 'held') and state = $3 and ($2 = 0 or id = $2)",
        )
        .bind(us(now))
        .bind(id.unwrap_or(0))
        .bind(state)
        .execute(conn)
        .await
        .map(|done| done_rows(&done))
    })?;
    Ok(count)
}

/// Rows that a statement changed, on either engine.
pub(super) trait Done {
    fn rows(&self) -> u64;
}

impl Done for sqlx::sqlite::SqliteQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

impl Done for sqlx::postgres::PgQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

pub(super) fn done_rows(done: &impl Done) -> u64 {
    done.rows()
}
