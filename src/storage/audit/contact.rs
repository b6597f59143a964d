//! The numbers by which the audit trail names contacts: a contact's own name is a telephone number, which must not stay in the trail.

use std::collections::BTreeMap;

use crate::domain::message::{ChannelId, Contact};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

const ADD: &str =
    "insert into audit_contact (id, channel, contact) values ($1, $2, $3) on conflict (channel, contact) do nothing";
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
        let numbers = self.audit_contacts(&[(channel.clone(), contact.clone())]).await?;
        Ok(numbers.first().copied().unwrap_or_default())
    }

    /// The numbers of several contacts, in their order; each gets one that has none.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn audit_contacts(&self, contacts: &[ContactKey]) -> Result<Vec<i64>, StorageError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        // In one order, so that of two that add the same contacts neither waits for the other for ever.
        let mut numbers: BTreeMap<&ContactKey, i64> = contacts.iter().map(|key| (key, 0)).collect();
        let ids = self.ids(numbers.len()).await?;
        let mut tx = self.pool.begin().await?;
        for (((channel, contact), known), id) in numbers.iter_mut().zip(ids) {
            on!(&mut tx, |conn| {
                sqlx::query(ADD).bind(id).bind(channel.as_str()).bind(contact.as_str()).execute(conn).await.map(drop)
            })?;
            // It may have had one.
            *known = number(&mut tx, channel, contact).await?.unwrap_or(id);
        }
        tx.commit().await?;
        Ok(contacts.iter().filter_map(|key| numbers.get(key).copied()).collect())
    }
}
