//! The rows of a file, a day at a time: memory holds one day, however long the span.

use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::domain::booking::Booking;
use crate::domain::office::OfficeId;
use crate::domain::visit::Visit;
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::visits::row::VisitRow;

impl Storage {
    /// The bookings of a day, in any state that is kept, by hour.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn kept_bookings_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Booking>, StorageError> {
        static ON: LazyLock<Statement> = LazyLock::new(|| {
            let columns = BookingRow::COLUMNS;
            Statement::new(&format!("select {columns} from booking where office = $1 and date = $2 order by hour, id"))
        });
        let mut tx = self.pool.read().await?;
        let sql = ON.sql(&tx);
        let rows: Vec<BookingRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(BookingRow::booking).collect()
    }

    /// The visits of a day, those of the archive, too.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn kept_visits_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
        static ON: LazyLock<Statement> = LazyLock::new(|| {
            let columns = VisitRow::COLUMNS;
            Statement::new(&format!(
                "select {columns} from visit where visit.office = $1 and visit.date = $2 union all \
                 select {columns} from visit_archive visit where visit.office = $1 and visit.date = $2 order by 1"
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = ON.sql(&tx);
        let rows: Vec<VisitRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(VisitRow::visit).collect()
    }
}
