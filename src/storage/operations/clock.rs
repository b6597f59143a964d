//! Repairs times that a clock which was ahead has written, among what still waits; and reads the server's clock, to
//! compare with.
//!
//! Each search uses an index of open rows. Nothing is written where nothing is wrong, which is nearly always.

use std::sync::LazyLock;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Reading;
use crate::domain::deadline;
use crate::storage::engine::column::{at, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::pool::Pool;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, each, on, rows_affected};
use crate::storage::handle::Storage;

/// Replies of one channel that one search brings back: a commit of some milliseconds. The next search follows within
/// seconds.
const REPLIES_MAX: i64 = 1_000;
/// Readings of the server's clock for one comparison; the one with the shortest round trip is the most exact.
const READINGS: usize = 3;

/// Of each channel, among its replies that are due later than an instant (`$1`), the last so many (`$3`): those that are
/// due later than another instant (`$2`) or were written later than the first. What a clock that was ahead put off is
/// due last of all.
static PUT_OFF_AHEAD: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select cast((select @list(r.id) from (select w.id, w.due_us, w.created_us from outbox w \
         where w.channel = c.channel and w.state in ('waiting', 'claimed') and w.due_us > $1 \
         order by w.due_us desc, w.id desc limit $3) as r where r.due_us > $2 or r.created_us > $1) as text) from channel c",
    )
});

impl Storage {
    /// Whether the database has a clock of its own: a server has, a file on this machine has not. Sends nothing.
    pub fn has_clock(&self) -> bool {
        matches!(self.pool, Pool::Postgres(_))
    }

    /// The reading of the server's clock, and whether the server is another machine, as far as the two ends of the
    /// connection tell; `None` where the database is a file on this machine.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn server_clock(&self) -> Result<Option<(Reading, bool)>, StorageError> {
        if !self.has_clock() {
            return Ok(None);
        }
        let mut tx = self.pool.read().await?;
        let mut best: Option<(std::time::Duration, (Reading, bool))> = None;
        for _ in 0..READINGS {
            let asked = Instant::now();
            let (shown, is_elsewhere): (i64, bool) = on!(&mut tx, |conn| {
                sqlx::query_as(
                    "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint), \
                     coalesce(inet_server_addr() <> inet_client_addr(), false)",
                )
                .fetch_one(conn)
                .await
            })?;
            let way = asked.elapsed();
            if best.is_none_or(|(shortest, _)| way < shortest) {
                best = Some((way, (Reading { shown: at(shown), at: asked + way / 2 }, is_elsewhere)));
            }
        }
        tx.end().await?;
        Ok(best.map(|(_, reading)| reading))
    }

    /// Makes replies due now that are due later than any rule (`longest`) puts them off by `now`, or were written by a
    /// clock that was ahead. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bring_back_replies(&self, now: DateTime<Utc>, longest: TimeDelta) -> Result<u64, StorageError> {
        let (ahead, latest) = (us(deadline::latest(now, TimeDelta::zero())), us(deadline::latest(now, longest)));
        let mut tx = self.pool.read().await?;
        let sql = PUT_OFF_AHEAD.sql(&tx);
        let found: Vec<(Option<String>,)> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(ahead).bind(latest).bind(REPLIES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        let mut ids: Vec<(i64,)> = Vec::new();
        for line in found.into_iter().filter_map(|(line,)| line) {
            ids.extend(unjson::<Vec<i64>>("outbox", &line)?.into_iter().map(|id| (id,)));
        }
        if ids.is_empty() {
            return Ok(0);
        }
        let rows = json(&ids)?;
        let mut tx = self.pool.begin().await?;
        let sql = each!(
            &tx,
            "update outbox set due_us = $2, created_us = case when created_us > $3 then $2 else created_us end \
             where state in ('waiting', 'claimed') and due_us > $3 and id in (select cast(each.value->>0 as bigint) from",
            ")"
        );
        let count = on!(&mut tx, |conn| {
            sqlx::query(sql).bind(&rows).bind(us(now)).bind(ahead).execute(conn).await.map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(count)
    }

    /// Lets holds that a clock which was ahead made count as made now: each keeps its duration, and at most its
    /// deadline. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bring_back_holds(&self, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let ahead = us(deadline::latest(now, TimeDelta::zero()));
        let mut tx = self.pool.read().await?;
        let offices: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select distinct office from booking where state = 'held' and created_us > $1 order by office",
            )
            .bind(ahead)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        if offices.is_empty() {
            return Ok(0);
        }
        let offices = json(&offices.iter().map(|(office,)| office).collect::<Vec<_>>())?;
        let mut tx = self.pool.begin().await?;
        if let Tx::Postgres(tx) = &mut tx {
            // Batches write the holds that they read under this lock. Ascending, so that two nodes never wait on each
            // other.
            let lock = "select from office where id in (select value from jsonb_array_elements_text($1::text::jsonb) \
                 as each(value)) order by id for update";
            tx.execute(sqlx::query(lock).bind(&offices)).await?;
        }
        let count = on!(&mut tx, |conn| {
            sqlx::query(
                "update booking set created_us = $1, hold_until_us = case when hold_until_us > created_us \
                 then hold_until_us - created_us + $1 else hold_until_us end where state = 'held' and created_us > $2",
            )
            .bind(us(now))
            .bind(ahead)
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(count)
    }
}
