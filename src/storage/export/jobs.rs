//! What is known of files that somebody asked for. The files themselves are in a folder.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::export::{FileFormat, Stage, What};
use crate::domain::office::OfficeId;
use crate::domain::tally::Span;
use crate::storage::engine::column::{at, bad, fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// A file that somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct NewExport<'a> {
    /// Of which office.
    pub office: &'a OfficeId,
    /// What is in it.
    pub what: What,
    /// How it is written.
    pub format: FileFormat,
    /// Of which days.
    pub span: Span,
    /// Whether names and numbers of citizens are in it.
    pub with_people: bool,
    /// Who asks, by their login.
    pub login: &'a str,
    /// Part of the file's name.
    pub token: &'a str,
    /// When it is removed.
    pub until: DateTime<Utc>,
}

/// A file that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its number.
    pub id: i64,
    /// Of which office.
    pub office: String,
    /// What is in it.
    pub what: What,
    /// How it is written.
    pub format: FileFormat,
    /// Of which days.
    pub span: Span,
    /// Whether names and numbers of citizens are in it.
    pub with_people: bool,
    /// Who asked, by their login.
    pub login: String,
    /// How far it is.
    pub stage: Stage,
    /// Lines so far.
    pub written: u64,
    /// Part of the file's name.
    pub token: String,
    /// When somebody asked.
    pub asked_at: DateTime<Utc>,
    /// When it last went on.
    pub seen_at: DateTime<Utc>,
    /// When it is removed.
    pub until: DateTime<Utc>,
}

result_row! {
    struct ExportRow {
        id: i64,
        office: String,
        what: String,
        format: String,
        first: NaiveDate,
        last: NaiveDate,
        with_people: i64,
        login: String,
        state: String,
        written: i64,
        token: String,
        asked_us: i64,
        seen_us: i64,
        until_us: i64,
    }
}

const COLUMNS: &str =
    "id, office, what, format, first, last, with_people, login, state, written, token, asked_us, seen_us, until_us";

impl ExportRow {
    fn export(self) -> Result<Export, StorageError> {
        Ok(Export {
            id: self.id,
            office: self.office,
            what: What::named(&self.what).ok_or_else(|| bad("export.what"))?,
            format: FileFormat::named(&self.format).ok_or_else(|| bad("export.format"))?,
            span: Span { first: self.first, last: self.last },
            with_people: self.with_people != 0,
            login: self.login,
            stage: Stage::named(&self.state).ok_or_else(|| bad("export.state"))?,
            written: fits("export.written", self.written)?,
            token: self.token,
            asked_at: at(self.asked_us),
            seen_at: at(self.seen_us),
            until: at(self.until_us),
        })
    }
}

impl Storage {
    /// Notes that somebody asks for a file; gives its number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_export(&self, new: NewExport<'_>, now: DateTime<Utc>) -> Result<i64, StorageError> {
        let id = self.ids(1).await?.start;
        let sql = "insert into export (id, office, what, format, first, last, with_people, login, state, written, token, \
             asked_us, seen_us, until_us) values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', 0, $9, $10, $10, $11)";
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(sql)
                .bind(id)
                .bind(new.office.as_str())
                .bind(new.what.name())
                .bind(new.format.name())
                .bind(new.span.first)
                .bind(new.span.last)
                .bind(i64::from(new.with_people))
                .bind(new.login)
                .bind(new.token)
                .bind(us(now))
                .bind(us(new.until))
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await?;
        Ok(id)
    }

    /// Notes how far a file is.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_export(
        &self,
        id: i64,
        (stage, written): (Stage, u64),
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let sql = "update export set state = $2, written = $3, seen_us = $4 where id = $1 and state <> 'removed'";
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(sql)
                .bind(id)
                .bind(stage.name())
                .bind(i64::try_from(written).unwrap_or(i64::MAX))
                .bind(us(now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// The files of an office that are not removed, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn exports_of(&self, office: &OfficeId, limit: u32) -> Result<Vec<Export>, StorageError> {
        let sql =
            format!("select {COLUMNS} from export where office = $1 and state <> 'removed' order by id desc limit $2");
        let mut tx = self.pool.read().await?;
        let rows: Vec<ExportRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(office.as_str())
                .bind(i64::from(limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        rows.into_iter().map(ExportRow::export).collect()
    }

    /// A file of an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn export(&self, office: &OfficeId, id: i64) -> Result<Option<Export>, StorageError> {
        let sql = format!("select {COLUMNS} from export where office = $1 and id = $2");
        let mut tx = self.pool.read().await?;
        let row: Option<ExportRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str())).bind(office.as_str()).bind(id).fetch_optional(conn).await
        })?;
        tx.end().await?;
        row.map(ExportRow::export).transpose()
    }

    /// Files whose time is over, and those that have not gone on since `silent_since`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn exports_over(
        &self,
        now: DateTime<Utc>,
        silent_since: DateTime<Utc>,
    ) -> Result<Vec<Export>, StorageError> {
        let sql = format!(
            "select {COLUMNS} from export where state <> 'removed' and (until_us <= $1 or (state = 'running' and seen_us < $2))"
        );
        let mut tx = self.pool.read().await?;
        let rows: Vec<ExportRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str())).bind(us(now)).bind(us(silent_since)).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter().map(ExportRow::export).collect()
    }
}
