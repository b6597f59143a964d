//! The transaction of one action at a front desk.

use chrono::{DateTime, Utc};

use crate::domain::audit::AuditEvent;
use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::live::{Live, Topic, Versions};
use crate::storage::trail::append::{AuditActor, append};

/// The transaction of one action at one office. Those of an office follow one another; dropped without
/// [`DayTransaction::commit`], it changes nothing.
#[derive(Debug)]
pub struct DayTransaction {
    pub(in crate::storage) tx: Tx,
    pub(super) office: OfficeId,
    pub(in crate::storage) now: DateTime<Utc>,
    live: Live,
    /// The numbers that this action counts, for whoever watches.
    counted: Versions,
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
        let mut day =
            DayTransaction { tx, office: office.clone(), now, live: self.live.clone(), counted: Versions::default() };
        // The row that counts the changes is the lock of the actions, too.
        day.touch(Topic::Today).await?;
        Ok(day)
    }
}

impl DayTransaction {
    /// Counts a change of a topic.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn touch(&mut self, topic: Topic) -> Result<(), StorageError> {
        let sql = "insert into live (office, topic, version) values ($1, $2, 1) \
                   on conflict (office, topic) do update set version = live.version + 1 returning version";
        let (version,): (i64,) = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(self.office.as_str()).bind(topic.name()).fetch_one(conn).await
        })?;
        self.counted.note(topic, version);
        Ok(())
    }

    /// Records what is done in the audit trail. Call it last: until the commit nobody else appends.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn record(
        &mut self,
        actor: AuditActor<'_>,
        event: &AuditEvent,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        append(&mut self.tx, actor, event, now).await
    }

    /// Commits, and waits until that would survive a power loss. Only now may anybody be told; whoever watches the office is.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        let Self { tx, office, live, counted, .. } = self;
        tx.commit().await?;
        live.tell(&office, counted);
        Ok(())
    }

    /// Rolls back.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is rolled back all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }
}
