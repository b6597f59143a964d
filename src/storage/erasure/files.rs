//! Files of photos whose rows are gone: noted in the transaction that deletes the row, so that a process that dies between the two
//! leaves no file behind.

use sqlx::AssertSqlSafe;

use crate::domain::message::Attachment;
use crate::domain::upload_token::upload_file;
use crate::storage::engine::column::{json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// Files that one step removes.
const FILES_MAX: i64 = 500;

/// Notes the files of photos that are about to be deleted.
pub(super) async fn note(tx: &mut Tx, media: &[i64]) -> Result<(), StorageError> {
    if media.is_empty() {
        return Ok(());
    }
    let statement = Statement::new(
        "insert into erased_file (name) select file from media where file is not null \
         and id in (select cast(each.value->>0 as bigint) from @each($1)) on conflict (name) do nothing",
    );
    let (sql, ids) = (statement.sql(tx), json(&media.iter().map(|id| (id,)).collect::<Vec<_>>())?);
    on!(&mut *tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&ids).execute(conn).await.map(drop))?;
    note_uploads(tx, &ids).await
}

/// Photos that came by the page have a file before their row names one.
async fn note_uploads(tx: &mut Tx, ids: &str) -> Result<(), StorageError> {
    let of = Statement::new(
        "select attachment from media where id in (select cast(each.value->>0 as bigint) from @each($1))",
    );
    let sql = of.sql(tx);
    let rows: Vec<(String,)> =
        on!(&mut *tx, |conn| sqlx::query_as(AssertSqlSafe(sql)).bind(ids).fetch_all(conn).await)?;
    let files = rows.iter().filter_map(|(attachment,)| unjson::<Attachment>("media.attachment", attachment).ok());
    let files: Vec<(String,)> = files.filter_map(|of| Some((upload_file(&of.reference)?,))).collect();
    if files.is_empty() {
        return Ok(());
    }
    let note = Statement::new(
        "insert into erased_file (name) select each.value->>0 from @each($1) where true on conflict (name) do nothing",
    );
    let (sql, files) = (note.sql(tx), json(&files)?);
    on!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&files).execute(conn).await.map(drop))?;
    Ok(())
}

impl Storage {
    /// Files in the media folder that are to be removed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn erased_files(&self) -> Result<Vec<String>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select name from erased_file order by name limit $1").bind(FILES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// These files are removed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn files_removed(&self, names: &[String]) -> Result<(), StorageError> {
        let statement = Statement::new("delete from erased_file where name in (select each.value->>0 from @each($1))");
        let names = json(&names.iter().map(|name| (name,)).collect::<Vec<_>>())?;
        let mut tx = self.pool.begin().await?;
        let sql = statement.sql(&tx);
        on!(&mut tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&names).execute(conn).await.map(drop))?;
        tx.commit().await
    }
}
