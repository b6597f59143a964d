//! Drafts of formats: one for each officer and format, kept until it is published or thrown away.

use chrono::{DateTime, Utc};

use crate::domain::office::{FormatId, OfficeId};
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// Whose draft of which format.
#[derive(Debug, Clone, Copy)]
pub struct DraftOf<'a> {
    /// The office.
    pub office: &'a OfficeId,
    /// The format.
    pub format: &'a FormatId,
    /// Who edits it.
    pub staff: i64,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatDraft {
    /// The file, whether or not it can be used.
    pub text: String,
    /// The SHA-256, in hexadecimal digits, of the file in force that it began with.
    pub base: String,
    /// When it was kept, by wall time.
    pub kept_at: DateTime<Utc>,
}

impl Storage {
    /// A draft, if there is one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn format_draft(&self, of: DraftOf<'_>) -> Result<Option<FormatDraft>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(String, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select text, base, kept_us from format_draft where office = $1 and format = $2 and staff = $3",
            )
            .bind(of.office.as_str())
            .bind(of.format.as_str())
            .bind(of.staff)
            .fetch_optional(conn)
            .await
        })?;
        tx.end().await?;
        Ok(row.map(|(text, base, kept_us)| FormatDraft { text, base, kept_at: at(kept_us) }))
    }

    /// Keeps a draft in place of the one before it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_format_draft(&self, of: DraftOf<'_>, draft: &FormatDraft) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into format_draft (office, format, staff, text, base, kept_us) values ($1, $2, $3, $4, $5, $6) \
                 on conflict (office, format, staff) do update \
                 set text = excluded.text, base = excluded.base, kept_us = excluded.kept_us",
            )
            .bind(of.office.as_str())
            .bind(of.format.as_str())
            .bind(of.staff)
            .bind(&draft.text)
            .bind(&draft.base)
            .bind(us(draft.kept_at))
            .execute(conn)
            .await
            .map(drop)
        })?;
        tx.commit().await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn drop_format_draft(&self, of: DraftOf<'_>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from format_draft where office = $1 and format = $2 and staff = $3")
                .bind(of.office.as_str())
                .bind(of.format.as_str())
                .bind(of.staff)
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }
}
