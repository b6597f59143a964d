//! What a citizen sees of their turn.

use std::sync::LazyLock;

use crate::domain::booking::Booking;
use crate::domain::visit::Visit;
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::visits::row::VisitRow;

/// A booking with the visits of its people on its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedTurn {
    /// The booking.
    pub booking: Booking,
    /// Its visits, by person.
    pub visits: Vec<Visit>,
}

static BOOKING: LazyLock<Statement> =
    LazyLock::new(|| Statement::new(&format!("select {} from booking where id = $1", BookingRow::COLUMNS)));

static VISITS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!("select {} from visit where booking = $1 and date = $2 order by person", VisitRow::COLUMNS))
});

impl Storage {
    /// A booking with its visits; `None` where it is gone.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn booked_turn(&self, booking: i64) -> Result<Option<BookedTurn>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let sql = BOOKING.sql(&tx);
        let row: Option<BookingRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(booking).fetch_optional(conn).await)?;
        let Some(booking) = row.map(BookingRow::booking).transpose()? else {
            tx.end().await?;
            return Ok(None);
        };
        let sql = VISITS.sql(&tx);
        let rows: Vec<VisitRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(booking.id).bind(booking.slot.date).fetch_all(conn).await
        })?;
        tx.end().await?;
        let visits = rows.into_iter().map(VisitRow::visit).collect::<Result<_, _>>()?;
        Ok(Some(BookedTurn { booking, visits }))
    }

    /// The key that seals the addresses of citizens' turns.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn turn_key(&self) -> Result<String, StorageError> {
        let mut tx = self.pool.read().await?;
        let (key,): (String,) = on!(&mut tx, |conn| {
            sqlx::query_as("select key from secret where name = 'turn'").fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(key)
    }
}
