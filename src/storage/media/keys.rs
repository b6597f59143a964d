//! Which key each photo's file is encrypted with.

use crate::domain::message::Attachment;
use crate::domain::photo_key::PhotoKeyId;
use crate::storage::engine::column::{bad, json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{each, on};
use crate::storage::handle::Storage;
use crate::storage::media::StoredPhoto;

/// How many photos are encrypted with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// The key; `None`: the files are plain, from an earlier version.
    pub key: Option<PhotoKeyId>,
    /// The photos.
    pub photos: i64,
}

/// The photos of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhotoCounts {
    /// Those on the disk, by their key.
    pub by_key: Vec<KeyUse>,
    /// Those that are still to be fetched.
    pub wanted: i64,
}

impl Storage {
    /// How many photos each key has. It looks at every photo: for a start and for commands.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photo_counts(&self) -> Result<PhotoCounts, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                // The index alone tells.
                "select key_id, count(*) from media where state = 'fetched' group by key_id order by key_id",
            )
            .fetch_all(conn)
            .await
        })?;
        let (wanted,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select count(*) from media where state = 'wanted'").fetch_one(conn).await
        })?;
        tx.end().await?;
        let use_of = |(key, photos): (String, i64)| {
            let read = || PhotoKeyId::read(&key).ok_or_else(|| bad("media.key_id"));
            Ok(KeyUse { key: if key.is_empty() { None } else { Some(read()?) }, photos })
        };
        Ok(PhotoCounts { by_key: rows.into_iter().map(use_of).collect::<Result<_, StorageError>>()?, wanted })
    }

    /// Photos under one key, or plain ones, by number from behind `after` on.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photos_under(
        &self,
        key: Option<PhotoKeyId>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<StoredPhoto>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, file, key_id from media where state = 'fetched' and file is not null and key_id = $1 \
                 and id > $2 order by id limit $3",
            )
            .bind(column(key))
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter().map(StoredPhoto::of).collect()
    }

    /// Records that the files of photos, which were all under one key, are encrypted with another one now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photos_resealed(
        &self,
        photos: &[i64],
        from: Option<PhotoKeyId>,
        to: PhotoKeyId,
    ) -> Result<(), StorageError> {
        if photos.is_empty() {
            return Ok(());
        }
        let rows = json(&photos.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let mut tx = self.pool.begin().await?;
        let sql = each!(
            &tx,
            "update media set key_id = $2 where state = 'fetched' and key_id = $3 and id in \
             (select cast(value->>0 as bigint) from",
            ")"
        );
        on!(&mut tx, |conn| {
            sqlx::query(sql).bind(&rows).bind(to.to_string()).bind(column(from)).execute(conn).await.map(drop)
        })?;
        tx.commit().await
    }

    /// Where photos are to be fetched that were not yet, as far as it begins with `prefix`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn wanted_references(&self, prefix: &str) -> Result<Vec<String>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select attachment from media where state = 'wanted' order by due_us").fetch_all(conn).await
        })?;
        tx.end().await?;
        let read = |(text,): (String,)| {
            let attachment: Attachment = unjson("media.attachment", &text)?;
            Ok(attachment.reference)
        };
        let references = rows.into_iter().map(read).collect::<Result<Vec<_>, StorageError>>()?;
        Ok(references.into_iter().filter(|reference| reference.starts_with(prefix)).collect())
    }
}

/// As a row has it: no key is an empty text.
fn column(key: Option<PhotoKeyId>) -> String {
    key.map(|key| key.to_string()).unwrap_or_default()
}
