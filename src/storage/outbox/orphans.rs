//! Statuses whose reply was not known when they came: applied once it is known, deleted where it never will be.
//!
//! `status` leaves none behind whose reply is recorded. This finds, some minutes late, what a node of an earlier
//! version, a restored copy or a fault of this program left.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::message::ChannelId;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{Job, Turn};
use crate::storage::outbox::status;

/// How long a status waits for its reply, in hours: a send is recorded within minutes, whatever happens.
const ORPHAN_HOURS: i64 = 24;
/// Statuses that one step applies, in one commit of SQLite's one writer.
const ADOPTED_MAX: i64 = 500;

/// Statuses that wait although their reply, or one part of it, is known.
static KNOWN: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select s.channel, s.provider_id from orphan_status s \
         @seek(outbox o where o.channel = s.channel and o.provider_id = s.provider_id) \
         union select s.channel, s.provider_id from orphan_status s \
         @seek(outbox_part p where p.channel = s.channel and p.provider_id = s.provider_id) \
         @seek(outbox w where w.id = p.outbox) limit $1",
    )
});

impl Storage {
    /// Applies statuses whose reply is known by now and, where `is_settled` says that the clock may judge what is too
    /// old, deletes those whose reply was never recorded (other programs may send on the same channel); if that is due and
    /// no other node does it. Returns how many were applied.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn adopt_orphan_statuses(&self, now: DateTime<Utc>, is_settled: bool) -> Result<usize, StorageError> {
        let Turn::Ours(mut tx) = self.claim_job(Job::Statuses, now, self.pool.begin_dispatch()).await? else {
            return Ok(0);
        };
        let sql = KNOWN.sql(&tx);
        let known: Vec<(String, String)> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(ADOPTED_MAX).fetch_all(conn).await)?;
        let mut adopted = 0;
        if !known.is_empty() {
            // The channels before the statuses, as the courier locks them, so that two nodes never wait on each other.
            let channels: BTreeSet<ChannelId> =
                known.iter().map(|(channel, _)| ChannelId::stored(channel.clone())).collect();
            status::lock_channels(&mut tx, &channels.iter().collect()).await?;
            adopted = status::adopt(&mut tx, &json(&known)?, now).await?;
        }
        if is_settled {
            let before = us(now - TimeDelta::hours(ORPHAN_HOURS));
            on!(&mut tx, |conn| {
                sqlx::query("delete from orphan_status where at_us < $1").bind(before).execute(conn).await.map(drop)
            })?;
        }
        tx.commit().await?;
        Ok(adopted)
    }
}
