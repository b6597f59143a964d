//! The transaction of one action at a front desk.

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// What screens show, each with a number that grows when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The day's visits and counters.
    Today,
    /// What the hall display shows.
    Board,
}

impl Topic {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Board => "board",
        }
    }
}

/// The transaction of one action at one office. Those of an office follow one another; dropped without
/// [`DayTransaction::commit`], it changes nothing.
#[derive(Debug)]
pub struct DayTransaction {
    pub(in crate::storage) tx: Tx,
    pub(super) office: OfficeId,
    pub(in crate::storage) now: DateTime<Utc>,
}

impl Storage {
    /// Begins an action of a front desk at `now`. With `bookings`, the office's intake waits as well, so that no message changes
    /// a booking meanwhile; it is locked first, as intake does, so that neither waits for the other for ever.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_day(
        &self,
        office: &OfficeId,
        bookings: bool,
        now: DateTime<Utc>,
    ) -> Result<DayTransaction, StorageError> {
        let mut tx = self.pool.begin().await?;
        // On SQLite there is one writer.
        if bookings && matches!(tx, Tx::Postgres(_)) {
            let lock = "select id from office where id = $1 for update";
            on!(&mut tx, |conn| sqlx::query(lock).bind(office.as_str()).execute(conn).await.map(drop))?;
        }
        let mut day = DayTransaction { tx, office: office.clone(), now };
        // The row that counts the changes is the lock of the actions, too.
        day.touch(Topic::Today).await?;
        Ok(day)
    }

    /// How often a topic of an office has changed; 0 where it never has.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn live_version(&self, office: &OfficeId, topic: Topic) -> Result<i64, StorageError> {
        let mut tx = self.pool.read().await?;
        let (version,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select coalesce(max(version), 0) from live where office = $1 and topic = $2")
                .bind(office.as_str())
                .bind(topic.name())
                .fetch_one(conn)
                .await
        })?;
        tx.end().await?;
        Ok(version)
    }
}

impl DayTransaction {
    /// Counts a change of a topic.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn touch(&mut self, topic: Topic) -> Result<(), StorageError> {
        let sql = "insert into live (office, topic, version) values ($1, $2, 1) \
                   on conflict (office, topic) do update set version = live.version + 1";
        on!(&mut self.tx, |conn| {
            sqlx::query(sql).bind(self.office.as_str()).bind(topic.name()).execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Commits, and waits until that would survive a power loss. Only now may anybody be told.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().await
    }

    /// Rolls back.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is rolled back all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }
}
