//! How offices are: what waits, which channels do not send, how full the next days are.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::office::OfficeId;
use crate::domain::tally::Span;
use crate::storage::engine::column::{at, fits};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// What waits at an office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeQueue {
    /// Replies that wait or are being sent.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub since: Option<DateTime<Utc>>,
    /// Channels that do not send, each with its state.
    pub stopped: Vec<(String, String)>,
}

impl Storage {
    /// What waits at each office; those where nothing does, and all channels send, are left out.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn office_queues(&self) -> Result<BTreeMap<String, OfficeQueue>, StorageError> {
        let mut tx = self.pool.read().await?;
        let waiting: Vec<(String, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select office, count(*), min(created_us) from outbox where state in ('waiting', 'claimed') group by office",
            )
            .fetch_all(conn)
            .await
        })?;
        let stopped: Vec<(String, String, Option<String>)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                // A channel belongs to one office: any of its contacts tells which.
                "select channel, state, (select conversation.office from conversation \
                 where conversation.channel = channel.channel limit 1) from channel where state <> 'open' order by channel",
            )
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let mut queues: BTreeMap<String, OfficeQueue> = BTreeMap::new();
        for (office, count, since) in waiting {
            let queue = queues.entry(office).or_default();
            (queue.waiting, queue.since) = (fits("count of outbox", count)?, Some(at(since)));
        }
        for (channel, state, office) in stopped {
            // A channel that nobody has written on yet is nobody's trouble.
            let Some(office) = office else { continue };
            queues.entry(office).or_default().stopped.push((channel, state));
        }
        Ok(queues)
    }

    /// Places of some days, and how many of them are taken; days on which nobody has booked yet are left out.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn day_loads(&self, office: &OfficeId, span: Span) -> Result<Vec<(NaiveDate, u64, u64)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(NaiveDate, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select date, capacity, taken from day where office = $1 and date >= $2 and date <= $3 order by date",
            )
            .bind(office.as_str())
            .bind(span.first)
            .bind(span.last)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let load = |(date, capacity, taken)| Ok((date, fits("day.capacity", capacity)?, fits("day.taken", taken)?));
        rows.into_iter().map(load).collect()
    }
}
