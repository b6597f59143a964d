//! Records what became of replies, in the courier's transaction.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::message::MessageId;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{each, on};
use crate::storage::outbox::dispatch::Dispatch;
use crate::storage::outbox::reply::{Due, Sending, Sent, SentParts};
use crate::storage::outbox::status;

/// What became of replies (`$1`) that the owner `$2` claimed, or, where `$2` is null, that nobody claimed.
static RECORD: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update outbox set state = s.state, due_us = s.due_us, owner = null, lease_us = null, \
         faults = s.faults, doubts = s.doubts, parts = s.parts, \
         provider_id = coalesce(s.provider_id, outbox.provider_id), without_picture = s.without_picture, \
         delivery = case when s.delivery > outbox.delivery then s.delivery else outbox.delivery end, \
         error = s.error, sent_us = coalesce(s.sent_us, outbox.sent_us), \
         pace_us = coalesce(s.pace_us, outbox.pace_us) \
         from (select cast(each.value->>'id' as bigint) as id, cast(each.value->>'attempts' as bigint) as attempts, \
         each.value->>'state' as state, cast(each.value->>'due_us' as bigint) as due_us, \
         cast(each.value->>'faults' as bigint) as faults, cast(each.value->>'doubts' as bigint) as doubts, \
         cast(each.value->>'parts' as bigint) as parts, each.value->>'provider_id' as provider_id, \
         cast(each.value->>'without_picture' as bigint) as without_picture, \
         cast(each.value->>'delivery' as bigint) as delivery, each.value->>'error' as error, \
         cast(each.value->>'sent_us' as bigint) as sent_us, \
         cast(each.value->>'pace_us' as bigint) as pace_us from @each($1)) as s \
         where outbox.id = s.id and @listed(outbox.id, $1) and outbox.attempts = s.attempts \
         and ($2 is null and outbox.state in ('waiting', 'claimed', 'held') \
         or outbox.state = 'claimed' and outbox.owner = $2)",
    )
});

#[derive(Serialize)]
struct SentRow<'a> {
    id: i64,
    attempts: u32,
    state: &'static str,
    due_us: i64,
    faults: u32,
    doubts: u32,
    parts: u32,
    provider_id: Option<&'a str>,
    without_picture: i64,
    delivery: i64,
    error: Option<&'a str>,
    sent_us: Option<i64>,
    /// Null: the claim has set it.
    pace_us: Option<i64>,
}

impl Dispatch {
    /// Records what became of claimed replies. A claim that passed to another owner, or to a later attempt of the same
    /// one, is left alone.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: the leases then end and the replies are sent again.
    pub async fn record(&mut self, owner: &str, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        if sent.is_empty() {
            return Ok(());
        }
        let rows = sent.iter().map(|one| SentRow::sent(one, now)).collect::<Vec<_>>();
        self.write(Some(owner), &rows).await?;
        self.count_sent(sent, now).await?;
        self.keep_parts(sent).await?;
        self.note_opt_outs(sent, now).await?;
        self.adopt_orphans(sent, now).await
    }

    /// Records what became of replies that nobody claimed: put off, held, expired or dead. Each passes the pace of its
    /// contact on to the next one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn settle(&mut self, settled: &[(&Due, Sending)], now: DateTime<Utc>) -> Result<(), StorageError> {
        let rows: Vec<_> = settled
            .iter()
            .map(|(due, outcome)| {
                let attempt = Attempt {
                    id: due.id,
                    attempts: due.attempts,
                    faults: due.faults,
                    doubts: due.doubts,
                    parts: due.parts,
                };
                SentRow { pace_us: Some(us(due.pace)), ..SentRow::of(&attempt, outcome, now) }
            })
            .collect();
        self.write(None, &rows).await
    }

    async fn write(&mut self, owner: Option<&str>, rows: &[SentRow<'_>]) -> Result<(), StorageError> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows = json(rows)?;
        let sql = RECORD.sql(&self.tx);
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(owner).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Stores the provider's ids of messages that are not the last of their reply.
    async fn keep_parts(&mut self, sent: &[Sent]) -> Result<(), StorageError> {
        let taken = |one: &Sent| usize::from(matches!(one.outcome, Sending::Taken { .. }));
        let rows: Vec<_> = sent
            .iter()
            .flat_map(|one| {
                let ids = &one.parts.ids;
                let but_last = ids.len().saturating_sub(taken(one));
                ids.iter().take(but_last).flatten().map(move |id| (&one.channel, id, one.id))
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let rows = json(&rows)?;
        let sql = each!(
            &self.tx,
            "insert into outbox_part (channel, provider_id, outbox) \
             select each.value->>0, each.value->>1, cast(each.value->>2 as bigint) from",
            "where true on conflict (channel, provider_id) do nothing"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Applies the statuses that came before the replies were recorded. The rows of their channels are locked.
    async fn adopt_orphans(&mut self, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        let keys: Vec<_> =
            sent.iter().flat_map(|one| one.parts.ids.iter().flatten().map(|id| (&one.channel, id))).collect();
        if keys.is_empty() {
            return Ok(());
        }
        status::adopt(self.tx(), &json(&keys)?, now).await.map(drop)
    }

    /// Stores contacts who, as the provider said, want no messages.
    async fn note_opt_outs(&mut self, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut rows: Vec<_> =
            sent.iter().filter(|one| one.opted_out).map(|one| (&one.channel, &one.contact, us(now))).collect();
        rows.sort();
        rows.dedup();
        if rows.is_empty() {
            return Ok(());
        }
        let rows = json(&rows)?;
        let sql = each!(
            self.tx(),
            "insert into reach (channel, contact, opted_out_us) \
             select each.value->>0, each.value->>1, cast(each.value->>2 as bigint) from",
            "where true on conflict (channel, contact) do update set opted_out_us = excluded.opted_out_us"
        );
        on!(self.tx(), |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }
}

/// The attempt at a reply, and how far the reply had come.
struct Attempt {
    id: i64,
    attempts: u32,
    faults: u32,
    doubts: u32,
    parts: u32,
}

impl<'a> SentRow<'a> {
    /// What became of a reply that was claimed and sent.
    fn sent(sent: &'a Sent, now: DateTime<Utc>) -> Self {
        let SentParts { before, ids } = &sent.parts;
        let parts = before + u32::try_from(ids.len()).unwrap_or(0);
        let attempt = Attempt { id: sent.id, attempts: sent.attempts, faults: sent.faults, doubts: sent.doubts, parts };
        let row = Self::of(&attempt, &sent.outcome, now);
        let id = ids.last().and_then(Option::as_ref).filter(|_| row.state == "sent");
        Self { provider_id: id.map(MessageId::as_str), ..row }
    }

    /// The outcome of an attempt.
    fn of(attempt: &Attempt, outcome: &'a Sending, now: DateTime<Utc>) -> Self {
        let row = Self {
            id: attempt.id,
            attempts: attempt.attempts,
            state: "sent",
            due_us: us(now),
            faults: attempt.faults,
            doubts: attempt.doubts,
            parts: attempt.parts,
            provider_id: None,
            without_picture: 0,
            delivery: 0,
            error: None,
            sent_us: None,
            pace_us: None,
        };
        let ended = |row: Self, state, error: &'a str| Self { state, error: Some(error), ..row };
        match outcome {
            Sending::Taken { without_picture } => {
                Self { without_picture: i64::from(*without_picture), delivery: 1, sent_us: Some(us(now)), ..row }
            }
            Sending::PutOff { until, error } => Self { due_us: us(*until), ..ended(row, "waiting", error) },
            Sending::Held { error } => ended(row, "held", error),
            Sending::Expired { error } => ended(row, "expired", error),
            Sending::Dead { error } => ended(row, "dead", error),
        }
    }
}
