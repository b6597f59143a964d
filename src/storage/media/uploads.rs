//! Links by which a citizen sends a photo from a browser. Of each token only a hash is kept.

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;

/// A link that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// The office that asks for the photo.
    pub office: OfficeId,
    /// The channel of whoever is asked.
    pub channel: ChannelId,
    /// Who is asked.
    pub contact: Contact,
    /// The booking that the photo belongs to.
    pub booking: i64,
    /// Until when it works.
    pub until: DateTime<Utc>,
}

result_row! {
    struct UploadRow {
        office: String,
        channel: String,
        contact: String,
        booking: i64,
        until_us: i64,
    }
}

impl Storage {
    /// The link of a token, by its hash: one that is not used, whose time is not over, and whose booking is still there.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn upload(&self, token: &str, now: DateTime<Utc>) -> Result<Option<StoredUpload>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<UploadRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select u.office, u.channel, u.contact, u.booking, u.until_us from upload u \
                 join booking b on b.id = u.booking where u.token = $1 and u.used_us is null and u.until_us > $2 \
                 and b.state in ('held', 'booked')",
            )
            .bind(token)
            .bind(us(now))
            .fetch_optional(conn)
            .await
        })?;
        tx.end().await?;
        let stored = |row: UploadRow| {
            Ok(StoredUpload {
                office: OfficeId::read(&row.office).map_err(|_| bad("upload.office"))?,
                channel: ChannelId::stored(row.channel),
                contact: Contact::new(row.contact),
                booking: row.booking,
                until: at(row.until_us),
            })
        };
        row.map(stored).transpose()
    }

    /// Records that a link was used. Returns whether this was the first use.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn upload_used(&self, token: &str, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let changed = on!(&mut tx, |conn| {
            sqlx::query("update upload set used_us = $1 where token = $2 and used_us is null")
                .bind(us(now))
                .bind(token)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Deletes links whose time was over before an instant. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn clear_uploads(&self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from upload where until_us < $1")
                .bind(us(before))
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(gone)
    }
}
