//! Offices: which version is in force, and what an import does to days that have bookings.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::displacement::Remedies;
use crate::domain::office::{Day, Exceptions, Office, OfficeId, PerPerson};
use crate::domain::office_files::OfficeFiles;
use crate::storage::displaced::decide::{Decision, DisplacedBooking, Scope, decide};
use crate::storage::engine::column::{at, bad, fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::exceptions;
use crate::storage::handle::Storage;
use crate::storage::intake::people::remember_all;
use crate::storage::versions::row::files_of;
use crate::storage::versions::write::{NewVersion, add_version};
use crate::storage::waiting::turns::look_at_list;

/// An office as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOffice {
    /// Its id.
    pub id: OfficeId,
    /// The version in force.
    pub version: u32,
    /// The whole file.
    pub file: String,
    /// The files as they were written, with its formats and calendars.
    pub files: OfficeFiles,
    /// Whether `files` are known; where not, they hold the whole file alone.
    pub has_files: bool,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
    /// The exceptions to its calendar.
    pub exceptions: Exceptions,
}

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The same file is in force already.
    Unchanged,
    /// It is in force now. Days that it closes or shrinks keep their bookings; they are listed.
    Imported {
        /// The version that was in force before.
        before: Option<u32>,
        /// Days with more bookings than the new file offers seats: date, bookings' seats, new capacity (0: closed).
        kept: Vec<(NaiveDate, u32, u32)>,
    },
    /// The same version with other content: give it a new number.
    SameVersion,
    /// A newer version is in force.
    Older {
        /// The version in force.
        in_force: u32,
    },
    /// It displaces places about which nothing was decided: nothing was changed.
    Undecided(Vec<DisplacedBooking>),
}

/// An office file that is to be put in force.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The office.
    pub office: &'a Office,
    /// Its whole file.
    pub file: &'a str,
    /// The holidays.
    pub calendar: &'a Calendar,
    /// When it is imported.
    pub now: DateTime<Utc>,
    /// What is decided about places that it displaces: something about each, or nothing is imported. `None` leaves them as they are,
    /// undecided.
    pub remedies: Option<&'a Remedies>,
    /// What is noted of the version.
    pub version: NewVersion<'a>,
}

impl Storage {
    /// Every office in the database, by id.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn offices(&self) -> Result<Vec<StoredOffice>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = "select office.id, office.version, office.file, office.imported_us, coalesce(own.content, ''), office.calendar from office \
                   left join office_version own on own.office = office.id and own.version = office.version order by office.id";
        let rows: Vec<(String, i64, String, i64, String, i64)> =
            on!(&mut tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)?;
        let mut exceptions = exceptions::read_all(&mut tx).await?;
        tx.end().await?;
        rows.into_iter()
            .map(|(id, version, file, imported, content, calendar)| {
                let id = OfficeId::read(&id).map_err(|_| bad("office.id"))?;
                let days = exceptions.remove(&id).unwrap_or_default().days;
                Ok(StoredOffice {
                    exceptions: Exceptions { revision: fits("office.calendar", calendar)?, days },
                    files: files_of(&id, &file, &content)?,
                    has_files: !content.is_empty(),
                    id,
                    version: fits("office.version", version)?,
                    file,
                    imported_at: at(imported),
                })
            })
            .collect()
    }

    /// Puts an office in force. Bookings stay where they are: a day that closes or shrinks keeps what is taken and
    /// gives nothing more. Nothing is decided about them.
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
        let version = NewVersion::BARE;
        self.import(Import { office, file, calendar, now, remedies: None, version }).await
    }

    /// Puts an office in force, and notes what is decided about the places that it displaces, in one transaction. The desk carries it
    /// out afterwards. A version that is in force already may still have places about which nothing is decided.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn import(&self, import: Import<'_>) -> Result<ImportOutcome, StorageError> {
        let Import { office, file, calendar, now, remedies, version } = import;
        let today = office.date_at(now);
        loop {
            let mut tx = self.pool.begin().await?;
            let before = in_force(&mut tx, &office.id).await?;
            let refusal = before.as_ref().and_then(|before| before.refusal(office, file));
            let outcome = match refusal {
                Some(ImportOutcome::Unchanged) if remedies.is_some() && lock(&mut tx, office).await? => {
                    ImportOutcome::Unchanged
                }
                Some(refusal) => {
                    tx.rollback().await?;
                    return Ok(refusal);
                }
                None if put_in_force(&mut tx, office, file, now).await? => {
                    add_version(&mut tx, (office, file), version, now).await?;
                    if let PerPerson::AtMost(_) = office.policy.live_per_person {
                        remember_all(&mut tx, &office.id, today).await?;
                    }
                    let office = with_exceptions(&mut tx, office).await?;
                    let kept = fit_days(&mut tx, &office, calendar, (today, None)).await?;
                    look_at_list(&mut tx, &office.id, now).await?;
                    ImportOutcome::Imported { before: before.map(|before| before.version), kept }
                }
                None => {
                    // Another node has imported it since `in_force`: compare with that version.
                    tx.rollback().await?;
                    continue;
                }
            };
            let office = with_exceptions(&mut tx, office).await?;
            let scope = Scope { now, remedies, dates: None };
            let Decision { undecided, .. } = decide(&mut tx, &office, calendar, scope).await?;
            if remedies.is_some() && !undecided.is_empty() {
                tx.rollback().await?;
                return Ok(ImportOutcome::Undecided(undecided));
            }
            tx.commit().await?;
            return Ok(outcome);
        }
    }
}

/// An office file with the exceptions that outrank it.
async fn with_exceptions(tx: &mut Tx, office: &Office) -> Result<Office, StorageError> {
    Ok(Office { exceptions: exceptions::read(tx, &office.id).await?, ..office.clone() })
}

/// The version of an office that is in force.
struct InForce {
    version: u32,
    file: String,
}

impl InForce {
    /// Why an import changes nothing; `None`: it does.
    fn refusal(&self, office: &Office, file: &str) -> Option<ImportOutcome> {
        match self.version.cmp(&office.version) {
            Ordering::Less => None,
            Ordering::Equal if self.file == file => Some(ImportOutcome::Unchanged),
            Ordering::Equal => Some(ImportOutcome::SameVersion),
            Ordering::Greater => Some(ImportOutcome::Older { in_force: self.version }),
        }
    }
}

async fn in_force(tx: &mut Tx, office: &OfficeId) -> Result<Option<InForce>, StorageError> {
    let row: Option<(i64, String)> = on!(tx, |conn| {
        sqlx::query_as("select version, file from office where id = $1")
            .bind(office.as_str())
            .fetch_optional(conn)
            .await
    })?;
    row.map(|(version, file)| Ok(InForce { version: fits("office.version", version)?, file })).transpose()
}

/// Locks the row of an office, as an intake does. Whether this version is still in force.
async fn lock(tx: &mut Tx, office: &Office) -> Result<bool, StorageError> {
    let locked = on!(tx, |conn| {
        sqlx::query("update office set version = version where id = $1 and version = $2")
            .bind(office.id.as_str())
            .bind(i64::from(office.version))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
    })?;
    Ok(locked > 0)
}

/// Writes the new version. Whether it is newer than the one in force by now.
async fn put_in_force(tx: &mut Tx, office: &Office, file: &str, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let changed = on!(tx, |conn| {
        sqlx::query(
            "insert into office (id, version, file, imported_us) values ($1, $2, $3, $4) \
             on conflict (id) do update set version = excluded.version, file = excluded.file, \
             imported_us = excluded.imported_us where office.version < excluded.version",
        )
        .bind(office.id.as_str())
        .bind(i64::from(office.version))
        .bind(file)
        .bind(us(now))
        .execute(conn)
        .await
        .map(|done| rows_affected(&done))
    })?;
    Ok(changed > 0)
}

/// Gives the days from `today` on, or `only` some of them, the capacity that the office offers now, but never less than what is taken: those bookings
/// stand, and the rest of the day is closed. Returns the days with more bookings than seats.
pub(in crate::storage) async fn fit_days(
    tx: &mut Tx,
    office: &Office,
    calendar: &Calendar,
    (today, only): (NaiveDate, Option<&BTreeSet<NaiveDate>>),
) -> Result<Vec<(NaiveDate, u32, u32)>, StorageError> {
    let days: Vec<(NaiveDate, i64)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select date, taken from day where office = $1 and date >= $2 order by date")
            .bind(office.id.as_str())
            .bind(today)
            .fetch_all(conn)
            .await
    })?;
    let mut kept = Vec::new();
    for (date, taken) in days.into_iter().filter(|(date, _)| only.is_none_or(|only| only.contains(date))) {
        let taken: u32 = fits("day.taken", taken)?;
        let hours = match office.day(calendar, date) {
            Day::Open(hours) => hours,
            Day::Closed(_) => Vec::new(),
        };
        let capacity = office.day_capacity(date, &hours);
        on!(&mut *tx, |conn| {
            sqlx::query("update day set capacity = $1 where office = $2 and date = $3")
                .bind(i64::from(capacity.max(taken)))
                .bind(office.id.as_str())
                .bind(date)
                .execute(conn)
                .await
                .map(drop)
        })?;
        let has_overfull_hour = fit_hours(tx, office, date, &hours).await?;
        if taken > capacity || has_overfull_hour {
            kept.push((date, taken, capacity));
        }
    }
    Ok(kept)
}

/// The same for the hours of one day, which is open at `open`. Whether an hour has more bookings than seats.
async fn fit_hours(tx: &mut Tx, office: &Office, date: NaiveDate, open: &[u8]) -> Result<bool, StorageError> {
    let rows: Vec<(i64, i64)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select hour, taken from hour where office = $1 and date = $2")
            .bind(office.id.as_str())
            .bind(date)
            .fetch_all(conn)
            .await
    })?;
    let mut has_overfull = false;
    for (hour, taken) in rows {
        let open = open.iter().find(|&&open| i64::from(open) == hour);
        let offered = open.map_or(0, |&hour| i64::from(office.seats_at(date, hour)));
        has_overfull |= taken > offered;
        on!(&mut *tx, |conn| {
            sqlx::query("update hour set capacity = $1 where office = $2 and date = $3 and hour = $4")
                .bind(offered.max(taken))
                .bind(office.id.as_str())
                .bind(date)
                .bind(hour)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(has_overfull)
}
