//! Jobs: work that is done now and then, by one node at a time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::deadline;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;

/// Pause between two steps while more is waiting, so that citizens never queue behind a job.
const PAUSE_MS: i64 = 500;

/// A job; each has a row of `job`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Job {
    /// Rows that are over are moved to the archive.
    Archive,
    /// Statuses that wait for their reply are checked.
    Statuses,
    /// Holds that ended without a booking are deleted.
    Holds,
    /// Notices that are long over are deleted.
    Notices,
    /// Hours and days at the counter are ended.
    Visits,
    /// Personal data that is too old is erased.
    Retention,
    /// The numbers of reports are counted.
    Tally,
}

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Statuses => "statuses",
            Self::Holds => "holds",
            Self::Notices => "notices",
            Self::Visits => "visits",
            Self::Retention => "retention",
            Self::Tally => "tally",
        }
    }

    /// How long it rests after a step that left nothing to do. No step puts it off for longer.
    pub(in crate::storage) fn rest(self) -> TimeDelta {
        match self {
            Self::Archive | Self::Holds | Self::Notices | Self::Retention => TimeDelta::hours(1),
            Self::Statuses | Self::Tally => TimeDelta::minutes(5),
            Self::Visits => TimeDelta::minutes(1),
        }
    }

    /// Whether it is due, given the stored `due`. A time that no step can have set was written by a clock that was
    /// ahead, and counts as due.
    pub(in crate::storage) fn is_due(self, due: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        !deadline::is_open(due, self.rest(), now)
    }
}

/// One step of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobStep {
    /// Rows that left their table; none where the job was not due, or another node did it.
    pub rows: u64,
    /// When it is due again.
    pub due: DateTime<Utc>,
}

/// What a step did before its commit.
pub(in crate::storage) struct Done {
    /// Rows that left their table.
    pub(in crate::storage) rows: u64,
    /// Whether as many again may be waiting.
    pub(in crate::storage) has_more: bool,
}

/// A job that this node may do now, or when it is due again.
pub(in crate::storage) enum Turn {
    /// The transaction holds the row of the job.
    Ours(Tx),
    /// It is not due before.
    Later(DateTime<Utc>),
}

impl Storage {
    /// Claims a job that is due, in `tx`, and puts it off for its rest. The node that changes the row of the job does the
    /// work; the others wait for that transaction, and then find the job not due. A job that is not due costs one read.
    pub(in crate::storage) async fn claim_job(
        &self,
        job: Job,
        now: DateTime<Utc>,
        begin: impl Future<Output = Result<Tx, StorageError>>,
    ) -> Result<Turn, StorageError> {
        let due = self.job_due(job).await?;
        if !job.is_due(due, now) {
            return Ok(Turn::Later(due));
        }
        let mut tx = begin.await?;
        if claim(&mut tx, job, now).await? {
            return Ok(Turn::Ours(tx));
        }
        tx.rollback().await?;
        Ok(Turn::Later(self.job_due(job).await?))
    }

    /// Claims the end of hours and days at the counter, which is done in transactions of its own. `false` where it is not due, or
    /// another node does it; with when it is due again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn claim_day_end(&self, now: DateTime<Utc>) -> Result<(bool, DateTime<Utc>), StorageError> {
        match self.claim_job(Job::Visits, now, self.pool.begin()).await? {
            Turn::Later(due) => Ok((false, due)),
            Turn::Ours(tx) => {
                tx.commit().await?;
                Ok((true, now + Job::Visits.rest()))
            }
        }
    }

    /// When it is due.
    async fn job_due(&self, job: Job) -> Result<DateTime<Utc>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select due_us from job where name = $1").bind(job.name()).fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(at(due))
    }
}

async fn claim(tx: &mut Tx, job: Job, now: DateTime<Utc>) -> Result<bool, StorageError> {
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

/// Commits a step of a claimed job: it is due again after a pause while more is waiting, else after its rest.
pub(in crate::storage) async fn finish(
    mut tx: Tx,
    job: Job,
    done: Done,
    now: DateTime<Utc>,
) -> Result<JobStep, StorageError> {
    let due = now + if done.has_more { TimeDelta::milliseconds(PAUSE_MS) } else { job.rest() };
    let sql = "update job set due_us = $1 where name = $2";
    on!(&mut tx, |conn| sqlx::query(sql).bind(us(due)).bind(job.name()).execute(conn).await.map(drop))?;
    tx.commit().await?;
    Ok(JobStep { rows: done.rows, due })
}
