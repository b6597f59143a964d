//! The numbers by which the audit trail names contacts: a contact's own name is a telephone number, which must not stay in the trail.

use crate::domain::message::{ChannelId, Contact};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

const NUMBER: &str = "select id from audit_contact where channel = $1 and contact = $2";

async fn number(tx: &mut Tx, channel: &ChannelId, contact: &Contact) -> Result<Option<i64>, StorageError> {
    let found: Option<(i64,)> = on!(&mut *tx, |conn| {
        sqlx::query_as(NUMBER).bind(channel.as_str()).bind(contact.as_str()).fetch_optional(conn).await
    })?;
    Ok(found.map(|(id,)| id))
}

impl Storage {
    /// The number by which the trail names a contact; the first call gives it one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn audit_contact(&self, channel: &ChannelId, contact: &Contact) -> Result<i64, StorageError> {
        let mut tx = self.pool.read().await?;
        let known = number(&mut tx, channel, contact).await?;
        tx.end().await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let id = self.ids(1).await?.start;
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("insert into audit_contact (id, channel, contact) values ($1, $2, $3) on conflict (channel, contact) do nothing")
                .bind(id)
                .bind(channel.as_str())
                .bind(contact.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
        // Somebody else may have been faster.
        let known = number(&mut tx, channel, contact).await?;
        tx.commit().await?;
        Ok(known.unwrap_or(id))
    }
}
