//! The exceptions that are in force.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::domain::office::{Exception, Exceptions, KeptException, OfficeId};
use crate::storage::engine::column::{bad, fits, json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::handle::Storage;
use crate::storage::intake::snapshot::OfficeVersion;

/// What dates become: an exception, or what file, week and holidays say.
pub(in crate::storage) type Days = BTreeMap<NaiveDate, Option<Exception>>;

type Row = (NaiveDate, String, String);

fn exception((date, hours, reason): Row) -> Result<(NaiveDate, Exception), StorageError> {
    let hours = unjson("calendar_day.hours", &hours)?;
    Ok((date, Exception::from(KeptException { hours, reason })))
}

/// Those of one office.
pub(in crate::storage) async fn read(tx: &mut Tx, office: &OfficeId) -> Result<Exceptions, StorageError> {
    let revision: Option<(i64,)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select calendar from office where id = $1").bind(office.as_str()).fetch_optional(conn).await
    })?;
    let rows: Vec<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as("select date, hours, reason from calendar_day where office = $1 order by date")
            .bind(office.as_str())
            .fetch_all(conn)
            .await
    })?;
    Ok(Exceptions {
        revision: fits("office.calendar", revision.map_or(0, |(revision,)| revision))?,
        days: rows.into_iter().map(exception).collect::<Result<_, _>>()?,
    })
}

/// Those of all offices.
pub(in crate::storage) async fn read_all(tx: &mut Tx) -> Result<HashMap<OfficeId, Exceptions>, StorageError> {
    let rows: Vec<(String, NaiveDate, String, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select office, date, hours, reason from calendar_day order by office, date")
            .fetch_all(conn)
            .await
    })?;
    let mut all: HashMap<OfficeId, Exceptions> = HashMap::new();
    for (office, date, hours, reason) in rows {
        let office = OfficeId::read(&office).map_err(|_| bad("calendar_day.office"))?;
        let (date, exception) = exception((date, hours, reason))?;
        all.entry(office).or_default().days.insert(date, exception);
    }
    Ok(all)
}

/// Puts these dates in force.
pub(in crate::storage) async fn write(tx: &mut Tx, office: &OfficeId, days: &Days) -> Result<(), StorageError> {
    let dates = json(&days.keys().map(|date| (date,)).collect::<Vec<_>>())?;
    let sql =
        each!(&*tx, "delete from calendar_day where office = $2 and date in (select date(each.value->>0) from", ")");
    on!(&mut *tx, |conn| sqlx::query(sql).bind(&dates).bind(office.as_str()).execute(conn).await.map(drop))?;
    for (date, exception) in days {
        let Some(exception) = exception else { continue };
        let kept = exception.kept();
        let hours = json(&kept.hours)?;
        on!(&mut *tx, |conn| {
            sqlx::query("insert into calendar_day (office, date, hours, reason) values ($1, $2, $3, $4)")
                .bind(office.as_str())
                .bind(date)
                .bind(&hours)
                .bind(&kept.reason)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

impl Storage {
    /// The exceptions of an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn exceptions(&self, office: &OfficeId) -> Result<Exceptions, StorageError> {
        let mut tx = self.pool.read().await?;
        let found = read(&mut tx, office).await?;
        tx.end().await?;
        Ok(found)
    }

    /// What of each office is in force: two numbers an office, for whoever asks often.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn office_versions(&self) -> Result<Vec<OfficeVersion>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = "select id, version, calendar from office order by id";
        let rows: Vec<(String, i64, i64)> = on!(&mut tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)?;
        tx.end().await?;
        let in_force = |(id, version, calendar): (String, i64, i64)| {
            Ok(OfficeVersion {
                office: OfficeId::read(&id).map_err(|_| bad("office.id"))?,
                version: fits("office.version", version)?,
                calendar: fits("office.calendar", calendar)?,
            })
        };
        rows.into_iter().map(in_force).collect()
    }
}
