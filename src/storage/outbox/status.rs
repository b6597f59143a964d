//! What providers say later about replies: how far each has come, only upwards, and how well a contact can be reached.
//!
//! A status may come before the record of its sending; it waits as an orphan until that is made.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{Dispatch, Sent};
use crate::domain::message::{ChannelId, Delivery, Status};
use crate::storage::engine::{Tx, each, on};
use crate::storage::rows::{at, json, us};
use crate::storage::{Storage, StorageError};

/// How long a status waits for its reply, in hours: a send is recorded within minutes, whatever happens.
const ORPHAN_HOURS: i64 = 24;

/// The highest status of one reply.
#[derive(Serialize)]
struct Raised<'a> {
    id: i64,
    delivery: i64,
    provider_id: &'a str,
    error: Option<&'a str>,
}

/// How one contact could be reached just now.
#[derive(Default, Serialize)]
struct Reached<'a> {
    channel: String,
    contact: String,
    delivered: Option<i64>,
    read: Option<i64>,
    failed: Option<i64>,
    error: Option<&'a str>,
}

/// A reply that a status is about.
struct Found {
    id: i64,
    contact: String,
    /// Whether it is one of several messages of the reply, and not the last.
    is_part: bool,
}

impl Storage {
    /// Notes how far replies have come, only upwards; one that failed is dead, where the office sees it. A status also
    /// ends the doubt about a reply whose answer was lost. Nobody may be told before [`Storage::durable`] says so.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_statuses(&self, statuses: &[Status], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        note(&mut tx, statuses, now).await?;
        tx.commit_ahead().await
    }

    /// Forgets statuses whose reply never came to be recorded: others may send by the same line.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn forget_orphans(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        let before = us(now - TimeDelta::hours(ORPHAN_HOURS));
        on!(&mut tx, |conn| {
            sqlx::query("delete from orphan_status where at_us < $1").bind(before).execute(conn).await.map(drop)
        })?;
        tx.commit().await
    }
}

impl Dispatch {
    /// Gives replies that were just recorded the statuses that came before.
    pub(super) async fn adopt_orphans(&mut self, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        let keys: Vec<_> =
            sent.iter().flat_map(|one| one.parts.1.iter().flatten().map(|id| (&one.channel, id))).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let keys = json(&keys)?;
        let sql = each!(
            self.tx(),
            "select o.channel, o.provider_id, o.delivery, o.error from",
            "join orphan_status o on o.channel = each.value->>0 and o.provider_id = each.value->>1"
        );
        let rows: Vec<(String, String, i64, Option<String>)> =
            on!(self.tx(), |conn| sqlx::query_as(sql).bind(&keys).fetch_all(conn).await)?;
        if rows.is_empty() {
            return Ok(());
        }
        let statuses: Vec<Status> = rows
            .into_iter()
            .filter_map(|(channel, id, rank, error)| {
                let delivery = Delivery::ALL.into_iter().find(|delivery| delivery.rank() == rank)?;
                let channel = ChannelId::stored(channel);
                Some(Status { channel, id: crate::domain::message::MessageId::new(id), tracker: None, delivery, error })
            })
            .collect();
        note(self.tx(), &statuses, now).await?;
        let gone = each!(
            self.tx(),
            "delete from orphan_status where (channel, provider_id) in (select each.value->>0, each.value->>1 from",
            ")"
        );
        on!(self.tx(), |conn| sqlx::query(gone).bind(&keys).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Notes contacts of whom the provider said that they want no messages.
    pub(super) async fn note_opt_outs(&mut self, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
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
            "insert into reach (channel, contact, failures, opted_out_us) \
             select each.value->>0, each.value->>1, 0, cast(each.value->>2 as bigint) from",
            "where true on conflict (channel, contact) do update set opted_out_us = excluded.opted_out_us"
        );
        on!(self.tx(), |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }
}

async fn note(tx: &mut Tx, statuses: &[Status], now: DateTime<Utc>) -> Result<(), StorageError> {
    let found = find(tx, statuses).await?;
    let mut raised: BTreeMap<i64, Raised<'_>> = BTreeMap::new();
    let mut reached: BTreeMap<(String, String), Reached<'_>> = BTreeMap::new();
    let mut orphans = Vec::new();
    for (place, status) in statuses.iter().enumerate() {
        let Some(reply) = found.get(&place) else {
            if status.tracker.is_none() {
                orphans.push((&status.channel, &status.id, status.delivery.rank(), &status.error, us(now)));
            }
            continue;
        };
        // A part that arrived does not make the whole arrive; one that failed makes it fail.
        if reply.is_part && status.delivery != Delivery::Failed {
            continue;
        }
        let (delivery, error) = (status.delivery.rank(), status.error.as_deref());
        let new = Raised { id: reply.id, delivery, provider_id: status.id.as_str(), error };
        let highest = raised.get(&reply.id).is_none_or(|known| known.delivery < delivery);
        if highest {
            raised.insert(reply.id, new);
        }
        let key = (status.channel.as_str().to_owned(), reply.contact.clone());
        let entry = reached.entry(key.clone()).or_insert_with(|| Reached {
            channel: key.0,
            contact: key.1,
            ..Reached::default()
        });
        match status.delivery {
            Delivery::Sent => {}
            Delivery::Delivered => entry.delivered = Some(us(now)),
            Delivery::Read => (entry.delivered, entry.read) = (Some(us(now)), Some(us(now))),
            Delivery::Failed => (entry.failed, entry.error) = (Some(us(now)), error),
        }
    }
    raise(tx, &raised.into_values().collect::<Vec<_>>(), now).await?;
    reach(tx, &reached.into_values().collect::<Vec<_>>()).await?;
    keep_orphans(tx, &orphans).await
}

/// The replies that statuses are about, by the place of the status.
async fn find(tx: &mut Tx, statuses: &[Status]) -> Result<BTreeMap<usize, Found>, StorageError> {
    let (mut by_tracker, mut by_id) = (Vec::new(), Vec::new());
    for (place, status) in statuses.iter().enumerate() {
        match status.tracker {
            Some(tracker) => by_tracker.push((place, &status.channel, tracker)),
            None => by_id.push((place, &status.channel, &status.id)),
        }
    }
    let mut found = BTreeMap::new();
    let mut enter = |rows: Vec<(i64, i64, String)>, is_part| {
        for (place, id, contact) in rows {
            let Ok(place) = usize::try_from(place) else { continue };
            found.insert(place, Found { id, contact, is_part });
        }
    };
    if !by_tracker.is_empty() {
        // The tracker is ours: it names the row even before the answer to the sending has come.
        let sql = each!(
            tx,
            "select cast(each.value->>0 as bigint), o.id, o.contact from",
            "join outbox o on o.id = cast(each.value->>2 as bigint) and o.channel = each.value->>1"
        );
        let rows = json(&by_tracker)?;
        enter(on!(&mut *tx, |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?, false);
    }
    if !by_id.is_empty() {
        let rows = json(&by_id)?;
        let whole = each!(
            tx,
            "select cast(each.value->>0 as bigint), o.id, o.contact from",
            "join outbox o on o.channel = each.value->>1 and o.provider_id = each.value->>2"
        );
        let part = each!(
            tx,
            "select cast(each.value->>0 as bigint), o.id, o.contact from",
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

/// In the order of the contacts, so that two nodes never wait on each other.
async fn reach(tx: &mut Tx, reached: &[Reached<'_>]) -> Result<(), StorageError> {
    if reached.is_empty() {
        return Ok(());
    }
    let sql = each!(
        tx,
        "insert into reach (channel, contact, delivered_us, read_us, failed_us, failures, error) \
         select each.value->>'channel', each.value->>'contact', cast(each.value->>'delivered' as bigint), \
         cast(each.value->>'read' as bigint), cast(each.value->>'failed' as bigint), \
         case when each.value->>'failed' is null then 0 else 1 end, each.value->>'error' from",
        "where true on conflict (channel, contact) do update set \
         delivered_us = coalesce(excluded.delivered_us, reach.delivered_us), \
         read_us = coalesce(excluded.read_us, reach.read_us), \
         failed_us = coalesce(excluded.failed_us, reach.failed_us), \
         failures = case when excluded.failures > 0 then reach.failures + 1 \
         when excluded.delivered_us is null then reach.failures else 0 end, \
         error = coalesce(excluded.error, reach.error)"
    );
    let rows = json(reached)?;
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}

async fn keep_orphans<T: Serialize>(tx: &mut Tx, orphans: &[T]) -> Result<(), StorageError> {
    if orphans.is_empty() {
        return Ok(());
    }
    let sql = each!(
        tx,
        "insert into orphan_status (channel, provider_id, delivery, error, at_us) \
         select each.value->>0, each.value->>1, max(cast(each.value->>2 as bigint)), max(each.value->>3), \
         max(cast(each.value->>4 as bigint)) from",
        "group by each.value->>0, each.value->>1 on conflict (channel, provider_id) do update set \
         delivery = case when excluded.delivery > orphan_status.delivery then excluded.delivery \
         else orphan_status.delivery end, error = coalesce(excluded.error, orphan_status.error)"
    );
    let rows = json(orphans)?;
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}

/// A contact as the provider says it can be reached; for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// When a reply was last delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When one was last read.
    pub read_at: Option<DateTime<Utc>>,
    /// Replies in a row that could not be delivered.
    pub failures: u32,
}

impl Storage {
    /// How well a contact can be reached; `None` when no status ever came.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn reach(&self, channel: &ChannelId, contact: &str) -> Result<Option<Reach>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(Option<i64>, Option<i64>, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as("select delivered_us, read_us, failures from reach where channel = $1 and contact = $2")
                .bind(channel.as_str())
                .bind(contact)
                .fetch_optional(conn)
                .await
        })?;
        tx.end().await?;
        Ok(row.map(|(delivered, read, failures)| Reach {
            delivered_at: delivered.map(at),
            read_at: read.map(at),
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
        }))
    }
}
