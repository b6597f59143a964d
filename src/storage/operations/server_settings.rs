//! Settings of a server or a role that break what antrean promises: checked once, at the start, and reported with the
//! remedy.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// Shortest limit of a statement, in milliseconds; below it the server would cut statements off before this program
/// gives them up.
const STATEMENT_MS_MIN: i64 = 30_000;

result_row! {
    /// The settings of the session, from server, database and role.
    #[derive(Debug, Clone, Default)]
    struct Settings {
        role: String,
        fsync: String,
        full_page_writes: String,
        synchronous_commit: String,
        standbys: String,
        read_only: String,
        statement_ms: i64,
        transaction_ms: i64,
    }
}

const SETTINGS: &str = "select cast(current_user as text) as role, current_setting('fsync') as fsync, \
     current_setting('full_page_writes') as full_page_writes, \
     current_setting('synchronous_commit') as synchronous_commit, \
     current_setting('synchronous_standby_names') as standbys, \
     current_setting('default_transaction_read_only') as read_only, \
     cast(coalesce((select setting from pg_settings where name = 'statement_timeout'), '0') as bigint) as statement_ms, \
     cast(coalesce((select setting from pg_settings where name = 'transaction_timeout'), '0') as bigint) as transaction_ms";

impl Settings {
    fn risks(&self) -> Vec<String> {
        let role = &self.role;
        let mut risks = Vec::new();
        let mut note = |is_so: bool, risk: String| {
            if is_so {
                risks.push(risk);
            }
        };
        note(
            self.fsync == "off",
            "the server does not wait for its disk (fsync = off): a power failure may lose or spoil everything; set \
             fsync = on in postgresql.conf"
                .to_owned(),
        );
        note(
            self.full_page_writes == "off",
            "the server cannot mend pages that a power failure tears (full_page_writes = off); set full_page_writes = on in \
             postgresql.conf, unless its file system never tears a page"
                .to_owned(),
        );
        note(
            self.synchronous_commit == "off",
            format!(
                "a commit is answered before it is on disk (synchronous_commit = off): a power failure loses messages that \
                 were acknowledged; run: alter role {role} set synchronous_commit = on"
            ),
        );
        note(
            !self.standbys.is_empty() && matches!(self.synchronous_commit.as_str(), "local" | "remote_write"),
            format!(
                "a commit is answered before the synchronous standby has it on disk (synchronous_commit = {}): a failover may \
                 lose messages that were acknowledged; run: alter role {role} set synchronous_commit = on",
                self.synchronous_commit
            ),
        );
        note(
            self.read_only == "on",
            format!(
                "this role, database or server only reads (default_transaction_read_only = on), so nothing can be booked; \
                 run: alter role {role} set default_transaction_read_only = off, or name the primary in the address"
            ),
        );
        for (name, ms) in [("statement_timeout", self.statement_ms), ("transaction_timeout", self.transaction_ms)] {
            note(
                ms > 0 && ms < STATEMENT_MS_MIN,
                format!(
                    "the server cuts off what takes longer than {ms} ms ({name}): a commit that waits for a standby may be done \
                     and reported as failed, and a check or a move never ends; run: alter role {role} set {name} = 0"
                ),
            );
        }
        risks
    }
}

impl Storage {
    /// The settings of a server that break what is promised here, each as a sentence with its remedy. A file has none.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn risky_settings(&self) -> Result<Vec<String>, StorageError> {
        let mut tx = self.pool.read().await?;
        let settings: Settings = match &mut tx {
            Tx::Postgres(_) => on!(&mut tx, |conn| sqlx::query_as(SETTINGS).fetch_one(conn).await)?,
            _ => Settings::default(),
        };
        tx.end().await?;
        Ok(settings.risks())
    }
}
