//! Deletes notices that are long over.
//!
//! As long as a notice is kept it is not said again; what it was about is over by then, so nothing would find it anew.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};

use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{self, Done, Job, JobStep, Turn};

/// How long a notice is kept after it became too late, in days: longer than any office books ahead.
const KEPT_DAYS: i64 = 200;

/// Notices to delete: `$1` the latest end, `$2` how many. In a statement of its own: PostgreSQL estimates an unknown limit as a
/// tenth of the table, and would scan all of it.
const OVER: &str = "select id from notice where drop_us < $1 order by drop_us limit $2";

static CLEAR: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new("delete from notice where id in (select cast(each.value->>0 as bigint) from @each($1))")
});

impl Storage {
    /// Deletes about `limit` of the notices that are long over, oldest first, if it is due and no other node does it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn clear_notices(&self, now: DateTime<Utc>, limit: u32) -> Result<JobStep, StorageError> {
        let mut tx = match self.claim_job(Job::Notices, now, self.pool.begin()).await? {
            Turn::Ours(tx) => tx,
            Turn::Later(due) => return Ok(JobStep { rows: 0, due }),
        };
        let before = us(now - Duration::days(KEPT_DAYS));
        let over: Vec<(i64,)> =
            on!(&mut tx, |conn| sqlx::query_as(OVER).bind(before).bind(i64::from(limit)).fetch_all(conn).await)?;
        let (over, sql) = (json(&over)?, CLEAR.sql(&tx));
        let rows =
            on!(&mut tx, |conn| sqlx::query(sql).bind(&over).execute(conn).await.map(|done| rows_affected(&done)))?;
        job::finish(tx, Job::Notices, Done { rows, has_more: rows >= u64::from(limit) }, now).await
    }
}
