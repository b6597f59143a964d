//! Who works at which counter.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::select_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::visits::transaction::DayTransaction;

/// An open counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The counter.
    pub counter: u32,
    /// Who opened it.
    pub actor: String,
    /// When they did.
    pub opened_at: DateTime<Utc>,
}

select_row! {
    /// A row of `shift`, as far as it is read.
    struct ShiftRow from "shift" {
        counter: i64,
        actor: String,
        opened_us: i64,
    }
}

impl ShiftRow {
    fn shift(self) -> Result<Shift, StorageError> {
        let counter = fits("shift.counter", self.counter)?;
        Ok(Shift { counter, actor: self.actor, opened_at: at(self.opened_us) })
    }
}

static OPEN: LazyLock<Statement> = LazyLock::new(|| {
    let columns = ShiftRow::COLUMNS;
    Statement::new(&format!("select {columns} from shift where office = $1 and closed_us is null order by counter"))
});

static AT: LazyLock<Statement> = LazyLock::new(|| {
    let columns = ShiftRow::COLUMNS;
    Statement::new(&format!("select {columns} from shift where office = $1 and counter = $2 and closed_us is null"))
});

impl Storage {
    /// The open counters of an office, by number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open_counters(&self, office: &OfficeId) -> Result<Vec<Shift>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = OPEN.sql(&tx);
        let rows: Vec<ShiftRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(ShiftRow::shift).collect()
    }
}

impl DayTransaction {
    /// Who works at a counter; `None` where it is closed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn shift(&mut self, counter: u32) -> Result<Option<Shift>, StorageError> {
        let sql = AT.sql(&self.tx);
        let row: Option<ShiftRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(i64::from(counter)).fetch_optional(conn).await
        })?;
        row.map(ShiftRow::shift).transpose()
    }

    /// Opens a counter that is closed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or it is open.
    pub async fn open_counter(&mut self, id: i64, counter: u32, actor: &str) -> Result<(), StorageError> {
        let sql = "insert into shift (id, office, counter, actor, opened_us) values ($1, $2, $3, $4, $5)";
        on!(&mut self.tx, |conn| {
            sqlx::query(sql)
                .bind(id)
                .bind(self.office.as_str())
                .bind(i64::from(counter))
                .bind(actor)
                .bind(us(self.now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    /// Closes all counters that were opened before an instant; returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn close_counters_before(&mut self, opened: DateTime<Utc>, actor: &str) -> Result<u64, StorageError> {
        let sql = "update shift set closed_us = $1, closed_by = $2 \
                   where office = $3 and closed_us is null and opened_us < $4";
        Ok(on!(&mut self.tx, |conn| {
            sqlx::query(sql)
                .bind(us(self.now))
                .bind(actor)
                .bind(self.office.as_str())
                .bind(us(opened))
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?)
    }

    /// Closes a counter.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn close_counter(&mut self, counter: u32, actor: &str) -> Result<(), StorageError> {
        let sql = "update shift set closed_us = $1, closed_by = $2 \
                   where office = $3 and counter = $4 and closed_us is null";
        on!(&mut self.tx, |conn| {
            sqlx::query(sql)
                .bind(us(self.now))
                .bind(actor)
                .bind(self.office.as_str())
                .bind(i64::from(counter))
                .execute(conn)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}
