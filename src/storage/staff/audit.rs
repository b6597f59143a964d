//! Who signed in, and who looked at which citizen: rows that are only ever added.

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// Something that is to be known of later.
#[derive(Debug, Clone, Copy)]
pub struct NewAuditRow<'a> {
    /// Who did it.
    pub staff: i64,
    /// Their login.
    pub login: &'a str,
    /// At which office; none: at none.
    pub office: Option<&'a OfficeId>,
    /// What they did: one of the words that the table knows.
    pub act: &'static str,
    /// The booking that they looked at.
    pub booking: Option<i64>,
    /// Their network.
    pub network: &'a str,
}

/// What is known of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When, by wall time.
    pub at: DateTime<Utc>,
    /// Whose login.
    pub login: String,
    /// At which office; empty: at none.
    pub office: String,
    /// What they did.
    pub act: String,
    /// The code of the booking that they looked at, where it is kept still.
    pub code: Option<String>,
    /// Their network.
    pub network: String,
}

/// Which acts are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter<'a> {
    /// Of one office only.
    pub office: Option<&'a OfficeId>,
    /// Of one person only.
    pub login: Option<&'a str>,
    /// Not before this.
    pub since: Option<DateTime<Utc>>,
    /// At most so many, the latest.
    pub limit: u32,
}

result_row! {
    struct AuditResult {
        at_us: i64,
        login: String,
        office: String,
        act: String,
        code: Option<String>,
        network: String,
    }
}

impl Storage {
    /// Adds a row, and waits until it would survive a power loss: what it tells of is shown only afterwards.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_act(&self, act: NewAuditRow<'_>, now: DateTime<Utc>) -> Result<(), StorageError> {
        let id = self.ids(1).await?.start;
        let sql = "insert into audit (id, at_us, staff, login, office, act, subject, network) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(sql)
                .bind(id)
                .bind(us(now))
                .bind(act.staff)
                .bind(act.login)
                .bind(act.office.map_or("", OfficeId::as_str))
                .bind(act.act)
                .bind(act.booking)
                .bind(act.network)
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// Acts, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn acts(&self, filter: AuditFilter<'_>) -> Result<Vec<AuditRow>, StorageError> {
        let sql = "select audit.at_us, audit.login, audit.office, audit.act, booking.code, audit.network from audit \
                   left join booking on booking.id = audit.subject where ($1 = '' or audit.office = $1) \
                   and ($2 = '' or audit.login = $2) and audit.at_us >= $3 order by audit.id desc limit $4";
        let mut tx = self.pool.read().await?;
        let rows: Vec<AuditResult> = on!(&mut tx, |conn| {
            sqlx::query_as(sql)
                .bind(filter.office.map_or("", OfficeId::as_str))
                .bind(filter.login.unwrap_or_default())
                .bind(filter.since.map_or(0, us))
                .bind(i64::from(filter.limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        let act = |row: AuditResult| AuditRow {
            at: at(row.at_us),
            login: row.login,
            office: row.office,
            act: row.act,
            code: row.code,
            network: row.network,
        };
        Ok(rows.into_iter().map(act).collect())
    }
}
