//! The day at the counter, for messages that ask about it.

use chrono::NaiveDate;

use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::intake::transaction::Intake;
use crate::storage::visits::DayAtCounter;
use crate::storage::visits::read::at_counter;

impl Intake {
    /// A day at the counters, for a message of somebody who waits there.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn day_at_counter(&mut self, office: &OfficeId, date: NaiveDate) -> Result<DayAtCounter, StorageError> {
        at_counter(self.tx(), office, date).await
    }
}
