//! Citizens who asked that everything about them be erased, until it is done.

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// A contact on a channel.
type ContactKey = (ChannelId, Contact);

/// A request that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueErasure {
    /// Who asked.
    pub of: ContactKey,
    /// The office of their channel.
    pub office: OfficeId,
}

/// Notes that a contact asked to be erased. Asked again, it is due at once.
pub(in crate::storage) async fn ask(
    tx: &mut Tx,
    (channel, contact): &ContactKey,
    office: &OfficeId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    on!(tx, |conn| {
        sqlx::query(
            "insert into erasure (channel, contact, office, asked_us, due_us) values ($1, $2, $3, $4, $4) \
             on conflict (channel, contact) do update set due_us = excluded.due_us",
        )
        .bind(channel.as_str())
        .bind(contact.as_str())
        .bind(office.as_str())
        .bind(us(now))
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

impl Storage {
    /// Requests that are due, those that wait longest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due_erasures(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<DueErasure>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as("select channel, contact, office from erasure where due_us <= $1 order by due_us limit $2")
                .bind(us(now))
                .bind(i64::from(limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        let request = |(channel, contact, office): (String, String, String)| {
            let office = OfficeId::read(&office).map_err(|_| bad("erasure.office"))?;
            Ok(DueErasure { of: (ChannelId::stored(channel), Contact::new(contact)), office })
        };
        rows.into_iter().map(request).collect()
    }

    /// A request cannot be done now; it is looked at again at `due`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn put_off_erasure(&self, of: &ContactKey, due: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update erasure set due_us = $1 where channel = $2 and contact = $3")
                .bind(us(due))
                .bind(of.0.as_str())
                .bind(of.1.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// A request of a contact of whom nothing is kept any more.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_erasure(&self, of: &ContactKey) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from erasure where channel = $1 and contact = $2")
                .bind(of.0.as_str())
                .bind(of.1.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// When the next request is due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_erasure(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (Option<i64>,) =
            on!(&mut tx, |conn| sqlx::query_as("select min(due_us) from erasure").fetch_one(conn).await)?;
        tx.end().await?;
        Ok(due.map(at))
    }
}
