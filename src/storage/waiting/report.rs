//! The waiting lists for officers: who waits, and how many offers were accepted.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::domain::office::OfficeId;
use crate::domain::shared_offer::is_low;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::intake::transaction::Intake;

/// How far back acceptance is measured, in days.
pub const ACCEPTANCE_DAYS: i64 = 60;

result_row! {
    /// One who waits, for a list.
    #[derive(Clone, PartialEq, Eq)]
    pub struct WaitingRow {
        /// The channel.
        pub channel: String,
        /// The contact: personal data.
        pub contact: String,
        /// The day; `None`: as soon as possible.
        pub date: Option<NaiveDate>,
        /// Seats.
        pub party: i64,
        /// The day of the booking that is to be replaced by an earlier one.
        pub booking_date: Option<NaiveDate>,
        /// Whether a seat is offered now.
        pub is_offered: i64,
        /// Offers so far.
        pub offers: i64,
        /// Those that were declined or left unanswered.
        pub declines: i64,
        /// When they joined, in microseconds since 1970.
        pub joined_us: i64,
    }
}

/// Contacts are personal data, so Debug shows the day only.
impl std::fmt::Debug for WaitingRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitingRow").field("date", &self.date).finish_non_exhaustive()
    }
}

/// How many of an office's offers were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// Offers to those who joined in the last [`ACCEPTANCE_DAYS`].
    pub offers: i64,
    /// Those of them that were accepted.
    pub accepted: i64,
}

impl Acceptance {
    /// Whether a seat may be offered to several at once, where the office allows it.
    pub fn is_low(self) -> bool {
        is_low(self.offers, self.accepted)
    }
}

/// `$1` is the office, `$2` the time from which those are counted who joined.
const ACCEPTED: &str = "select cast(coalesce(sum(offers), 0) as bigint), \
     cast(coalesce(sum(case when state = 'seated' then 1 else 0 end), 0) as bigint) \
     from waiting where office = $1 and joined_us >= $2";

async fn acceptance(tx: &mut Tx, office: &OfficeId, now: DateTime<Utc>) -> Result<Acceptance, StorageError> {
    let since = us(now - TimeDelta::days(ACCEPTANCE_DAYS));
    let (offers, accepted): (i64, i64) =
        on!(tx, |conn| sqlx::query_as(ACCEPTED).bind(office.as_str()).bind(since).fetch_one(conn).await)?;
    Ok(Acceptance { offers, accepted })
}

impl Intake {
    /// How many offers were accepted lately.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn acceptance(&mut self, office: &OfficeId) -> Result<Acceptance, StorageError> {
        let now = self.now;
        acceptance(&mut self.tx, office, now).await
    }
}

impl Storage {
    /// Who waits at an office, in turn order.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting_rows(&self, office: &OfficeId) -> Result<Vec<WaitingRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select channel, contact, date, party, booking_date, \
                 cast(case when offer is null and coalesce(shared, '') not like '%\"is_taken\":false%' then 0 else 1 end as bigint) \
                 as is_offered, offers, declines, joined_us \
                 from waiting where office = $1 and state = 'waiting' order by id",
            )
            .bind(office.as_str())
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows)
    }

    /// How many offers were accepted lately.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn acceptance(&self, office: &OfficeId, now: DateTime<Utc>) -> Result<Acceptance, StorageError> {
        let mut tx = self.pool.read().await?;
        let acceptance = acceptance(&mut tx, office, now).await?;
        tx.end().await?;
        Ok(acceptance)
    }
}
