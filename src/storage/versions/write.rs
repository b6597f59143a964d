//! Adds a version, in the transaction that puts it in force.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::row::Origin;
use crate::domain::office::Office;
use crate::domain::office_files::OfficeFiles;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;

/// What is noted of a version that is published.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    /// Who publishes it.
    pub actor: &'a str,
    /// Why.
    pub why: &'a str,
    /// How it came to be.
    pub origin: Origin,
    /// The version that it changes, or whose content it brings back.
    pub came_from: Option<u32>,
    /// Its files as they were written; `None` where only the whole office file is known.
    pub files: Option<&'a OfficeFiles>,
}

impl NewVersion<'_> {
    /// A version of which nothing is known but the whole office file.
    pub const BARE: NewVersion<'static> =
        NewVersion { actor: "", why: "", origin: Origin::File, came_from: None, files: None };
}

/// The files as they are stored, with their hash; both empty where there are none.
fn content(files: Option<&OfficeFiles>) -> Result<(String, String), StorageError> {
    let Some(files) = files else { return Ok((String::new(), String::new())) };
    let content = json(files)?;
    let hash = hex::encode(Sha256::digest(content.as_bytes()));
    Ok((content, hash))
}

/// Adds a version; one that is there already stays as it is.
pub(in crate::storage) async fn add_version(
    tx: &mut Tx,
    (office, file): (&Office, &str),
    new: NewVersion<'_>,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (content, hash) = content(new.files)?;
    on!(tx, |conn| {
        sqlx::query(
            "insert into office_version (office, version, at_us, actor, why, origin, came_from, file, content, hash) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (office, version) do nothing",
        )
        .bind(office.id.as_str())
        .bind(i64::from(office.version))
        .bind(us(now))
        .bind(new.actor)
        .bind(new.why)
        .bind(new.origin.name())
        .bind(new.came_from.map(i64::from))
        .bind(file)
        .bind(&content)
        .bind(&hash)
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

impl Storage {
    /// Notes the files of a version of which only the whole office file was known. Whether there was such a version.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn complete_version(&self, office: &Office, files: &OfficeFiles) -> Result<bool, StorageError> {
        let (content, hash) = content(Some(files))?;
        let mut tx = self.pool.begin().await?;
        let completed = on!(&mut tx, |conn| {
            sqlx::query(
                "update office_version set content = $1, hash = $2 where office = $3 and version = $4 and content = ''",
            )
            .bind(&content)
            .bind(&hash)
            .bind(office.id.as_str())
            .bind(i64::from(office.version))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(completed > 0)
    }
}
