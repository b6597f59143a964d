//! How many messages the provider of a channel took, hour by hour: what they cost. A row for each channel and hour, for ever, which is
//! less than the messages of one day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::message::ChannelId;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{each, on};
use crate::storage::handle::Storage;
use crate::storage::outbox::dispatch::Dispatch;
use crate::storage::outbox::reply::Sent;

/// Seconds of an hour.
const HOUR_SECONDS: i64 = 3_600;

/// Messages that the provider of a channel took within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentInHour {
    /// When the hour began.
    pub from: DateTime<Utc>,
    /// Free messages.
    pub inside: u64,
    /// Templates, outside of the window for free messages.
    pub outside: u64,
}

impl Dispatch {
    /// Counts the messages that were taken in these attempts, those of attempts that failed half-way too: they cost the same.
    pub(super) async fn count_sent(&mut self, sent: &[Sent], now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut counts: BTreeMap<&ChannelId, (u64, u64)> = BTreeMap::new();
        for one in sent.iter().filter(|one| !one.parts.ids.is_empty()) {
            let count = counts.entry(&one.channel).or_default();
            *(if one.as_template { &mut count.1 } else { &mut count.0 }) += one.parts.ids.len() as u64;
        }
        if counts.is_empty() {
            return Ok(());
        }
        let rows = json(
            &counts.into_iter().map(|(channel, (inside, outside))| (channel, inside, outside)).collect::<Vec<_>>(),
        )?;
        let sql = each!(
            self.tx(),
            "insert into channel_hour (channel, hour, inside, outside) select each.value->>0, cast($2 as bigint), \
             cast(each.value->>1 as bigint), cast(each.value->>2 as bigint) from",
            "where true on conflict (channel, hour) do update set inside = channel_hour.inside + excluded.inside, \
             outside = channel_hour.outside + excluded.outside"
        );
        let hour = now.timestamp().div_euclid(HOUR_SECONDS);
        on!(self.tx(), |conn| sqlx::query(sql).bind(&rows).bind(hour).execute(conn).await.map(drop))?;
        Ok(())
    }
}

impl Storage {
    /// What a channel sent from `since` on, by hours; one in which nothing was sent is not among them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sent_by_hour(
        &self,
        channel: &ChannelId,
        since: DateTime<Utc>,
    ) -> Result<Vec<SentInHour>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select hour, inside, outside from channel_hour where channel = $1 and hour >= $2 order by hour",
            )
            .bind(channel.as_str())
            .bind(since.timestamp().div_euclid(HOUR_SECONDS))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let hour = |(hour, inside, outside): (i64, i64, i64)| SentInHour {
            from: DateTime::from_timestamp(hour.saturating_mul(HOUR_SECONDS), 0).unwrap_or_default(),
            inside: count(inside),
            outside: count(outside),
        };
        Ok(rows.into_iter().map(hour).collect())
    }

    /// Whether a channel is stopped: by somebody, its provider or a fault.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn is_channel_stopped(&self, channel: &ChannelId) -> Result<bool, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(i64,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select cast(1 as bigint) from channel where channel = $1 and state <> 'open'")
                .bind(channel.as_str())
                .fetch_optional(conn)
                .await
        })?;
        tx.end().await?;
        Ok(row.is_some())
    }

    /// What went wrong lately on a channel, by what the provider said: the latest of replies that are not out, each with how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn channel_errors(&self, channel: &ChannelId, limit: u32) -> Result<Vec<(String, u64)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select error, cast(sum(n) as bigint) as n from (select error, count(*) as n from outbox where channel = $1 \
                 and state in ('waiting', 'claimed') and error is not null group by error union all \
                 select error, count(*) as n from (select channel, error from outbox where state in ('held', 'dead', 'expired') \
                 order by id limit 9223372036854775807) as stuck where channel = $1 and error is not null group by error) as all_of \
                 group by error order by 2 desc, 1 limit $2",
            )
            .bind(channel.as_str())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(|(error, count)| (error, u64::try_from(count).unwrap_or(0))).collect())
    }
}
