//! Messages that were set aside because they could not be served: an officer lists and releases them.

use chrono::{DateTime, Utc};

use crate::domain::message::Inbound;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::intake::snapshot::Wanted;
use crate::storage::intake::transaction::Intake;

/// A message that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideRow {
    /// Its number.
    pub id: i64,
    /// The office; `None` for a channel that belongs to no office.
    pub office: Option<String>,
    /// The message.
    pub inbound: Inbound,
    /// Why it was set aside.
    pub reason: String,
    /// When it was set aside.
    pub at: DateTime<Utc>,
}

result_row! {
    /// A row of `set_aside`.
    struct KeptRow {
        id: i64,
        office: Option<String>,
        item: String,
        reason: String,
        at_us: i64,
    }
}

impl KeptRow {
    fn message(self) -> Result<AsideRow, StorageError> {
        Ok(AsideRow {
            id: self.id,
            office: self.office,
            inbound: unjson("set_aside.item", &self.item)?,
            reason: self.reason,
            at: at(self.at_us),
        })
    }
}

impl Storage {
    /// Messages set aside, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn set_aside(&self, limit: u32) -> Result<Vec<AsideRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<KeptRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office, item, reason, at_us from set_aside where state = 'kept' order by id limit $1",
            )
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter().map(KeptRow::message).collect()
    }

    /// Deletes the record that a message was served, so that the desk serves it anew, and returns it; `None` if it is
    /// not kept. It stays kept until the commit that serves it: until then it can be released again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn release_aside(&self, id: i64) -> Result<Option<Inbound>, StorageError> {
        let mut tx = self.pool.begin().await?;
        let row: Option<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select item from set_aside where id = $1 and state = 'kept'")
                .bind(id)
                .fetch_optional(conn)
                .await
        })?;
        let Some((item,)) = row else {
            tx.rollback().await?;
            return Ok(None);
        };
        let inbound: Inbound = unjson("set_aside.item", &item)?;
        // The reply that asked the citizen to send it again stays; the coming one takes its place as the answer.
        on!(&mut tx, |conn| {
            sqlx::query(
                "update outbox set reply_to = null where id in (with recursive earlier (id, reply_to, previous) as \
                 (select o.id, o.reply_to, o.previous from inbound i join conversation v on v.channel = i.channel \
                 and v.contact = i.contact join outbox o on o.id = v.last_reply where i.channel = $1 and i.message = $2 \
                 union select o.id, o.reply_to, o.previous from earlier join outbox o on o.id = earlier.previous) \
                 select id from earlier where reply_to = $2)",
            )
            .bind(inbound.channel.as_str())
            .bind(inbound.id.as_str())
            .execute(conn)
            .await
            .map(drop)
        })?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from inbound where channel = $1 and message = $2")
                .bind(inbound.channel.as_str())
                .bind(inbound.id.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await?;
        Ok(Some(inbound))
    }

    /// Keeps a message for a channel that belongs to no office. A repeat changes nothing. Returns whether it is new.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_stray(&self, inbound: &Inbound, now: DateTime<Utc>) -> Result<bool, StorageError> {
        // Before the transaction: on SQLite both need the one writer.
        let id = self.ids(1).await?.start;
        let (mut intake, _) = self.begin_intake(&Wanted::default(), now).await?;
        let new = intake.keep_aside(id, None, inbound, "no office owns this channel", now).await?;
        intake.commit().await?;
        Ok(new)
    }
}

impl Intake {
    /// Keeps a message for the officers' list. Returns whether it was not there before.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_aside(
        &mut self,
        id: i64,
        office: Option<&OfficeId>,
        inbound: &Inbound,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let item = json(inbound)?;
        let count = on!(self.tx(), |conn| {
            sqlx::query(
                "insert into set_aside (id, channel, message, office, item, reason, at_us, state) \
                 values ($1, $2, $3, $4, $5, $6, $7, 'kept') \
                 on conflict (channel, message) do update set state = 'kept', reason = excluded.reason \
                 where set_aside.state = 'retried'",
            )
            .bind(id)
            .bind(inbound.channel.as_str())
            .bind(inbound.id.as_str())
            .bind(office.map(OfficeId::as_str))
            .bind(&item)
            .bind(reason)
            .bind(us(now))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        Ok(count > 0)
    }
}
