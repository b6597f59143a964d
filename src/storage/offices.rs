//! Offices in the database: which version is in force, and what an import does to days that have bookings.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::office::{Day, Office, OfficeId, PerPerson};
use crate::storage::engine::column::{at, bad, fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::intake::people::remember_all;

/// An office as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOffice {
    /// Its id.
    pub id: OfficeId,
    /// The version in force.
    pub version: u32,
    /// The whole file.
    pub file: String,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The same file is in force already.
    Unchanged,
    /// It is in force now. Days that it closes or shrinks keep their bookings; they are listed.
    Imported {
        /// The version that was in force before.
        before: Option<u32>,
        /// Days with more bookings than the new file offers places: date, bookings' seats, new capacity (0: closed).
        kept: Vec<(NaiveDate, u32, u32)>,
    },
    /// The same version with other content: give it a new number.
    SameVersion,
    /// A newer version is in force.
    Older {
        /// The version in force.
        in_force: u32,
    },
}

impl Storage {
    /// Every office in the database, by id.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn offices(&self) -> Result<Vec<StoredOffice>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, i64, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as("select id, version, file, imported_us from office order by id").fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter()
            .map(|(id, version, file, imported)| {
                Ok(StoredOffice {
                    id: OfficeId::read(&id).map_err(|_| bad("office.id"))?,
                    version: fits("office.version", version)?,
                    file,
                    imported_at: at(imported),
                })
            })
            .collect()
    }

    /// Puts an office in force. Bookings stay where they are: a day that closes or shrinks keeps what is taken and
    /// gives nothing more.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn import_office(
        &self,
        office: &Office,
        file: &str,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<ImportOutcome, StorageError> {
        let id = office.id.as_str();
        let mut tx = self.pool.begin().await?;
        let old: Option<(i64, String)> = on!(&mut tx, |conn| {
            sqlx::query_as("select version, file from office where id = $1").bind(id).fetch_optional(conn).await
        })?;
        let version = i64::from(office.version);
        match &old {
            Some((old, text)) if *old == version => {
                tx.rollback().await?;
                return Ok(if text == file { ImportOutcome::Unchanged } else { ImportOutcome::SameVersion });
            }
            Some((old, _)) if *old > version => {
                tx.rollback().await?;
                return Ok(ImportOutcome::Older { in_force: fits("office.version", *old)? });
            }
            _ => {}
        }
        let changed = on!(&mut tx, |conn| {
            sqlx::query(
                "insert into office (id, version, file, imported_us) values ($1, $2, $3, $4) \
                 on conflict (id) do update set version = excluded.version, file = excluded.file, \
                 imported_us = excluded.imported_us where office.version < excluded.version",
            )
            .bind(id)
            .bind(version)
            .bind(file)
            .bind(us(now))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        if changed == 0 {
            // Another node has imported it since we looked: look again.
            tx.rollback().await?;
            return Box::pin(self.import_office(office, file, calendar, now)).await;
        }
        if let PerPerson::AtMost(_) = office.policy.live_per_person {
            remember_all(&mut tx, &office.id, office.date_at(now)).await?;
        }
        let mut kept = Vec::new();
        let days: Vec<(NaiveDate, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as("select date, taken from day where office = $1 and date >= $2 order by date")
                .bind(id)
                .bind(office.date_at(now))
                .fetch_all(conn)
                .await
        })?;
        for (date, taken) in days {
            let taken: u32 = fits("day.taken", taken)?;
            let hours = match office.day(calendar, date) {
                Day::Open(hours) => hours,
                Day::Closed(_) => Vec::new(),
            };
            let capacity = office.day_capacity(&hours);
            // Never below what is taken: these bookings stand, the rest of the day is closed.
            on!(&mut tx, |conn| {
                sqlx::query("update day set capacity = $1 where office = $2 and date = $3")
                    .bind(i64::from(capacity.max(taken)))
                    .bind(id)
                    .bind(date)
                    .execute(conn)
                    .await
                    .map(drop)
            })?;
            let rows: Vec<(i64, i64)> = on!(&mut tx, |conn| {
                sqlx::query_as("select hour, taken from hour where office = $1 and date = $2")
                    .bind(id)
                    .bind(date)
                    .fetch_all(conn)
                    .await
            })?;
            let mut overfull = taken > capacity;
            for (hour, seated) in rows {
                let offered = if hours.iter().any(|&open| i64::from(open) == hour) { office.seats_per_hour } else { 0 };
                overfull |= seated > i64::from(offered);
                on!(&mut tx, |conn| {
                    sqlx::query("update hour set capacity = $1 where office = $2 and date = $3 and hour = $4")
                        .bind(i64::from(offered).max(seated))
                        .bind(id)
                        .bind(date)
                        .bind(hour)
                        .execute(conn)
                        .await
                        .map(drop)
                })?;
            }
            if overfull {
                kept.push((date, taken, capacity));
            }
        }
        tx.commit().await?;
        let before = old.map(|(version, _)| fits("office.version", version)).transpose()?;
        Ok(ImportOutcome::Imported { before, kept })
    }
}
