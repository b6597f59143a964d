//! The outbox: replies that are committed and not yet with the provider.
//!
//! A reply is claimed by a lease in a short transaction, sent outside any, and finished only by its owner.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::engine::{each, on};
use super::rows::{at, json, us};
use super::{Storage, StorageError};
use crate::domain::message::{ChannelId, Contact, MessageId, Outbound, Status};

/// A claimed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: i64,
    /// The line to send it by.
    pub channel: ChannelId,
    /// Whom to send it to.
    pub contact: Contact,
    /// What it says.
    pub outbound: Outbound,
    /// How often it has been claimed, this time included.
    pub attempts: u32,
}

/// What became of a claimed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub id: i64,
    /// What became of it.
    pub outcome: Sending,
}

/// What became of one sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// The provider took it.
    Taken {
        /// The provider's id.
        provider_id: Option<MessageId>,
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
    /// Given up.
    Dead {
        /// Why, without personal data.
        error: String,
    },
}

#[derive(Debug, sqlx::FromRow)]
struct DueRow {
    id: i64,
    channel: String,
    contact: String,
    text: String,
    qr: Option<String>,
    attempts: i64,
}

#[derive(Serialize)]
struct SentRow<'a> {
    id: i64,
    state: &'static str,
    due_us: i64,
    provider_id: Option<&'a str>,
    without_picture: i64,
    delivery: i64,
    error: Option<&'a str>,
    sent_us: Option<i64>,
}

impl Storage {
    /// Claims up to `limit` due replies for `owner` until `lease`, at most one a contact: the earliest unsent one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn claim(
        &self,
        owner: &str,
        now: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Due>, StorageError> {
        let mut tx = self.pool.begin().await?;
        let rows: Vec<DueRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "update outbox set state = 'claimed', owner = $1, lease_us = $2, attempts = attempts + 1 \
                 where id in (select o.id from outbox o where o.state in ('waiting', 'claimed') and o.due_us <= $3 \
                 and (o.state = 'waiting' or o.lease_us <= $3) \
                 and not exists (select 1 from outbox e where e.channel = o.channel and e.contact = o.contact \
                 and e.state in ('waiting', 'claimed') and e.seq < o.seq) order by o.due_us, o.id limit $4) \
                 and state in ('waiting', 'claimed') and due_us <= $3 and (state = 'waiting' or lease_us <= $3) \
                 returning id, channel, contact, text, qr, attempts",
            )
            .bind(owner)
            .bind(us(lease))
            .bind(us(now))
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        if rows.is_empty() {
            tx.rollback().await?;
            return Ok(Vec::new());
        }
        tx.commit().await?;
        let mut due: Vec<Due> = rows
            .into_iter()
            .map(|row| Due {
                id: row.id,
                channel: ChannelId::stored(row.channel),
                contact: Contact::new(row.contact),
                outbound: Outbound { text: row.text, qr: row.qr, quick_replies: Vec::new() },
                attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            })
            .collect();
        due.sort_by_key(|reply| reply.id);
        Ok(due)
    }

    /// Records what became of claimed replies; a lease that passed to another owner meanwhile is left alone.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: the leases then run out and the replies are sent again.
    pub async fn record(&self, owner: &str, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        if sent.is_empty() {
            return Ok(());
        }
        let rows = json(&sent.iter().map(|one| SentRow::of(one, now)).collect::<Vec<_>>())?;
        let mut tx = self.pool.begin().await?;
        let sql = each!(
            &tx,
            "update outbox set state = s.state, due_us = s.due_us, owner = null, lease_us = null, \
             provider_id = coalesce(s.provider_id, outbox.provider_id), without_picture = s.without_picture, \
             delivery = case when s.delivery > outbox.delivery then s.delivery else outbox.delivery end, \
             error = s.error, sent_us = s.sent_us \
             from (select cast(each.value->>'id' as bigint) as id, each.value->>'state' as state, \
             cast(each.value->>'due_us' as bigint) as due_us, each.value->>'provider_id' as provider_id, \
             cast(each.value->>'without_picture' as bigint) as without_picture, \
             cast(each.value->>'delivery' as bigint) as delivery, each.value->>'error' as error, \
             cast(each.value->>'sent_us' as bigint) as sent_us from",
            ") as s where outbox.id = s.id and outbox.state = 'claimed' and outbox.owner = $2"
        );
        on!(&mut tx, |conn| sqlx::query(sql).bind(&rows).bind(owner).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    /// Takes back every claim at once: on SQLite nobody else can hold one, so a dead process left them.
    /// Returns how many; each may go out a second time.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_over_claims(&self) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let taken = match &mut tx {
            // Other nodes may be alive: their leases run out by themselves.
            super::engine::Tx::Postgres(_) => 0,
            tx => on!(tx, |conn| {
                sqlx::query(
                    "update outbox set state = 'waiting', owner = null, lease_us = null where state = 'claimed'",
                )
                .execute(conn)
                .await
                .map(|done| done_rows(&done))
            })?,
        };
        tx.commit().await?;
        Ok(taken)
    }

    /// When the next reply that can be claimed is due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (Option<i64>,) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select min(case when state = 'claimed' and lease_us > due_us then lease_us else due_us end) \
                 from outbox o where state in ('waiting', 'claimed') and not exists (select 1 from outbox e \
                 where e.channel = o.channel and e.contact = o.contact and e.state in ('waiting', 'claimed') \
                 and e.seq < o.seq)",
            )
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        Ok(due.map(at))
    }

    /// Notes how far replies have come, only upwards; one that failed is dead, where the office sees it. A status also ends the doubt about a reply whose answer was lost.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_statuses(&self, statuses: &[Status], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        for status in statuses {
            // The tracker is ours: it names the row even before the answer to the sending has come.
            let by_tracker = "update outbox set delivery = $1, provider_id = coalesce(provider_id, $2), \
                 error = coalesce($3, error), sent_us = coalesce(sent_us, $4), owner = null, lease_us = null, \
                 state = case when $1 = 2 or state = 'dead' then 'dead' else 'sent' end \
                 where id = $5 and channel = $6 and delivery < $1";
            let by_provider_id = "update outbox set delivery = $1, provider_id = coalesce(provider_id, $2), \
                 error = coalesce($3, error), sent_us = coalesce(sent_us, $4), \
                 state = case when $1 = 2 then 'dead' else state end \
                 where $5 = 0 and channel = $6 and provider_id = $2 and delivery < $1";
            let sql = if status.tracker.is_some() { by_tracker } else { by_provider_id };
            on!(&mut tx, |conn| {
                sqlx::query(sql)
                    .bind(status.delivery.rank())
                    .bind(status.id.as_str())
                    .bind(status.error.as_deref())
                    .bind(us(now))
                    .bind(status.tracker.unwrap_or(0))
                    .bind(status.channel.as_str())
                    .execute(conn)
                    .await
                    .map(drop)
            })?;
        }
        tx.commit().await
    }

    /// Puts dead replies back, all or one. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn retry_dead(&self, id: Option<i64>, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let count = on!(&mut tx, |conn| {
            sqlx::query(
                "update outbox set state = 'waiting', due_us = $1, attempts = 0, delivery = 0, error = null \
                 where state = 'dead' and ($2 = 0 or id = $2)",
            )
            .bind(us(now))
            .bind(id.unwrap_or(0))
            .execute(conn)
            .await
            .map(|done| done_rows(&done))
        })?;
        tx.commit().await?;
        Ok(count)
    }
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

impl<'a> SentRow<'a> {
    fn of(sent: &'a Sent, now: DateTime<Utc>) -> Self {
        let row = Self {
            id: sent.id,
            state: "sent",
            due_us: us(now),
            provider_id: None,
            without_picture: 0,
            delivery: 0,
            error: None,
            sent_us: None,
        };
        match &sent.outcome {
            Sending::Taken { provider_id, without_picture } => Self {
                provider_id: provider_id.as_ref().map(MessageId::as_str),
                without_picture: i64::from(*without_picture),
                delivery: 1,
                sent_us: Some(us(now)),
                ..row
            },
            Sending::PutOff { until, error } => {
                Self { state: "waiting", due_us: us(*until), error: Some(error), ..row }
            }
            Sending::Dead { error } => Self { state: "dead", error: Some(error), ..row },
        }
    }
}
