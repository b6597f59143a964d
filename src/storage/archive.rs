//! Moves what is over out of the tables that every message reads: small commits, oldest first, one node at a time.
//!
//! Killed at any moment it has moved what it committed; the next step goes on there.

use chrono::{DateTime, Duration, Utc};

use super::engine::on;
use super::outbox::{Done, done_rows};
use super::rows::{at, us};
use super::{Storage, StorageError};

/// Rests between two steps while more is waiting, so that citizens never queue behind the archive.
const PAUSE_MS: i64 = 500;
/// Rests when everything that is over has been moved.
const REST_MINUTES: i64 = 60;

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archived {
    /// Rows moved; none where it was not due, or another node was at it.
    pub rows: u64,
    /// When it is due again.
    pub due: DateTime<Utc>,
}

/// A table, its archive, and which of its rows may go.
struct Over {
    /// The instant up to which this step moves: that of the last of `$2` rows before `$1`. A row written in the same
    /// instant goes along, so nothing is split.
    until: &'static str,
    copy: &'static str,
    delete: &'static str,
}

macro_rules! over {
    ($table:literal, $time:literal, $only:literal, $columns:literal) => {
        Over {
            until: concat!(
                "select max(old) from (select ",
                $time,
                " as old from ",
                $table,
                " where ",
                $time,
                " < $1",
                $only,
                " order by ",
                $time,
                " limit $2) as oldest"
            ),
            copy: concat!(
                "insert into ",
                $table,
                "_archive (",
                $columns,
                ") select ",
                $columns,
                " from ",
                $table,
                " where ",
                $time,
                " <= $1",
                $only,
                " on conflict do nothing"
            ),
            delete: concat!("delete from ", $table, " where ", $time, " <= $1", $only),
        }
    };
}

/// Replies last: an audit looks for the message that a reply answers, wherever it is.
const OVER: [Over; 3] = [
    over!("inbound", "served_us", "", "channel, message, office, contact, sent_us, served_us, content"),
    over!("event", "at_us", "", "id, booking, at_us, state, detail"),
    over!(
        "outbox",
        "created_us",
        " and state in ('sent', 'dead')",
        "id, channel, contact, seq, office, reply_to, text, qr, state, attempts, provider_id, delivery, error, \
         created_us, sent_us"
    ),
];

impl Storage {
    /// Moves the oldest rows from before `before` to the archive, about `limit` of each table, if it is due and no other
    /// node is at it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn archive(
        &self,
        now: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Archived, StorageError> {
        let due = self.archive_due().await?;
        if due > now {
            return Ok(Archived { rows: 0, due });
        }
        let mut tx = self.pool.begin().await?;
        let rest = now + Duration::minutes(REST_MINUTES);
        // Whoever changes this row does the step; the others wait for it here, and then find it not due.
        let claim = "update job set due_us = $1 where name = 'archive' and due_us <= $2";
        let claimed = on!(&mut tx, |conn| {
            sqlx::query(claim).bind(us(rest)).bind(us(now)).execute(conn).await.map(|done| done_rows(&done))
        })?;
        if claimed == 0 {
            tx.rollback().await?;
            return Ok(Archived { rows: 0, due: self.archive_due().await? });
        }
        let (mut rows, mut more) = (0, false);
        for over in &OVER {
            let (until,): (Option<i64>,) = on!(&mut tx, |conn| {
                sqlx::query_as(over.until).bind(us(before)).bind(i64::from(limit)).fetch_one(conn).await
            })?;
            let Some(until) = until else { continue };
            on!(&mut tx, |conn| sqlx::query(over.copy).bind(until).execute(conn).await.map(drop))?;
            let moved = on!(&mut tx, |conn| {
                sqlx::query(over.delete).bind(until).execute(conn).await.map(|done| done.rows())
            })?;
            rows += moved;
            more |= moved >= u64::from(limit);
        }
        let due = if more { now + Duration::milliseconds(PAUSE_MS) } else { rest };
        on!(&mut tx, |conn| {
            sqlx::query("update job set due_us = $1 where name = 'archive'").bind(us(due)).execute(conn).await.map(drop)
        })?;
        tx.commit().await?;
        Ok(Archived { rows, due })
    }

    async fn archive_due(&self) -> Result<DateTime<Utc>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select due_us from job where name = 'archive'").fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(at(due))
    }
}
