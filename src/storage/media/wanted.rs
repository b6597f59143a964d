//! Photos that citizens sent: which must still be fetched, and whether that succeeded.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::booking::Booking;
use crate::domain::message::{Attachment, ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::domain::photo_key::PhotoKeyId;
use crate::storage::engine::column::{at, bad, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{each, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::intake::transaction::Intake;

/// A photo to be fetched now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedMedia {
    /// Its number.
    pub id: i64,
    /// The office it is for.
    pub office: OfficeId,
    /// The channel that it arrived on.
    pub channel: ChannelId,
    /// The contact who sent it.
    pub contact: Contact,
    /// Where to fetch it.
    pub attachment: Attachment,
    /// Failed attempts so far.
    pub attempts: u32,
}

/// A photo that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPhoto {
    /// Its number.
    pub id: i64,
    /// Its file in the media folder.
    pub file: String,
    /// The key that the file is encrypted with; `None` for a plain file of an earlier version.
    pub key: Option<PhotoKeyId>,
}

impl StoredPhoto {
    /// As a row has it: no key is an empty text.
    pub(super) fn of((id, file, key): (i64, String, String)) -> Result<Self, StorageError> {
        let read = || PhotoKeyId::read(&key).ok_or_else(|| bad("media.key_id"));
        let key = if key.is_empty() { None } else { Some(read()?) };
        Ok(Self { id, file, key })
    }
}

result_row! {
    struct MediaRow {
        id: i64,
        office: String,
        channel: String,
        contact: String,
        attachment: String,
        attempts: i64,
    }
}

impl MediaRow {
    fn wanted(self) -> Result<WantedMedia, StorageError> {
        Ok(WantedMedia {
            id: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("media.office"))?,
            channel: ChannelId::stored(self.channel),
            contact: Contact::new(self.contact),
            attachment: unjson("media.attachment", &self.attachment)?,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
        })
    }
}

impl Storage {
    /// Claims photos that are due, oldest first: until `lease` no other node gets them. A due time after `latest` was
    /// written by a clock that was ahead, and counts as due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn claim_media(
        &self,
        now: DateTime<Utc>,
        latest: DateTime<Utc>,
        lease: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<WantedMedia>, StorageError> {
        if !self.is_media_due(now, latest).await? {
            // Nearly always nothing is due, and then this does not wait for the writer.
            return Ok(Vec::new());
        }
        let mut tx = self.pool.begin().await?;
        let rows: Vec<MediaRow> = on!(&mut tx, |conn| {
            // The condition stands twice: after waiting for another node's claim, PostgreSQL evaluates only the outer
            // one again.
            sqlx::query_as(
                "update media set due_us = $1 where id in (select id from media where state = 'wanted' \
                 and (due_us <= $2 or due_us > $4) order by due_us, id limit $3) \
                 and state = 'wanted' and (due_us <= $2 or due_us > $4) \
                 returning id, office, channel, contact, attachment, attempts",
            )
            .bind(us(lease))
            .bind(us(now))
            .bind(i64::from(limit))
            .bind(us(latest))
            .fetch_all(conn)
            .await
        })?;
        tx.commit().await?;
        rows.into_iter().map(MediaRow::wanted).collect()
    }

    /// Whether a photo is due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn is_media_due(&self, now: DateTime<Utc>, latest: DateTime<Utc>) -> Result<bool, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select count(*) from media where state = 'wanted' and (due_us <= $1 or due_us > $2)")
                .bind(us(now))
                .bind(us(latest))
                .fetch_one(conn)
                .await
        })?;
        tx.end().await?;
        Ok(due > 0)
    }

    /// The photos of bookings, by their number; only those that are fetched.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photos_of(&self, bookings: &[Booking]) -> Result<BTreeMap<i64, StoredPhoto>, StorageError> {
        let wanted: Vec<(i64,)> = bookings.iter().filter_map(|booking| Some((booking.photo?,))).collect();
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let wanted = json(&wanted)?;
        let mut tx = self.pool.read().await?;
        let sql = each!(
            &tx,
            "select id, file, key_id from media where state = 'fetched' and file is not null and id in \
             (select cast(value->>0 as bigint) from",
            ")"
        );
        let rows: Vec<(i64, String, String)> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(&wanted).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(|row| Ok((row.0, StoredPhoto::of(row)?))).collect()
    }

    /// Records that a photo was fetched into `file` of the media folder, encrypted with `key`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn media_fetched(&self, id: i64, file: &str, key: PhotoKeyId) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update media set state = 'fetched', file = $1, key_id = $2 where id = $3 and state = 'wanted'")
                .bind(file)
                .bind(key.to_string())
                .bind(id)
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// Records that a photo could not be fetched now; it is due again at `due`. Changes nothing if another node has
    /// tried since.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn media_put_off(&self, wanted: &WantedMedia, due: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "update media set attempts = attempts + 1, due_us = $1 \
                 where id = $2 and state = 'wanted' and attempts = $3",
            )
            .bind(us(due))
            .bind(wanted.id)
            .bind(i64::from(wanted.attempts))
            .execute(conn)
            .await
            .map(drop)
        })?;
        tx.commit().await
    }

    /// When the next photo is due or the next hold lapses, whichever is first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_timer(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (media, hold): (Option<i64>, Option<i64>) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select (select min(due_us) from media where state = 'wanted'), \
                 (select min(hold_until_us) from booking where state = 'held')",
            )
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        Ok([media, hold].into_iter().flatten().min().map(at))
    }

    /// The offices with a hold whose deadline has passed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn offices_with_lapsed_holds(&self, now: DateTime<Utc>) -> Result<Vec<OfficeId>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select distinct office from booking where state = 'held' and hold_until_us <= $1 order by office",
            )
            .bind(us(now))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter().map(|(id,)| OfficeId::read(&id).map_err(|_| bad("booking.office"))).collect()
    }
}

impl Intake {
    /// Marks a photo as failed for good. Returns whether it was wanted until now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn media_failed(&mut self, id: i64) -> Result<bool, StorageError> {
        let changed = on!(self.tx(), |conn| {
            sqlx::query("update media set state = 'failed', attempts = attempts + 1 where id = $1 and state = 'wanted'")
                .bind(id)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        Ok(changed > 0)
    }
}
