//! Which addresses a contact has; `snapshot` finds the contact behind one.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::deadline;
use crate::domain::message::{ChannelId, Contact};
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{each, on};
use crate::storage::intake::changes::ContactKey;
use crate::storage::intake::transaction::Intake;

/// An address and the contact it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAddress {
    /// The channel and the address.
    pub at: ContactKey,
    /// The contact that it belongs to.
    pub contact: Contact,
    /// When the contact last wrote from it; `None`: only the provider named it.
    pub heard_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct AddressRow<'a> {
    channel: &'a str,
    address: &'a str,
    contact: &'a str,
    heard_us: i64,
}

impl Intake {
    /// Stores which contact these addresses belong to; each must be there once. The time of writing only moves forward,
    /// except back from the future.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_addresses(&mut self, addresses: &[KnownAddress]) -> Result<(), StorageError> {
        if addresses.is_empty() {
            return Ok(());
        }
        let sql = each!(
            &self.tx,
            "insert into address (channel, address, contact, heard_us) select each.value->>'channel', \
             each.value->>'address', each.value->>'contact', cast(each.value->>'heard_us' as bigint) from",
            "where true on conflict (channel, address) do update set contact = excluded.contact, heard_us = \
             case when excluded.heard_us > address.heard_us \
             or excluded.heard_us > 0 and address.heard_us > $2 then excluded.heard_us else address.heard_us end"
        );
        let rows: Vec<AddressRow<'_>> = addresses
            .iter()
            .map(|known| AddressRow {
                channel: known.at.0.as_str(),
                address: known.at.1.as_str(),
                contact: known.contact.as_str(),
                heard_us: known.heard_at.map_or(0, us),
            })
            .collect();
        let rows = json(&rows)?;
        let latest = us(deadline::latest(self.now, TimeDelta::zero()));
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(latest).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Joins two contacts of a channel that turned out to be one person: what belongs to `other`, and these of their
    /// bookings, belongs to `kept` from now on. The conversation of `other` is dropped; replies that still wait go to
    /// the address that they were meant for.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn join_contacts(
        &mut self,
        channel: &ChannelId,
        kept: &Contact,
        other: &Contact,
        bookings: &[i64],
    ) -> Result<(), StorageError> {
        let moved = each!(
            &self.tx,
            "update booking set contact = $2 where id in (select cast(each.value->>0 as bigint) from",
            ")"
        );
        let ids = json(&bookings.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        on!(&mut self.tx, |conn| sqlx::query(moved).bind(&ids).bind(kept.as_str()).execute(conn).await.map(drop))?;
        for sql in [
            "update media set contact = $1 where channel = $2 and contact = $3",
            "update waiting set contact = $1 where channel = $2 and contact = $3 and state = 'waiting'",
            "update address set contact = $1 where channel = $2 and contact = $3",
            "update ticket set contact = $1 where channel = $2 and contact = $3",
            "update erasure set contact = $1 where channel = $2 and contact = $3 \
             and not exists (select 1 from erasure k where k.channel = $2 and k.contact = $1)",
            "update reach set contact = $1 where channel = $2 and contact = $3 \
             and not exists (select 1 from reach k where k.channel = $2 and k.contact = $1)",
        ] {
            on!(&mut self.tx, |conn| {
                sqlx::query(sql)
                    .bind(kept.as_str())
                    .bind(channel.as_str())
                    .bind(other.as_str())
                    .execute(conn)
                    .await
                    .map(drop)
            })?;
        }
        Ok(())
    }
}
