//! The lists of the office's command line: bookings and replies.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::office::OfficeId;
use crate::domain::person::TglLahir;
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

result_row! {
    /// A reply for a list.
    #[derive(Clone, PartialEq, Eq)]
    pub struct OutboxRow {
        /// Its number.
        pub id: i64,
        /// The office that answers.
        pub office: String,
        /// The channel.
        pub channel: String,
        /// The contact that it goes to.
        pub contact: String,
        /// `waiting`, `claimed`, `held`, `dead` or `expired`.
        pub state: String,
        /// How often it was tried.
        pub attempts: i64,
        /// When it is due, in microseconds since 1970.
        pub due_us: i64,
        /// When it was written, in microseconds since 1970.
        pub created_us: i64,
        /// What went wrong last.
        pub error: Option<String>,
        /// What it says: personal data.
        pub text: String,
    }
}

/// Texts are personal data, so Debug shows the number and the state only.
impl std::fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboxRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Storage {
    /// The live bookings and holds of one day at one office, by hour and seat.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Booking>, StorageError> {
        static ON: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {columns} from booking where id in \
                 (select seat.booking from seat where seat.office = $1 and seat.date = $2) order by hour, id",
                columns = BookingRow::COLUMNS
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = ON.sql(&tx);
        let rows: Vec<BookingRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
        tx.end().await?;
        let mut bookings = rows.into_iter().map(BookingRow::booking).collect::<Result<Vec<_>, _>>()?;
        bookings.sort_by(|a, b| (a.slot, &a.seats).cmp(&(b.slot, &b.seats)));
        Ok(bookings)
    }

    /// All bookings whose day is not over, at every office and in any state that is kept.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_since(&self, now: DateTime<Utc>) -> Result<Vec<Booking>, StorageError> {
        // Day by day, so that bookings of past days are not scanned.
        static SINCE: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {columns} from day @seek(booking where booking.office = day.office and booking.date = day.date) \
                 where day.date >= $1 order by booking.id",
                columns = BookingRow::COLUMNS
            ))
        });
        // A day back, because no office's date is more than a day from the date in Greenwich.
        let yesterday = now.date_naive().pred_opt().unwrap_or_default();
        let mut tx = self.pool.read().await?;
        let sql = SINCE.sql(&tx);
        let rows: Vec<BookingRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(yesterday).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(BookingRow::booking).collect()
    }

    /// All bookings of an office from a day on, in any state that is kept.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_from(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Booking>, StorageError> {
        static FROM: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {columns} from day @seek(booking where booking.office = day.office and booking.date = day.date) \
                 where day.office = $1 and day.date >= $2 order by booking.date, booking.hour, booking.id",
                columns = BookingRow::COLUMNS
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = FROM.sql(&tx);
        let rows: Vec<BookingRow> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(BookingRow::booking).collect()
    }

    /// Live bookings at every office in which somebody has the birth date of somebody in `listed`: they include all
    /// other bookings of the same people.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn live_bookings_of(&self, listed: &[Booking], now: DateTime<Utc>) -> Result<Vec<Booking>, StorageError> {
        let born = |booking: &Booking| -> Vec<NaiveDate> {
            booking.applicant.people().filter_map(|person| person.tgl_lahir).map(TglLahir::date).collect()
        };
        let days: BTreeSet<NaiveDate> = listed.iter().flat_map(born).collect();
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let mut live = self.bookings_since(now).await?;
        live.retain(|booking| booking.state.has_seats() && born(booking).iter().any(|day| days.contains(day)));
        Ok(live)
    }

    /// Bookings with a code, at every office, in any state.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn find_bookings(&self, code: &BookingCode) -> Result<Vec<Booking>, StorageError> {
        // Day by day: the index of codes begins with office and day, and every booking has a row of `day`.
        static FIND: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {columns} from day @seek(booking where booking.office = day.office and booking.date = day.date \
                 and booking.code = $1) order by booking.id",
                columns = BookingRow::COLUMNS
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = FIND.sql(&tx);
        let rows: Vec<BookingRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(code.as_str()).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(BookingRow::booking).collect()
    }

    /// Replies that the provider has not taken yet, that are held, came too late or were given up; oldest first. With
    /// `held`, only those that wait until their citizen writes again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn outbox(&self, held: bool, limit: u32) -> Result<Vec<OutboxRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office, channel, contact, state, attempts, due_us, created_us, error, text from outbox \
                 where state in ('waiting', 'claimed') and $2 = 0 union all \
                 select id, office, channel, contact, state, attempts, due_us, created_us, error, text from outbox \
                 where state in ('held', 'dead', 'expired') and ($2 = 0 or state = 'held') order by id limit $1",
            )
            .bind(i64::from(limit))
            .bind(i64::from(held))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows)
    }
}
