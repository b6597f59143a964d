//! Authentic webhook bodies that this version cannot read. They are personal data that nobody has seen: limited in
//! number and age.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;

/// Most bodies that are kept; beyond it the oldest is deleted. A provider that changes its format produces them within
/// minutes, and the first thousand show the change as well as all would.
pub const UNREAD_MAX: u32 = 1_000;
/// How long a body is kept: an upgrade that reads it comes within a month, or it is of no use any more.
pub const UNREAD_AGE_MAX: TimeDelta = TimeDelta::days(30);

/// What is kept of one body.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadBody {
    /// The gateway's configured name.
    pub gateway: String,
    /// The sender, where that can be read.
    pub sender: Option<String>,
    /// The body.
    pub body: String,
    /// Why it cannot be read.
    pub reason: String,
}

/// Bodies are personal data, so Debug shows the length only.
impl std::fmt::Debug for UnreadBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnreadBody({}, {} bytes, {})", self.gateway, self.body.len(), self.reason)
    }
}

/// A kept body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRow {
    /// Its number.
    pub id: i64,
    /// What is kept.
    pub kept: UnreadBody,
    /// When it came.
    pub at: DateTime<Utc>,
}

type Row = (i64, String, Option<String>, String, String, i64);

fn row((id, gateway, sender, body, reason, us): Row) -> UnreadRow {
    UnreadRow { id, kept: UnreadBody { gateway, sender, body, reason }, at: at(us) }
}

impl Storage {
    /// Keeps bodies that cannot be read; one that is kept already stays as it is. Returns how many are new.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_unread(&self, bodies: &[UnreadBody], now: DateTime<Utc>) -> Result<u64, StorageError> {
        // Before the transaction: on SQLite both need the one writer.
        let ids = self.ids(bodies.len()).await?;
        let mut tx = self.pool.begin().await?;
        tx.confirm_at_commit();
        let mut new = 0;
        for (id, kept) in ids.zip(bodies) {
            let mut hash = Sha256::new();
            hash.update(kept.gateway.as_bytes());
            hash.update([0]);
            hash.update(kept.body.as_bytes());
            let hash = hex::encode(hash.finalize());
            new += on!(&mut tx, |conn| {
                sqlx::query(
                    "insert into unread (id, gateway, hash, sender, body, reason, at_us) \
                     values ($1, $2, $3, $4, $5, $6, $7) on conflict (hash) do nothing",
                )
                .bind(id)
                .bind(&kept.gateway)
                .bind(&hash)
                .bind(kept.sender.as_deref())
                .bind(&kept.body)
                .bind(&kept.reason)
                .bind(us(now))
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
            })?;
        }
        on!(&mut tx, |conn| {
            sqlx::query(
                "delete from unread where id in (select id from unread order by at_us desc, id desc limit $2 offset $1)",
            )
            .bind(i64::from(UNREAD_MAX))
            .bind(i64::try_from(bodies.len()).unwrap_or(i64::MAX))
            .execute(conn)
            .await
            .map(drop)
        })?;
        tx.commit().await?;
        Ok(new)
    }

    /// The kept bodies, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn unread(&self, limit: u32) -> Result<Vec<UnreadRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = on!(&mut tx, |conn| {
            sqlx::query_as("select id, gateway, sender, body, reason, at_us from unread order by at_us, id limit $1")
                .bind(i64::from(limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(row).collect())
    }

    /// Deletes a body that has been read after all.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn drop_unread(&self, id: i64) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| sqlx::query("delete from unread where id = $1").bind(id).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    /// Deletes bodies that came before `before`; returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn age_unread(&self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from unread where at_us < $1")
                .bind(us(before))
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(gone)
    }
}
