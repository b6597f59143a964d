//! Failed sign-ins in a row, shared by all nodes. A try is counted before it is judged: of many at once none is free.

use chrono::{DateTime, Utc};

use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;

/// Tries of one subject that have failed, or are being judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row.
    pub failures: u32,
    /// When the last one was made.
    pub last: DateTime<Utc>,
}

impl Storage {
    /// Counts a try of these subjects, in ascending order, where `allow` says so of what was before: one entry for each, with
    /// tries from before `since` forgotten. Returns whether it was allowed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn count_try(
        &self,
        subjects: &[String],
        (since, now): (DateTime<Utc>, DateTime<Utc>),
        allow: impl FnOnce(&[Tries]) -> bool + Send,
    ) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let mut before = Vec::new();
        for subject in subjects {
            // Locks the row on either engine, whether or not it was there.
            let (failures, last): (i64, i64) = on!(&mut tx, |conn| {
                sqlx::query_as(
                    "insert into staff_throttle (subject, failures, failed_us) values ($1, 0, $2) \
                     on conflict (subject) do update set failures = staff_throttle.failures returning failures, failed_us",
                )
                .bind(subject)
                .bind(us(now))
                .fetch_one(conn)
                .await
            })?;
            let failures = if last < us(since) { 0 } else { u32::try_from(failures).unwrap_or(u32::MAX) };
            before.push(Tries { failures, last: at(last) });
        }
        let is_allowed = allow(&before);
        if is_allowed {
            for (subject, tries) in subjects.iter().zip(&before) {
                on!(&mut tx, |conn| {
                    sqlx::query("update staff_throttle set failures = $2, failed_us = $3 where subject = $1")
                        .bind(subject)
                        .bind(i64::from(tries.failures) + 1)
                        .bind(us(now))
                        .execute(conn)
                        .await
                        .map(drop)
                })?;
            }
        }
        tx.commit().await?;
        Ok(is_allowed)
    }

    /// Takes one try back that was none: it succeeded. With `all`, the whole row of failures is forgotten.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn forgive(&self, subject: &str, all: bool) -> Result<(), StorageError> {
        let sql = if all {
            "delete from staff_throttle where subject = $1"
        } else {
            "update staff_throttle set failures = failures - 1 where subject = $1 and failures > 0"
        };
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| sqlx::query(sql).bind(subject).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    /// Deletes what has long been forgotten; returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn delete_old_tries(&self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from staff_throttle where failed_us < $1")
                .bind(us(before))
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Whether somebody has signed in from this network since `since`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn is_known_network(
        &self,
        login: &str,
        network: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let mut tx = self.pool.read().await?;
        let (count,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select count(*) from staff_network join staff on staff.id = staff_network.staff where staff.login = $1 \
                 and staff_network.network = $2 and staff_network.seen_us > $3",
            )
            .bind(login)
            .bind(network)
            .bind(us(since))
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        Ok(count > 0)
    }
}
