//! The channels that replies are sent on: each with a state that every node obeys, and a rate that all nodes share.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::message::ChannelId;
use crate::storage::engine::column::{at, bad, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::select_row;
use crate::storage::engine::transaction::{Tx, each, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::outbox::dispatch::Dispatch;

/// The state of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelState {
    /// It sends.
    Open,
    /// Somebody paused it.
    Paused,
    /// It is broken (token, session); it is checked now and then whether it works again.
    Broken,
    /// The provider has limited the account; only a person opens the channel again.
    Limited,
}

impl ChannelState {
    /// Its name in the database, in lists and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Broken => "broken",
            Self::Limited => "limited",
        }
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Paused, Self::Broken, Self::Limited];
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub id: ChannelId,
    /// Whether it sends.
    pub state: ChannelState,
    /// Why it does not send, without personal data.
    pub reason: Option<String>,
    /// When it got this state.
    pub since: DateTime<Utc>,
    /// Its pace: the state of its [`crate::domain::rate::Rate`].
    pub next: DateTime<Utc>,
    /// Nothing goes before this instant.
    pub rest_until: DateTime<Utc>,
    /// Passing faults in a row.
    pub faults: u32,
}

/// A channel with its queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelQueue {
    /// The channel.
    pub channel: Channel,
    /// Replies that wait or are being sent.
    pub waiting: u64,
    /// Replies that wait until their citizen writes again.
    pub held: u64,
    /// Replies that were given up.
    pub dead: u64,
}

select_row! {
    /// A row of `channel`.
    struct ChannelRow from "channel" {
        channel: String,
        state: String,
        reason: Option<String>,
        since_us: i64,
        next_us: i64,
        rest_us: i64,
        faults: i64,
    }
}

/// Every channel, by name.
static ALL: LazyLock<Statement> =
    LazyLock::new(|| Statement::new(&format!("select {} from channel order by channel", ChannelRow::COLUMNS)));

/// Channels by name (a JSON array, `$1`), locked in ascending order.
static LOCKED: LazyLock<[String; 2]> = LazyLock::new(|| {
    let columns = ChannelRow::COLUMNS;
    [
        format!("select {columns} from channel where channel in (select value from json_each($1)) order by channel"),
        format!(
            "select {columns} from channel where channel in (select value from \
             jsonb_array_elements_text($1::text::jsonb) as each(value)) order by channel for update"
        ),
    ]
});

impl ChannelRow {
    fn channel(self) -> Result<Channel, StorageError> {
        let state = ChannelState::ALL.into_iter().find(|state| state.name() == self.state);
        Ok(Channel {
            id: ChannelId::stored(self.channel),
            state: state.ok_or_else(|| bad("channel.state"))?,
            reason: self.reason,
            since: at(self.since_us),
            next: at(self.next_us),
            rest_until: at(self.rest_us),
            faults: u32::try_from(self.faults).unwrap_or(u32::MAX),
        })
    }
}

/// A change of a channel's state.
struct Change<'a> {
    /// Only from this state; `None`: from any.
    from: Option<ChannelState>,
    to: ChannelState,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Written<'a> {
    channel: &'a str,
    state: &'static str,
    reason: Option<&'a str>,
    since_us: i64,
    next_us: i64,
    rest_us: i64,
    faults: u32,
}

impl Storage {
    /// Inserts channels that may send; known channels keep their state.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn enrol_channels(&self, channels: &[ChannelId], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        let rows = json(&channels.iter().map(|channel| (channel, us(now))).collect::<Vec<_>>())?;
        let sql = each!(
            &tx,
            "insert into channel (channel, state, since_us, next_us, rest_us, faults, turn_us) \
             select each.value->>0, 'open', cast(each.value->>1 as bigint), 0, 0, 0, 0 from",
            "where true on conflict (channel) do nothing"
        );
        on!(&mut tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    /// Inserts the channels of waiting replies that are not known yet; returns whether there were any.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn enrol_unknown_channels(&self, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let new = on!(&mut tx, |conn| {
            sqlx::query(
                // From name to name along an index, so that a long queue is not scanned.
                "with recursive names (channel) as (\
                 select min(channel) from outbox where state in ('waiting', 'claimed') union all \
                 select (select min(o.channel) from outbox o where o.state in ('waiting', 'claimed') \
                 and o.channel > names.channel) from names where names.channel is not null) \
                 insert into channel (channel, state, since_us, next_us, rest_us, faults, turn_us) \
                 select n.channel, 'open', cast($1 as bigint), 0, 0, 0, 0 from names n where n.channel is not null \
                 and not exists (select 1 from channel c where c.channel = n.channel) on conflict (channel) do nothing",
            )
            .bind(us(now))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        if new == 0 {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
        }
        Ok(new > 0)
    }

    /// All known channels with their queues, by name.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn channels(&self) -> Result<Vec<ChannelQueue>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = ALL.sql(&tx);
        let rows: Vec<ChannelRow> = on!(&mut tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)?;
        // Only open replies, which two indices hold, however many were sent. Those that are stuck are selected first,
        // by number: grouped at once, SQLite scans every reply in the order of their channels.
        let counts: Vec<(String, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select channel, state, count(*) from outbox where state in ('waiting', 'claimed') \
                 group by channel, state union all \
                 select channel, state, count(*) from (select channel, state from outbox \
                 where state in ('held', 'dead', 'expired') order by id limit 9223372036854775807) as stuck \
                 group by channel, state",
            )
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter()
            .map(|row| {
                let channel = row.channel()?;
                let count = |states: &[&str]| {
                    let of = counts
                        .iter()
                        .filter(|(id, state, _)| id == channel.id.as_str() && states.contains(&state.as_str()));
                    of.map(|(.., count)| u64::try_from(*count).unwrap_or(0)).sum()
                };
                let (waiting, held, dead) = (count(&["waiting", "claimed"]), count(&["held"]), count(&["dead"]));
                Ok(ChannelQueue { channel, waiting, held, dead })
            })
            .collect()
    }

    /// Sets the state of a channel; opening it also ends its rest and resets its pace. Returns whether the channel is known.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn set_channel(
        &self,
        channel: &ChannelId,
        state: ChannelState,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        self.change_state(channel, Change { from: None, to: state, reason }, now).await
    }

    /// Stops an open channel; a channel in another state keeps it. A broken channel is checked again at once. Returns whether it
    /// was open.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn stop_channel(
        &self,
        channel: &ChannelId,
        state: ChannelState,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        self.change_state(channel, Change { from: Some(ChannelState::Open), to: state, reason: Some(reason) }, now)
            .await
    }

    /// Opens a channel that was broken; one that an officer paused meanwhile stays paused. Returns whether it was broken.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn reopen_channel(&self, channel: &ChannelId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        self.change_state(
            channel,
            Change { from: Some(ChannelState::Broken), to: ChannelState::Open, reason: None },
            now,
        )
        .await
    }

    /// Changes the state of a channel, and ends its rest and its row of faults. Returns whether there was such a channel in
    /// that state.
    async fn change_state(
        &self,
        channel: &ChannelId,
        change: Change<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let changed = on!(&mut tx, |conn| {
            sqlx::query(
                "update channel set state = $1, reason = $2, faults = 0, rest_us = 0, \
                 next_us = case when $1 = 'open' and $5 is null then 0 else next_us end, \
                 since_us = case when state = $1 then since_us else $3 end \
                 where channel = $4 and state = coalesce($5, state)",
            )
            .bind(change.to.name())
            .bind(change.reason)
            .bind(us(now))
            .bind(channel.as_str())
            .bind(change.from.map(ChannelState::name))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Lets broken channels be checked again at once: the configuration may have changed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn ask_broken_channels_again(&self) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update channel set rest_us = 0 where state = 'broken'").execute(conn).await.map(drop)
        })?;
        tx.commit().await
    }
}

impl Dispatch {
    /// Channels by name, locked until the commit in ascending order, so that two nodes never wait on each other.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn channels(&mut self, names: &[&ChannelId]) -> Result<Vec<Channel>, StorageError> {
        let names = json(names)?;
        let [sqlite, postgres] = &*LOCKED;
        let sql = if matches!(self.tx(), Tx::Postgres(_)) { postgres } else { sqlite }.as_str();
        let rows: Vec<ChannelRow> = on!(self.tx(), |conn| sqlx::query_as(sql).bind(&names).fetch_all(conn).await)?;
        rows.into_iter().map(ChannelRow::channel).collect()
    }

    /// Names of up to `limit` channels that have no rest and a reply that is due, or are broken and may be checked; the
    /// one whose last turn is longest ago first. A rest that ends after `latest`, and a turn in the future, were
    /// written by a clock that was ahead.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due_channels(
        &mut self,
        now: DateTime<Utc>,
        latest: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<ChannelId>, StorageError> {
        let rows: Vec<(String,)> = on!(self.tx(), |conn| {
            sqlx::query_as(
                // The minimum of each channel: for a test whether there is any, the planner would gather all that waits.
                "select c.channel from channel c where c.state in ('open', 'broken') \
                 and (c.rest_us <= $1 or c.rest_us > $3) \
                 and (c.state = 'broken' or (select min(o.due_us) from outbox o where o.channel = c.channel \
                 and o.state in ('waiting', 'claimed')) <= $1) order by case when c.turn_us > $1 then 0 else c.turn_us end, \
                 c.channel limit $2",
            )
            .bind(us(now))
            .bind(i64::from(limit))
            .bind(us(latest))
            .fetch_all(conn)
            .await
        })?;
        Ok(rows.into_iter().map(|(channel,)| ChannelId::stored(channel)).collect())
    }

    /// Writes the state of channels; `turn` is when replies were taken from them, if they were.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn write_channels(
        &mut self,
        channels: &[&Channel],
        turn: Option<DateTime<Utc>>,
    ) -> Result<(), StorageError> {
        if channels.is_empty() {
            return Ok(());
        }
        let rows = json(&channels.iter().map(|channel| Written::of(channel)).collect::<Vec<_>>())?;
        let sql = each!(
            self.tx(),
            "update channel set state = s.state, reason = s.reason, since_us = s.since_us, next_us = s.next_us, \
             rest_us = s.rest_us, faults = s.faults, turn_us = coalesce($2, turn_us) \
             from (select each.value->>'channel' as channel, each.value->>'state' as state, \
             each.value->>'reason' as reason, cast(each.value->>'since_us' as bigint) as since_us, \
             cast(each.value->>'next_us' as bigint) as next_us, cast(each.value->>'rest_us' as bigint) as rest_us, \
             cast(each.value->>'faults' as bigint) as faults from",
            ") as s where channel.channel = s.channel"
        );
        on!(self.tx(), |conn| sqlx::query(sql).bind(&rows).bind(turn.map(us)).execute(conn).await.map(drop))?;
        Ok(())
    }
}

impl<'a> Written<'a> {
    fn of(channel: &'a Channel) -> Self {
        Self {
            channel: channel.id.as_str(),
            state: channel.state.name(),
            reason: channel.reason.as_deref(),
            since_us: us(channel.since),
            next_us: us(channel.next),
            rest_us: us(channel.rest_until),
            faults: channel.faults,
        }
    }
}
