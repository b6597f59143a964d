//! Work that is done now and then, by one node at a time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::deadline;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;

/// Such work; each has a row of `job`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Job {
    /// What is over goes to the archive.
    Archive,
    /// Statuses that wait for their reply are looked through.
    Statuses,
    /// Holds that ended without a booking are cleared.
    Holds,
}

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Statuses => "statuses",
            Self::Holds => "holds",
        }
    }

    /// How long it rests after a step that left nothing to do; no step puts it off for longer.
    pub(in crate::storage) fn rest(self) -> TimeDelta {
        match self {
            Self::Archive | Self::Holds => TimeDelta::hours(1),
            Self::Statuses => TimeDelta::minutes(5),
        }
    }

    /// Whether it is due, with `due` as it was stored; one that no step can have put off so far was put off by a clock that was
    /// ahead.
    pub(in crate::storage) fn is_due(self, due: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        !deadline::is_open(due, self.rest(), now)
    }
}

impl Storage {
    /// When it is due.
    pub(in crate::storage) async fn job_due(&self, job: Job) -> Result<DateTime<Utc>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select due_us from job where name = $1").bind(job.name()).fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(at(due))
    }
}

/// Takes it, if it is due, and puts it off for its rest. Whoever changes the row does the work; the others wait for
/// it here, and then find it not due.
pub(in crate::storage) async fn claim(tx: &mut Tx, job: Job, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let sql = "update job set due_us = $1 where name = $2 and (due_us <= $3 or due_us > $4)";
    let claimed = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(us(now + job.rest()))
            .bind(job.name())
            .bind(us(now))
            .bind(us(deadline::latest(now, job.rest())))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
    })?;
    Ok(claimed > 0)
}

/// Says when claimed work is due again.
pub(in crate::storage) async fn put_off(tx: &mut Tx, job: Job, until: DateTime<Utc>) -> Result<(), StorageError> {
    let sql = "update job set due_us = $1 where name = $2";
    on!(tx, |conn| sqlx::query(sql).bind(us(until)).bind(job.name()).execute(conn).await.map(drop))?;
    Ok(())
}
