//! Reads versions back.

use chrono::{DateTime, Utc};

use super::row::{StoredVersion, VersionHead, VersionRow};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// A version that another one replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The version.
    pub version: StoredVersion,
    /// When the next one was published.
    pub until: DateTime<Utc>,
}

result_row! {
    struct Until {
        office: String,
        version: i64,
        until_us: i64,
    }
}

impl Storage {
    /// What is known of the versions of an office, or of every office, the latest first; without their content.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn version_heads(&self, office: Option<&OfficeId>) -> Result<Vec<VersionHead>, StorageError> {
        let sql = "select office, version, at_us, actor, why, origin, came_from, '' as file, '' as content, hash \
                   from office_version where ($1 = '' or office = $1) order by office, version desc";
        let mut tx = self.pool.read().await?;
        let rows: Vec<VersionRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(office.map_or("", OfficeId::as_str)).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.iter().map(VersionRow::head).collect()
    }

    /// One version of an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn office_version(&self, office: &OfficeId, version: u32) -> Result<Option<StoredVersion>, StorageError> {
        let sql = "select office, version, at_us, actor, why, origin, came_from, file, content, hash \
                   from office_version where office = $1 and version = $2";
        let mut tx = self.pool.read().await?;
        let row: Option<VersionRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(office.as_str()).bind(i64::from(version)).fetch_optional(conn).await
        })?;
        tx.end().await?;
        row.map(VersionRow::stored).transpose()
    }

    /// The versions that were replaced since, of all offices, each office's earliest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn replaced_since(&self, since: DateTime<Utc>) -> Result<Vec<Replaced>, StorageError> {
        let replaced = "from office_version old join office_version next on next.office = old.office \
             and next.version = (select min(later.version) from office_version later \
             where later.office = old.office and later.version > old.version) \
             where next.at_us >= $1 order by old.office, old.version";
        let columns = "old.office, old.version, old.at_us, old.actor, old.why, old.origin, old.came_from, old.file, \
                       old.content, old.hash";
        let versions = format!("select {columns} {replaced}");
        let until = format!("select old.office, old.version, next.at_us as until_us {replaced}");
        let mut tx = self.pool.snapshot().await?;
        let rows: Vec<VersionRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sqlx::AssertSqlSafe(versions.as_str())).bind(us(since)).fetch_all(conn).await
        })?;
        let until: Vec<Until> = on!(&mut tx, |conn| {
            sqlx::query_as(sqlx::AssertSqlSafe(until.as_str())).bind(us(since)).fetch_all(conn).await
        })?;
        tx.end().await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let version = row.stored()?;
            let (office, number) = (version.head.office.as_str(), i64::from(version.head.version));
            let Some(next) = until.iter().find(|next| next.office == office && next.version == number) else {
                continue;
            };
            let until = at(next.until_us);
            found.push(Replaced { version, until });
        }
        Ok(found)
    }
}
