//! Finds what has to be said by the state of bookings: holds that lapse soon or have lapsed, and tomorrow's visits. Each search
//! is a range of an index, and leaves out what is planned or said already.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::domain::message::{ChannelId, Contact};
use crate::domain::notice::Kind;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, fits, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// Candidates that one search returns.
const CANDIDATES_MAX: i64 = 500;

/// A booking or hold of which something may have to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its number.
    pub booking: i64,
    /// Its office.
    pub office: OfficeId,
    /// Its channel.
    pub channel: ChannelId,
    /// Its contact.
    pub contact: Contact,
    /// What the hold waits or waited for (`code`, `photo`); empty for a booking.
    pub awaits: String,
    /// When the hold ends or ended; when the booking was made, for one.
    pub at: DateTime<Utc>,
    /// The hour of the visit, 0 to 23.
    pub hour: u8,
}

result_row! {
    struct CandidateRow {
        id: i64,
        office: String,
        channel: String,
        contact: String,
        awaits: Option<String>,
        at_us: i64,
        hour: i64,
    }
}

impl CandidateRow {
    fn candidate(self) -> Result<Candidate, StorageError> {
        Ok(Candidate {
            booking: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("booking.office"))?,
            channel: ChannelId::stored(self.channel),
            contact: Contact::new(self.contact),
            awaits: self.awaits.unwrap_or_default(),
            at: at(self.at_us),
            hour: fits("booking.hour", self.hour)?,
        })
    }
}

/// Holds of offices (`$1`) that end after `$2` and by `$3`, and were taken so long (`$4`) before their end.
static LAPSING: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select booking.id, booking.office, booking.channel, booking.contact, booking.awaits, \
         booking.hold_until_us as at_us, booking.hour from @each($1) @seek(booking where booking.office = each.value->>0 \
         and booking.state = 'held' and booking.hold_until_us > $2 and booking.hold_until_us <= $3) \
         where booking.created_us <= booking.hold_until_us - $4 and coalesce(booking.awaits, '') <> 'offer' and not exists (select 1 from notice n where \
         n.kind = '{kind}' and n.subject = cast(booking.id as text) and n.occasion = coalesce(booking.awaits, '')) \
         order by booking.hold_until_us limit $5",
        kind = Kind::HoldLapsing
    ))
});

/// Holds that ended after `$1` and by `$2`. The states are those of the index `booking_over`.
static LAPSED: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select id, office, channel, contact, awaits, hold_until_us as at_us, hour from booking \
         where hold_until_us is not null and state in ('expired', 'replaced', 'cancelled', 'blocked') \
         and hold_until_us > $1 and hold_until_us <= $2 and coalesce(state, '') = 'expired' \
         and coalesce(awaits, '') <> 'offer' \
         and not exists (select 1 from notice n where n.kind = '{kind}' and n.subject = cast(booking.id as text) \
         and n.occasion = coalesce(booking.awaits, '')) order by hold_until_us limit $3",
        kind = Kind::HoldLapsed
    ))
});

/// Bookings of an office (`$1`) on a day (`$2`, its name `$3`) to which nothing happened since so long before their hour: `$4` is
/// that instant for the hour 0.
static VISITS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select id, office, channel, contact, '' as awaits, created_us as at_us, hour from booking \
         where office = $1 and date = $2 and state = 'booked' and not exists (select 1 from notice n where \
         n.kind = '{kind}' and n.subject = cast(booking.id as text) and n.occasion = $3) \
         and not exists (select 1 from event e where e.booking = booking.id and e.at_us > $4 + booking.hour * 3600000000) \
         order by code limit $5",
        kind = Kind::Reminder
    ))
});

impl Storage {
    /// Unconfirmed holds at these offices that lapse after `now` and by `until`, were taken at least `least` before their end, and
    /// of whose end nothing was said.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn lapsing_holds(
        &self,
        offices: &[&OfficeId],
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        least: Duration,
    ) -> Result<Vec<Candidate>, StorageError> {
        let offices = json(&offices.iter().map(|office| (office,)).collect::<Vec<_>>())?;
        let least = least.num_microseconds().unwrap_or(i64::MAX);
        let mut tx = self.pool.read().await?;
        let sql = LAPSING.sql(&tx);
        let rows: Vec<CandidateRow> = on!(&mut tx, |conn| {
            let query = sqlx::query_as(sql).bind(&offices).bind(us(now)).bind(us(until));
            query.bind(least).bind(CANDIDATES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter().map(CandidateRow::candidate).collect()
    }

    /// Holds that lapsed after `since` and by `now`, and of which that was not said.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn lapsed_holds(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<Candidate>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = LAPSED.sql(&tx);
        let rows: Vec<CandidateRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(us(since)).bind(us(now)).bind(CANDIDATES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter().map(CandidateRow::candidate).collect()
    }

    /// Bookings of an office on a day that nobody was reminded of, and to which nothing happened since `settled`: that instant is
    /// for a visit at 00.00, and an hour later for each hour.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn visits_to_remind_of(
        &self,
        office: &OfficeId,
        date: NaiveDate,
        settled: DateTime<Utc>,
    ) -> Result<Vec<Candidate>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (sql, occasion) = (VISITS.sql(&tx), date.to_string());
        let rows: Vec<CandidateRow> = on!(&mut tx, |conn| {
            let query = sqlx::query_as(sql).bind(office.as_str()).bind(date).bind(&occasion);
            query.bind(us(settled)).bind(CANDIDATES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter().map(CandidateRow::candidate).collect()
    }

    /// When the first hold ends that ends after an instant.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_hold_end(&self, after: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (end,): (Option<i64>,) = on!(&mut tx, |conn| {
            sqlx::query_as("select min(hold_until_us) from booking where state = 'held' and hold_until_us > $1")
                .bind(us(after))
                .fetch_one(conn)
                .await
        })?;
        tx.end().await?;
        Ok(end.map(at))
    }
}
