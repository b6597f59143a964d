//! The courier's transaction: what became of the last sends goes in, the next claims come out, in one commit.
//!
//! Lines are locked first (see `channels`), so on PostgreSQL two nodes never look for claims on one line at once, and
//! every node takes from the same pace.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Due, Sending, Sent};
use crate::conversation::Lang;
use crate::domain::message::{ChannelId, Contact, MessageId, Outbound};
use crate::domain::office::OfficeId;
use crate::storage::engine::{Tx, each, on};
use crate::storage::rows::{at, bad, json, unjson, us};
use crate::storage::text::Text;
use crate::storage::{Storage, StorageError};

/// The open transaction.
#[derive(Debug)]
pub struct Dispatch {
    tx: Tx,
}

/// A reply that waits until its citizen writes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub id: i64,
    /// The line.
    pub channel: ChannelId,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// Sending time of the citizen's last message.
    pub heard_at: Option<DateTime<Utc>>,
}

/// One claim to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The reply.
    pub id: i64,
    /// The pace towards its contact from now on, in microseconds since 1970.
    pub pace_us: i64,
    /// Tries whose process died.
    pub lapses: u32,
}

// PostgreSQL makes a plan once, perhaps on a day when next to nothing waits. Going through the index of all that waits then seems
// cheaper than looking for one reply by its number, and would be done for each of them while a line is down and thousands wait.
// So nothing here may be found in that index but by its line: a predecessor's state is asked for by its number, and
// `coalesce(state, '')`, though a state is never null, hides from the planner that only those in the index are meant.

/// What is due on each line (`$1`) by now (`$2`), so many replies (`$3`) as one list: a row of its own for each would wake
/// a thread for each. A claim that ends after `$4` was made by a clock that was ahead.
static DUE: LazyLock<Text> = LazyLock::new(|| {
    Text::alone(
        "select cast((select @list(@array(r.id, r.channel, r.contact, r.address, r.office, r.reply_to, r.text, r.qr, \
         r.quick_replies, r.state, r.attempts, r.faults, r.doubts, r.lapses, r.parts, r.created_us, r.pace_us, \
         r.last_pace_us, r.lease_us, r.lang, r.heard_us, r.muted, r.opted_out_us)) from (select o.id, o.channel, o.contact, \
         (select a.address from address a where a.channel = o.channel and a.contact = o.contact and a.heard_us > 0 \
         order by a.heard_us desc, a.address limit 1) as address, o.office, o.reply_to, o.text, o.qr, o.quick_replies, \
         o.state, o.attempts, o.faults, o.doubts, o.lapses, o.parts, o.created_us, o.pace_us, o.lease_us, \
         (select p.pace_us from outbox p where p.id = o.previous) as last_pace_us, \
         v.lang, v.heard_us, v.muted, reach.opted_out_us from (select * from outbox w where w.channel = each.value->>0 \
         and w.state in ('waiting', 'claimed') and w.due_us <= $2 and (w.state = 'waiting' or w.lease_us <= $2 or w.lease_us > $4) \
         and coalesce((select e.state from outbox e where e.id = w.previous), '') not in ('waiting', 'claimed') \
         order by w.due_us, w.id limit $3) as o \
         left join conversation v on v.channel = o.channel and v.contact = o.contact \
         left join reach on reach.channel = o.channel and reach.contact = o.contact \
         order by o.due_us, o.id) as r) as text) \
         from @each($1)",
    )
});

/// Claims (`$1`) for an owner (`$2`) until an instant (`$3`).
static CLAIM: LazyLock<Text> = LazyLock::new(|| {
    Text::alone(
        "update outbox set state = 'claimed', owner = $2, lease_us = $3, attempts = attempts + 1, \
         pace_us = s.pace_us, lapses = s.lapses \
         from (select cast(each.value->>'id' as bigint) as id, cast(each.value->>'pace_us' as bigint) as pace_us, \
         cast(each.value->>'lapses' as bigint) as lapses from @each($1)) as s \
         where outbox.id = s.id and @listed(outbox.id, $1) and coalesce(outbox.state, '') in ('waiting', 'claimed') \
         returning outbox.id, outbox.attempts",
    )
});

/// What became of replies (`$1`) that `$2` claimed, or that nobody claimed.
static RECORD: LazyLock<Text> = LazyLock::new(|| {
    Text::alone(
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

#[derive(Debug, Deserialize)]
struct DueRow {
    id: i64,
    channel: String,
    contact: String,
    address: Option<String>,
    office: String,
    reply_to: Option<String>,
    text: String,
    qr: Option<String>,
    quick_replies: Option<String>,
    state: String,
    attempts: i64,
    faults: i64,
    doubts: i64,
    lapses: i64,
    parts: i64,
    created_us: i64,
    pace_us: i64,
    last_pace_us: Option<i64>,
    lease_us: Option<i64>,
    lang: Option<String>,
    heard_us: Option<i64>,
    muted: Option<i64>,
    opted_out_us: Option<i64>,
}

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
    /// Null: it was claimed, and has a pace of its own.
    pace_us: Option<i64>,
}

impl Storage {
    /// Begins one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn dispatch(&self) -> Result<Dispatch, StorageError> {
        Ok(Dispatch { tx: self.pool.begin_dispatch().await? })
    }
}

impl Dispatch {
    /// The transaction, for the statements of other files of this room.
    pub(in crate::storage) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Makes it durable. Only now may anything be sent.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().await
    }

    /// Undoes it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is undone all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }

    /// Replies of these lines that are due at `now`, at most `limit` of each, whoever waits longest first: those
    /// whose predecessor is not on its way any more. Among them are those with a claim that ends after `latest`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due(
        &mut self,
        channels: &[&ChannelId],
        (now, latest): (DateTime<Utc>, DateTime<Utc>),
        limit: u32,
    ) -> Result<Vec<Due>, StorageError> {
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let lines = json(&channels.iter().map(|channel| (channel,)).collect::<Vec<_>>())?;
        let sql = DUE.on(&self.tx);
        let (now, latest, limit) = (us(now), us(latest), i64::from(limit));
        let found: Vec<(Option<String>,)> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(&lines).bind(now).bind(limit).bind(latest).fetch_all(conn).await
        })?;
        let mut due = Vec::new();
        for rows in found.into_iter().filter_map(|(rows,)| rows) {
            let rows: Vec<DueRow> = unjson("outbox", &rows)?;
            for row in rows {
                due.push(row.due()?);
            }
        }
        Ok(due)
    }

    /// Claims replies for `owner` until `lease`. Returns the attempt of each that could be claimed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn claim(
        &mut self,
        owner: &str,
        lease: DateTime<Utc>,
        claims: &[Claim],
    ) -> Result<HashMap<i64, u32>, StorageError> {
        if claims.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = json(claims)?;
        let sql = CLAIM.on(&self.tx);
        let claimed: Vec<(i64, i64)> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(&rows).bind(owner).bind(us(lease)).fetch_all(conn).await
        })?;
        Ok(claimed.into_iter().map(|(id, attempts)| (id, u32::try_from(attempts).unwrap_or(u32::MAX))).collect())
    }

    /// Has claims end at `lease` that would end later.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn shorten_leases(&mut self, ids: &[i64], lease: DateTime<Utc>) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            &self.tx,
            "update outbox set lease_us = $2 where state = 'claimed' and lease_us > $2 and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(us(lease)).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Records what became of claimed replies. A claim that passed to another owner, or to a later attempt of the same
    /// one, is left alone.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: the leases then run out and the replies are sent again.
    pub async fn record(&mut self, owner: &str, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        if sent.is_empty() {
            return Ok(());
        }
        let rows = sent.iter().map(|one| SentRow::of(one, now)).collect::<Vec<_>>();
        self.write(Some(owner), &rows).await?;
        self.keep_parts(sent).await?;
        self.note_opt_outs(sent, now).await?;
        self.adopt_orphans(sent, now).await
    }

    /// Settles replies that nobody claimed: they are put off, held, expired or dead. Each hands the pace towards its contact
    /// on to the next one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn settle(&mut self, settled: &[(&Due, Sending)], now: DateTime<Utc>) -> Result<(), StorageError> {
        let rows: Vec<_> = settled
            .iter()
            .map(|(due, outcome)| {
                let row = SentRow {
                    id: due.id,
                    attempts: due.attempts,
                    state: "sent",
                    due_us: us(now),
                    faults: due.faults,
                    doubts: due.doubts,
                    parts: due.parts,
                    provider_id: None,
                    without_picture: 0,
                    delivery: 0,
                    error: None,
                    sent_us: None,
                    pace_us: Some(us(due.pace)),
                };
                row.with(outcome, now)
            })
            .collect();
        self.write(None, &rows).await
    }

    async fn write(&mut self, owner: Option<&str>, rows: &[SentRow<'_>]) -> Result<(), StorageError> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows = json(rows)?;
        let sql = RECORD.on(&self.tx);
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(owner).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Keeps the ids of messages that are not the last of their reply.
    async fn keep_parts(&mut self, sent: &[Sent]) -> Result<(), StorageError> {
        let taken = |one: &Sent| usize::from(matches!(one.outcome, Sending::Taken { .. }));
        let rows: Vec<_> = sent
            .iter()
            .flat_map(|one| {
                let ids = &one.parts.1;
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

    /// Replies that are held, with what their citizens last sent.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn held(&mut self, limit: u32) -> Result<Vec<Held>, StorageError> {
        let rows: Vec<(i64, String, i64, i64, Option<i64>)> = on!(&mut self.tx, |conn| {
            sqlx::query_as(
                "select o.id, o.channel, o.created_us, o.due_us, v.heard_us from outbox o \
                 left join conversation v on v.channel = o.channel and v.contact = o.contact \
                 where o.state = 'held' order by coalesce(v.heard_us, 0) desc, o.created_us limit $1",
            )
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        let held = |(id, channel, created, due, heard): (i64, String, i64, i64, Option<i64>)| Held {
            id,
            channel: ChannelId::stored(channel),
            created_at: at(created),
            held_at: at(due),
            heard_at: heard.map(at),
        };
        Ok(rows.into_iter().map(held).collect())
    }

    /// Gives up held replies that are too old to be of use.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn expire_held(&mut self, ids: &[i64]) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            &self.tx,
            "update outbox set state = 'expired' where state = 'held' and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Lets held replies go on: their citizens wrote again. They are due since they were held, so they go before what was
    /// written since.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn release(&mut self, ids: &[i64]) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            &self.tx,
            "update outbox set state = 'waiting' where state = 'held' and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }
}

impl DueRow {
    fn due(self) -> Result<Due, StorageError> {
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let quick_replies = self.quick_replies.map(|text| unjson("outbox.quick_replies", &text)).transpose()?;
        Ok(Due {
            id: self.id,
            channel: ChannelId::stored(self.channel),
            address: Contact::new(self.address.unwrap_or_else(|| self.contact.clone())),
            contact: Contact::new(self.contact),
            office: OfficeId::read(&self.office).map_err(|_| bad("outbox.office"))?,
            lang: self.lang.as_deref().map_or_else(Lang::default, Lang::of_code),
            outbound: Outbound { text: self.text, qr: self.qr, quick_replies: quick_replies.unwrap_or_default() },
            asked: self.reply_to.is_some(),
            created_at: at(self.created_us),
            heard_at: self.heard_us.map(at),
            muted: self.muted.is_some_and(|muted| muted != 0) || self.opted_out_us.is_some(),
            attempts: small(self.attempts),
            faults: small(self.faults),
            doubts: small(self.doubts),
            lapses: small(self.lapses) + u32::from(self.state == "claimed"),
            parts: small(self.parts),
            pace: at(self.pace_us.max(self.last_pace_us.unwrap_or(0))),
            lease: self.lease_us.map(at),
        })
    }
}

impl<'a> SentRow<'a> {
    fn of(sent: &'a Sent, now: DateTime<Utc>) -> Self {
        let (before, ids) = &sent.parts;
        let row = Self {
            id: sent.id,
            attempts: sent.attempts,
            state: "sent",
            due_us: us(now),
            faults: sent.faults,
            doubts: sent.doubts,
            parts: before + u32::try_from(ids.len()).unwrap_or(0),
            provider_id: None,
            without_picture: 0,
            delivery: 0,
            error: None,
            sent_us: None,
            pace_us: None,
        };
        let row = row.with(&sent.outcome, now);
        let id = ids.last().and_then(Option::as_ref).filter(|_| row.state == "sent");
        Self { provider_id: id.map(MessageId::as_str), ..row }
    }

    fn with(self, outcome: &'a Sending, now: DateTime<Utc>) -> Self {
        let ended = |row: Self, state, error: &'a str| Self { state, error: Some(error), ..row };
        match outcome {
            Sending::Taken { without_picture } => {
                Self { without_picture: i64::from(*without_picture), delivery: 1, sent_us: Some(us(now)), ..self }
            }
            Sending::PutOff { until, error } => Self { due_us: us(*until), ..ended(self, "waiting", error) },
            Sending::Held { error } => ended(self, "held", error),
            Sending::Expired { error } => ended(self, "expired", error),
            Sending::Dead { error } => ended(self, "dead", error),
        }
    }
}
