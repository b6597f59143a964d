//! What is read of a day at the counter.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::booking::Booking;
use crate::domain::office::OfficeId;
use crate::domain::visit::{Lane, PRIORITY_EVERY, Visit};
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::visits::row::{VisitRow, visits};
use crate::storage::visits::transaction::DayTransaction;

/// A day at the counters of an office, as a question about the wait needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayAtCounter {
    /// All visits of the day.
    pub visits: Vec<Visit>,
    /// Open counters.
    pub counters: usize,
    /// Calls since the last one of a priority, as [`Pick`](crate::domain::visit::Pick) has it.
    pub since_priority: u32,
}

static OF_DAY: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!("select {} from visit where office = $1 and date = $2 order by id", VisitRow::COLUMNS))
});

async fn of_day(tx: &mut Tx, office: &OfficeId, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
    let sql = OF_DAY.sql(tx);
    let rows: Vec<VisitRow> =
        on!(tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
    visits(rows)
}

/// A day at the counters.
pub(in crate::storage) async fn at_counter(
    tx: &mut Tx,
    office: &OfficeId,
    date: NaiveDate,
) -> Result<DayAtCounter, StorageError> {
    let visits = of_day(tx, office, date).await?;
    let (counters,): (i64,) = on!(&mut *tx, |conn| {
        sqlx::query_as("select count(*) from shift where office = $1 and closed_us is null")
            .bind(office.as_str())
            .fetch_one(conn)
            .await
    })?;
    let since_priority = calls_since_priority(tx, office, date).await?;
    Ok(DayAtCounter { visits, counters: usize::try_from(counters).unwrap_or(0), since_priority })
}

/// How many calls of a day came after the last one of a priority, counted up to [`PRIORITY_EVERY`].
async fn calls_since_priority(tx: &mut Tx, office: &OfficeId, date: NaiveDate) -> Result<u32, StorageError> {
    let sql =
        "select lane from board_call where office = $1 and date = $2 and kind = 'call' order by seq desc limit $3";
    let lanes: Vec<(String,)> = on!(tx, |conn| {
        sqlx::query_as(sql).bind(office.as_str()).bind(date).bind(i64::from(PRIORITY_EVERY)).fetch_all(conn).await
    })?;
    let since = lanes.iter().position(|(lane,)| lane == Lane::Priority.name());
    Ok(since.and_then(|calls| u32::try_from(calls).ok()).unwrap_or(PRIORITY_EVERY))
}

impl Storage {
    /// How many visits of days before `date` are open at an office, and how many counters that were opened before an instant.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open_days(
        &self,
        office: &OfficeId,
        date: NaiveDate,
        opened: DateTime<Utc>,
    ) -> Result<(usize, usize), StorageError> {
        let sql = "select (select count(*) from visit where office = $1 and date < $2 \
                   and state in ('arrived', 'called', 'serving', 'parked')), \
                   (select count(*) from shift where office = $1 and closed_us is null and opened_us < $3)";
        let mut tx = self.pool.read().await?;
        let (visits, counters): (i64, i64) = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(office.as_str()).bind(date).bind(us(opened)).fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok((usize::try_from(visits).unwrap_or(0), usize::try_from(counters).unwrap_or(0)))
    }

    /// All visits of a day at an office, in the order in which they came to be.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn visits_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
        let mut tx = self.pool.read().await?;
        let visits = of_day(&mut tx, office, date).await?;
        tx.end().await?;
        Ok(visits)
    }

    /// The visits of a booking's people, on whatever day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn visits_of_booking(&self, booking: i64) -> Result<Vec<Visit>, StorageError> {
        static OF_BOOKING: LazyLock<Statement> = LazyLock::new(|| {
            let columns = VisitRow::COLUMNS;
            Statement::new(&format!("select {columns} from visit where booking = $1 order by date, person"))
        });
        let mut tx = self.pool.read().await?;
        let sql = OF_BOOKING.sql(&tx);
        let rows: Vec<VisitRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(booking).fetch_all(conn).await)?;
        tx.end().await?;
        visits(rows)
    }

    /// A day at the counters.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn day_at_counter(&self, office: &OfficeId, date: NaiveDate) -> Result<DayAtCounter, StorageError> {
        let mut tx = self.pool.read().await?;
        let day = at_counter(&mut tx, office, date).await?;
        tx.end().await?;
        Ok(day)
    }
}

impl DayTransaction {
    /// How many calls of a day came after the last one of a priority, as [`Pick`](crate::domain::visit::Pick) has it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn calls_since_priority(&mut self, date: NaiveDate) -> Result<u32, StorageError> {
        let office = self.office.clone();
        calls_since_priority(&mut self.tx, &office, date).await
    }

    /// All visits of a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn visits_on(&mut self, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
        let office = self.office.clone();
        of_day(&mut self.tx, &office, date).await
    }

    /// The visit of a number that is called on a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn numbered(&mut self, date: NaiveDate, number: &str) -> Result<Option<Visit>, StorageError> {
        static NUMBERED: LazyLock<Statement> = LazyLock::new(|| {
            let columns = VisitRow::COLUMNS;
            Statement::new(&format!("select {columns} from visit where office = $1 and date = $2 and number = $3"))
        });
        let sql = NUMBERED.sql(&self.tx);
        let row: Option<VisitRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(date).bind(number).fetch_optional(conn).await
        })?;
        row.map(VisitRow::visit).transpose()
    }

    /// Whom a counter has called or serves.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn at_counter(&mut self, counter: u32) -> Result<Option<Visit>, StorageError> {
        static AT_COUNTER: LazyLock<Statement> = LazyLock::new(|| {
            let columns = VisitRow::COLUMNS;
            Statement::new(&format!(
                "select {columns} from visit where office = $1 and counter = $2 and state in ('called', 'serving')"
            ))
        });
        let sql = AT_COUNTER.sql(&self.tx);
        let row: Option<VisitRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(i64::from(counter)).fetch_optional(conn).await
        })?;
        row.map(VisitRow::visit).transpose()
    }

    /// The visits of a booking's people on a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn visits_of(&mut self, booking: i64, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
        static OF_BOOKING: LazyLock<Statement> = LazyLock::new(|| {
            let columns = VisitRow::COLUMNS;
            Statement::new(&format!("select {columns} from visit where booking = $1 and date = $2 order by person"))
        });
        let sql = OF_BOOKING.sql(&self.tx);
        let rows: Vec<VisitRow> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(booking).bind(date).fetch_all(conn).await)?;
        visits(rows)
    }

    /// A booking as it is now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn booking(&mut self, id: i64) -> Result<Option<Booking>, StorageError> {
        static BOOKING: LazyLock<Statement> =
            LazyLock::new(|| Statement::new(&format!("select {} from booking where id = $1", BookingRow::COLUMNS)));
        let sql = BOOKING.sql(&self.tx);
        let row: Option<BookingRow> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        row.map(BookingRow::booking).transpose()
    }

    /// The bookings with seats on a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_on(&mut self, date: NaiveDate) -> Result<Vec<Booking>, StorageError> {
        static BOOKED: LazyLock<Statement> = LazyLock::new(|| {
            let columns = BookingRow::COLUMNS;
            Statement::new(&format!(
                "select {columns} from booking where office = $1 and date = $2 and state = 'booked' order by hour, id"
            ))
        });
        let sql = BOOKED.sql(&self.tx);
        let rows: Vec<BookingRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(date).fetch_all(conn).await
        })?;
        rows.into_iter().map(BookingRow::booking).collect()
    }

    /// Visits of days before `date` that the day's end has not reached.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open_before(&mut self, date: NaiveDate) -> Result<Vec<Visit>, StorageError> {
        static OPEN: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {} from visit where office = $1 and date < $2 \
                 and state in ('arrived', 'called', 'serving', 'parked')",
                VisitRow::COLUMNS
            ))
        });
        let sql = OPEN.sql(&self.tx);
        let rows: Vec<VisitRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(date).fetch_all(conn).await
        })?;
        visits(rows)
    }
}
