//! Work that is done now and then, by one node at a time.

use chrono::{DateTime, Utc};

use super::engine::{Tx, on};
use super::outbox::done_rows;
use super::rows::{at, us};
use super::{Storage, StorageError};

/// Such work; each has a row of `job`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// What is over goes to the archive.
    Archive,
    /// Statuses that wait for their reply are looked through.
    Statuses,
}

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Statuses => "statuses",
        }
    }
}

impl Storage {
    /// When it is due.
    pub(super) async fn job_due(&self, job: Job) -> Result<DateTime<Utc>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select due_us from job where name = $1").bind(job.name()).fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(at(due))
    }
}

/// Takes it, if it is due, and puts the next time off until `next`. Whoever changes the row does the work; the others wait for
/// it here, and then find it not due.
pub(super) async fn claim(
    tx: &mut Tx,
    job: Job,
    now: DateTime<Utc>,
    next: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let sql = "update job set due_us = $1 where name = $2 and due_us <= $3";
    let claimed = on!(tx, |conn| {
        sqlx::query(sql).bind(us(next)).bind(job.name()).bind(us(now)).execute(conn).await.map(|done| done_rows(&done))
    })?;
    Ok(claimed > 0)
}

/// Says when claimed work is due again.
pub(super) async fn put_off(tx: &mut Tx, job: Job, until: DateTime<Utc>) -> Result<(), StorageError> {
    let sql = "update job set due_us = $1 where name = $2";
    on!(tx, |conn| sqlx::query(sql).bind(us(until)).bind(job.name()).execute(conn).await.map(drop))?;
    Ok(())
}
