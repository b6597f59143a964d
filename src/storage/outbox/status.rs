//! What providers report later about replies: how far each has come. It only rises.
//!
//! A status may come before the record of its send; then it waits as an orphan for that record. On PostgreSQL neither
//! of two open transactions sees what the other has written: so a status that finds no reply locks the row of its channel
//! and searches again, and a send is recorded under the same lock until the commit. Either the status finds the reply,
//! or the record finds the status. What is left behind all the same, `orphans` applies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::message::{ChannelId, Delivery, MessageId, Status};
use crate::storage::engine::column::{bad, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::handle::Storage;

/// The highest status of one reply.
#[derive(Serialize)]
struct Raised<'a> {
    id: i64,
    delivery: i64,
    provider_id: &'a str,
    error: Option<&'a str>,
}

/// A reply that a status is about.
struct Found {
    id: i64,
    /// Whether it is one of several messages of the reply, and not the last.
    is_part: bool,
}

impl Storage {
    /// Records how far replies have come, only upwards; a reply that failed is dead, and the office sees it. A status
    /// also ends the doubt about a reply whose answer was lost. Nobody may be told before [`Storage::durable`] returns.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_statuses(&self, statuses: &[Status], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        tx.confirm_at_commit();
        note(&mut tx, statuses, now).await?;
        tx.commit_unsynced().await
    }
}

/// Applies the orphans of these messages (JSON of channel and provider's id); returns how many there were. Those whose
/// reply is still unknown are kept again.
pub(in crate::storage) async fn adopt(tx: &mut Tx, keys: &str, now: DateTime<Utc>) -> Result<usize, StorageError> {
    // Deleted and read in one statement: what another node adds to one of them meanwhile is not lost.
    let sql = each!(
        &*tx,
        "delete from orphan_status where (channel, provider_id) in (select each.value->>0, each.value->>1 from",
        ") returning channel, provider_id, delivery, error"
    );
    let rows: Vec<(String, String, i64, Option<String>)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(keys).fetch_all(conn).await)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let statuses = rows
        .into_iter()
        .map(|(channel, id, rank, error)| {
            let delivery = Delivery::ALL.into_iter().find(|delivery| delivery.rank() == rank);
            Ok(Status {
                channel: ChannelId::stored(channel),
                id: MessageId::new(id),
                tracker: None,
                delivery: delivery.ok_or_else(|| bad("orphan_status.delivery"))?,
                error,
            })
        })
        .collect::<Result<Vec<_>, StorageError>>()?;
    note(tx, &statuses, now).await?;
    Ok(statuses.len())
}

async fn note(tx: &mut Tx, statuses: &[Status], now: DateTime<Utc>) -> Result<(), StorageError> {
    let all: Vec<(usize, &Status)> = statuses.iter().enumerate().collect();
    let mut found = find(tx, &all).await?;
    // A tracker is the reply's own number, which was committed before anything was sent.
    let unknown = |found: &BTreeMap<usize, Found>| {
        all.iter().copied().filter(|(place, status)| status.tracker.is_none() && !found.contains_key(place)).collect()
    };
    let missed: Vec<(usize, &Status)> = unknown(&found);
    let channels: BTreeSet<&ChannelId> = missed.iter().map(|(_, status)| &status.channel).collect();
    if !missed.is_empty() && lock_channels(tx, &channels).await? {
        found.extend(find(tx, &missed).await?);
    }
    let mut raised: BTreeMap<i64, Raised<'_>> = BTreeMap::new();
    for (place, status) in &all {
        let Some(reply) = found.get(place) else { continue };
        // A part that arrived does not make the whole arrive; one that failed makes it fail.
        if reply.is_part && status.delivery != Delivery::Failed {
            continue;
        }
        let (delivery, error) = (status.delivery.rank(), status.error.as_deref());
        let new = Raised { id: reply.id, delivery, provider_id: status.id.as_str(), error };
        if raised.get(&reply.id).is_none_or(|known| known.delivery < delivery) {
            raised.insert(reply.id, new);
        }
    }
    raise(tx, &raised.into_values().collect::<Vec<_>>(), now).await?;
    let orphans: Vec<_> = unknown(&found)
        .into_iter()
        .map(|(_, status)| (&status.channel, &status.id, status.delivery.rank(), &status.error, us(now)))
        .collect();
    keep_orphans(tx, &orphans).await
}

/// Waits until no send on these channels is being recorded, and blocks new records until the commit; returns whether the
/// engine needs that, so that a second search may find more than the first. It is the weakest lock that blocks a round
/// of the courier, so statuses do not block one another. On SQLite the transaction is the only writer.
pub(in crate::storage) async fn lock_channels(
    tx: &mut Tx,
    channels: &BTreeSet<&ChannelId>,
) -> Result<bool, StorageError> {
    if !matches!(tx, Tx::Postgres(_)) {
        return Ok(false);
    }
    let names = json(channels)?;
    let sql = "select 1 from channel where channel in \
               (select value from jsonb_array_elements_text($1::text::jsonb) as each(value)) \
               order by channel for key share";
    on!(tx, |conn| sqlx::query(sql).bind(&names).execute(conn).await.map(drop))?;
    Ok(true)
}

/// The replies that statuses are about, by the place of the status.
async fn find(tx: &mut Tx, statuses: &[(usize, &Status)]) -> Result<BTreeMap<usize, Found>, StorageError> {
    let (mut by_tracker, mut by_id) = (Vec::new(), Vec::new());
    for (place, status) in statuses {
        match status.tracker {
            Some(tracker) => by_tracker.push((place, &status.channel, tracker)),
            None => by_id.push((place, &status.channel, &status.id)),
        }
    }
    let mut found = BTreeMap::new();
    let mut enter = |rows: Vec<(i64, i64)>, is_part| {
        for (place, id) in rows {
            let Ok(place) = usize::try_from(place) else { continue };
            found.insert(place, Found { id, is_part });
        }
    };
    if !by_tracker.is_empty() {
        // The tracker names the row even before the answer to the send has come.
        let sql = each!(
            &*tx,
            "select cast(each.value->>0 as bigint), o.id from",
            "join outbox o on o.id = cast(each.value->>2 as bigint) and o.channel = each.value->>1"
        );
        let rows = json(&by_tracker)?;
        enter(on!(&mut *tx, |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?, false);
    }
    if !by_id.is_empty() {
        let rows = json(&by_id)?;
        let whole = each!(
            &*tx,
            "select cast(each.value->>0 as bigint), o.id from",
            "join outbox o on o.channel = each.value->>1 and o.provider_id = each.value->>2"
        );
        let part = each!(
            &*tx,
            "select cast(each.value->>0 as bigint), o.id from",
            "join outbox_part p on p.channel = each.value->>1 and p.provider_id = each.value->>2 \
             join outbox o on o.id = p.outbox"
        );
        enter(on!(&mut *tx, |conn| sqlx::query_as(part).bind(&rows).fetch_all(conn).await)?, true);
        enter(on!(&mut *tx, |conn| sqlx::query_as(whole).bind(&rows).fetch_all(conn).await)?, false);
    }
    Ok(found)
}

async fn raise(tx: &mut Tx, raised: &[Raised<'_>], now: DateTime<Utc>) -> Result<(), StorageError> {
    if raised.is_empty() {
        return Ok(());
    }
    let sql = each!(
        tx,
        "update outbox set delivery = s.delivery, provider_id = coalesce(outbox.provider_id, s.provider_id), \
         error = coalesce(s.error, outbox.error), sent_us = coalesce(outbox.sent_us, $2), owner = null, lease_us = null, \
         state = case when s.delivery = 2 or outbox.state = 'dead' then 'dead' else 'sent' end \
         from (select cast(each.value->>'id' as bigint) as id, cast(each.value->>'delivery' as bigint) as delivery, \
         each.value->>'provider_id' as provider_id, each.value->>'error' as error from",
        ") as s where outbox.id = s.id and outbox.delivery < s.delivery"
    );
    let rows = json(raised)?;
    on!(tx, |conn| sqlx::query(sql).bind(&rows).bind(us(now)).execute(conn).await.map(drop))?;
    Ok(())
}

/// In the order of their keys, so that two nodes never wait on each other.
async fn keep_orphans<T: Serialize>(tx: &mut Tx, orphans: &[T]) -> Result<(), StorageError> {
    if orphans.is_empty() {
        return Ok(());
    }
    let sql = each!(
        tx,
        "insert into orphan_status (channel, provider_id, delivery, error, at_us) \
         select each.value->>0, each.value->>1, max(cast(each.value->>2 as bigint)), max(each.value->>3), \
         max(cast(each.value->>4 as bigint)) from",
        "group by each.value->>0, each.value->>1 order by 1, 2 on conflict (channel, provider_id) do update set \
         delivery = case when excluded.delivery > orphan_status.delivery then excluded.delivery \
         else orphan_status.delivery end, error = coalesce(excluded.error, orphan_status.error)"
    );
    let rows = json(orphans)?;
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}
