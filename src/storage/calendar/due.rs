//! Changes whose people are to be moved and told now.

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;

impl Storage {
    /// Changes that can be undone no more and whose people were not all moved and told, each with its office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due_calendar_changes(&self, now: DateTime<Utc>) -> Result<Vec<(i64, OfficeId)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office from calendar_change where state in ('waiting', 'settling') and settle_us <= $1 order by id",
            )
            .bind(us(now))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let change =
            |(id, office): (i64, String)| Ok((id, OfficeId::read(&office).map_err(|_| bad("calendar_change.office"))?));
        rows.into_iter().map(change).collect()
    }

    /// When the next change can be undone no more.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_calendar_change(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (next,): (Option<i64>,) = on!(&mut tx, |conn| {
            sqlx::query_as("select min(settle_us) from calendar_change where state in ('waiting', 'settling')")
                .fetch_one(conn)
                .await
        })?;
        tx.end().await?;
        Ok(next.map(at))
    }

    /// From now on a change cannot be undone. Whether it was not undone before.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_settling(&self, change: i64) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let begun = on!(&mut tx, |conn| {
            sqlx::query(
                "update calendar_change set state = 'settling' where id = $1 and state in ('waiting', 'settling')",
            )
            .bind(change)
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(begun > 0)
    }

    /// Everybody whom a change concerns was moved, and their notices are planned.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_settling(&self, change: i64, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update calendar_change set state = 'done', ended_us = $2 where id = $1 and state = 'settling'")
                .bind(change)
                .bind(us(now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }
}
