//! Lists what was recorded.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::audit::{Act, Scope};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// What is known of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the trail, from 1.
    pub id: i64,
    /// When, by wall time.
    pub at: DateTime<Utc>,
    /// Whose login; of a terminal, who they said they are.
    pub login: String,
    /// Their network; of a terminal, `terminal` and the system's account.
    pub network: String,
    /// At which office; empty: at none.
    pub office: String,
    /// What they did, as it is stored.
    pub act: String,
    /// The same, where this program knows it.
    pub known: Option<Act>,
    /// The kind of what it was about; empty: nothing in particular.
    pub kind: String,
    /// Its number or id.
    pub subject: String,
    /// What else it reached.
    pub scope: Scope,
    /// Why; empty: not said.
    pub why: String,
    /// The code of the booking that it was about, where that is kept still.
    pub code: Option<String>,
}

/// Which acts are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditFilter<'a> {
    /// Of one office only.
    pub office: Option<&'a OfficeId>,
    /// Of one person only.
    pub login: Option<&'a str>,
    /// Of one kind only.
    pub act: Option<Act>,
    /// Not before this.
    pub since: Option<DateTime<Utc>>,
    /// Before this.
    pub until: Option<DateTime<Utc>>,
    /// Rows in front of this one only: the next page of a list.
    pub before: Option<i64>,
    /// At most so many, the latest.
    pub limit: u32,
}

result_row! {
    struct AuditResult {
        id: i64,
        at_us: i64,
        login: String,
        network: String,
        office: String,
        act: String,
        kind: String,
        subject: String,
        scope: String,
        why: String,
        code: Option<String>,
    }
}

static LIST: LazyLock<[Statement; 3]> = LazyLock::new(|| {
    // By the index of what narrows most: a condition that may be absent is none that a planner goes by.
    ["audit.office = $1", "audit.login = $2", "true"].map(|narrow| {
        Statement::new(&format!(
            "select audit.id, audit.at_us, audit.login, audit.network, audit.office, audit.act, audit.kind, audit.subject, \
             audit.scope, audit.why, booking.code from audit left join booking \
             on booking.id = case when audit.kind = 'booking' then cast(audit.subject as bigint) end \
             where {narrow} and ($1 = '' or audit.office = $1) and ($2 = '' or audit.login = $2) \
             and ($3 = '' or audit.act = $3) and audit.at_us >= $4 and audit.at_us < $5 and audit.id < $6 \
             order by audit.id desc limit $7"
        ))
    })
});

impl AuditResult {
    fn row(self) -> AuditRow {
        AuditRow {
            id: self.id,
            at: at(self.at_us),
            login: self.login,
            network: self.network,
            office: self.office,
            known: Act::read(&self.act),
            act: self.act,
            kind: self.kind,
            subject: self.subject,
            scope: Scope::read(&self.scope),
            why: self.why,
            code: self.code,
        }
    }
}

impl Storage {
    /// Acts, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn acts(&self, filter: AuditFilter<'_>) -> Result<Vec<AuditRow>, StorageError> {
        let [by_office, by_login, all] = &*LIST;
        let statement = match (filter.office, filter.login) {
            (_, Some(_)) => by_login,
            (Some(_), None) => by_office,
            (None, None) => all,
        };
        let mut tx = self.pool.read().await?;
        let sql = statement.sql(&tx);
        let rows: Vec<AuditResult> = on!(&mut tx, |conn| {
            sqlx::query_as(sql)
                .bind(filter.office.map_or("", OfficeId::as_str))
                .bind(filter.login.unwrap_or_default())
                .bind(filter.act.map_or("", Act::name))
                .bind(filter.since.map_or(i64::MIN, us))
                .bind(filter.until.map_or(i64::MAX, us))
                .bind(filter.before.unwrap_or(i64::MAX))
                .bind(i64::from(filter.limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(AuditResult::row).collect())
    }
}
