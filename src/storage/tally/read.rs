//! The numbers, read for a report.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::office::OfficeId;
use crate::domain::tally::{Kind, Span, Tally};
use crate::storage::engine::column::{at, bad, fits};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// When the numbers were last counted; `None`: not yet.
pub type CountedAt = Option<DateTime<Utc>>;

impl Storage {
    /// The numbers of an office in some days, and when they were last counted.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn tallies(&self, office: &OfficeId, span: Span) -> Result<(Vec<Tally>, CountedAt), StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(NaiveDate, String, i64, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select date, kind, hour, name, count from tally where office = $1 and date >= $2 and date <= $3 \
                 order by date, kind, hour, name",
            )
            .bind(office.as_str())
            .bind(span.first)
            .bind(span.last)
            .fetch_all(conn)
            .await
        })?;
        let (counted,): (Option<i64>,) = on!(&mut tx, |conn| {
            // The latest part of an office, and the latest hour of all, are the ones that go on.
            sqlx::query_as(
                "select min(counted_us) from (select counted_us from (select counted_us from tally_done \
                 where office = $1 order by part desc limit 1) days union all select counted_us from \
                 (select counted_us from tally_done where office = '' order by part desc limit 1) hours) parts",
            )
            .bind(office.as_str())
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        let tally = |(date, kind, hour, name, count): (NaiveDate, String, i64, String, i64)| {
            Ok(Tally {
                date,
                kind: Kind::named(&kind).ok_or_else(|| bad("tally.kind"))?,
                hour: fits("tally.hour", hour)?,
                name,
                count: fits("tally.count", count)?,
            })
        };
        Ok((rows.into_iter().map(tally).collect::<Result<_, StorageError>>()?, counted.map(at)))
    }

    /// Places that are taken in some days, by day and hour: those of unconfirmed holds, too.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn taken_places(&self, office: &OfficeId, span: Span) -> Result<Vec<(NaiveDate, u8, u64)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(NaiveDate, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select date, hour, taken from hour where office = $1 and date >= $2 and date <= $3 and taken > 0 \
                 order by date, hour",
            )
            .bind(office.as_str())
            .bind(span.first)
            .bind(span.last)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter()
            .map(|(date, hour, taken)| Ok((date, fits("hour.hour", hour)?, fits("hour.taken", taken)?)))
            .collect()
    }
}
