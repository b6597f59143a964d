//! A PostgreSQL server: how a session is opened, and transactions that never return a connection in doubt to the pool.
//!
//! In sqlx 0.9.0 a `begin` that is cancelled half-way leaves its connection inside a transaction, and the pool hands it
//! out again: later writes return `Ok` and are lost (launchbadge/sqlx issues 4385 and 4393). Here a connection returns
//! to the pool only after its transaction is known to be over; in every other case it is closed, and the server rolls
//! back.

use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgPool, PgPoolOptions, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::postgres::executor::PgExecutor;
use crate::storage::engine::postgres::notice::with_warning;
use crate::storage::engine::postgres::tls;
use crate::storage::engine::postgres::tls::Address;

/// How long one statement may take before its connection is given up. A server that froze, or a network that swallows
/// packets, answers nothing at all; the provider is waiting (20 seconds) and will deliver again.
const STATEMENT_TIME_MAX: Duration = Duration::from_secs(10);
/// The same for work that reads whole tables: audits, moves, exports.
const WHOLE_TABLE_TIME_MAX: Duration = Duration::from_hours(1);
/// How long to wait for a free connection, or for the server to take a new one.
const ACQUIRE_TIME_MAX: Duration = Duration::from_secs(5);
/// A connection that was idle for longer is pinged first: its server may have been replaced.
const UNCHECKED_IDLE_MAX: Duration = Duration::from_secs(1);
/// Connections are closed at this age, so that every node finds a new primary without being told.
const LIFETIME_MAX: Duration = Duration::from_mins(30);

/// How long a transaction may be idle between two statements before the server ends it: its node froze (a stopped
/// process, a paused machine), and others wait for its locks. Usually milliseconds pass; a node that wakes up later
/// serves its messages again.
const IDLE_TIME_MAX: Duration = Duration::from_secs(5);
/// The same for a snapshot, which blocks nothing but the removal of old rows and changes of tables: a move writes a
/// page to its other side between two statements.
const IDLE_SNAPSHOT_TIME_MAX: Duration = Duration::from_mins(10);
/// The same for a migration, which blocks everything: its statements follow one another at once, and no node can start
/// meanwhile.
const IDLE_MIGRATION_TIME_MAX: Duration = Duration::from_mins(1);
/// How long a statement may wait for one lock. Longer than [`IDLE_TIME_MAX`], so that a statement that waits for a
/// frozen node gets the lock in the end; shorter than [`STATEMENT_TIME_MAX`], so that the server reports it and the
/// connection lives on.
const LOCK_TIME_MAX: Duration = Duration::from_secs(8);
/// How long a migration may wait for the lock of a table: every later statement on it queues behind.
const MIGRATION_LOCK_TIME_MAX: Duration = Duration::from_secs(30);
/// How long a node may wait for another node's migration, which may rewrite whole tables.
const MIGRATION_TURN_TIME_MAX: Duration = Duration::from_mins(30);

/// Each statement must see what others committed before it, whatever the server's default isolation is: the row locks
/// of the offices order the batches, and what is read after taking them must be what their last holder wrote.
static BEGIN_WRITING: LazyLock<String> = LazyLock::new(|| begin("read committed", IDLE_TIME_MAX, LOCK_TIME_MAX));
/// The same for intake and courier, whose every search uses an index and whose plans are made once. While a table is
/// young, the planner takes it for empty and would scan it for every batch, until it is analysed.
static BEGIN_BY_INDEX: LazyLock<String> = LazyLock::new(|| {
    let plans = "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off; set local jit = off";
    format!("{}; {plans}", *BEGIN_WRITING)
});
/// One state of the database for several statements that only read.
static BEGIN_SNAPSHOT: LazyLock<String> =
    LazyLock::new(|| begin("repeatable read read only", IDLE_SNAPSHOT_TIME_MAX, LOCK_TIME_MAX));
/// A migration, which first waits for its turn.
pub(in crate::storage) static BEGIN_MIGRATION: LazyLock<String> =
    LazyLock::new(|| begin("read committed", IDLE_MIGRATION_TIME_MAX, MIGRATION_TURN_TIME_MAX));
/// Sent once it is the migration's turn.
pub(in crate::storage) static WAIT_FOR_TABLES: LazyLock<String> =
    LazyLock::new(|| lock_timeout(MIGRATION_LOCK_TIME_MAX));

const COMMIT: &str = "commit";
/// A commit that waits for the synchronous standby even where its transaction changed nothing: it writes an empty message
/// into the log then. PostgreSQL itself waits only for what the transaction wrote.
const COMMIT_CONFIRMING: &str = "select case when pg_current_xact_id_if_assigned() is null \
     then pg_logical_emit_message(true, 'antrean', '') end; commit";

/// One round trip. Settings of the session would be another's behind a pooler, so they are local to the transaction.
fn begin(isolation: &str, idle: Duration, wait: Duration) -> String {
    let idle = idle.as_millis();
    format!(
        "begin isolation level {isolation}; set local idle_in_transaction_session_timeout = {idle}; {}",
        lock_timeout(wait)
    )
}

fn lock_timeout(wait: Duration) -> String {
    format!("set local lock_timeout = {}", wait.as_millis())
}

/// A pool of connections to a server.
#[derive(Debug, Clone)]
pub(in crate::storage) struct Server {
    pool: PgPool,
    named_statements: bool,
    /// Whether this opening gave an installation number to a database of an earlier version.
    pub(in crate::storage) is_newly_numbered: bool,
}

/// How to connect to a server.
#[derive(Debug, Clone)]
pub(in crate::storage) struct ServerOptions {
    pub(in crate::storage) connection: PgConnectOptions,
    /// Whether prepared statements may have names.
    pub(in crate::storage) named_statements: bool,
}

/// The options of a `postgres://` address.
pub(in crate::storage) fn options(Address { url, tls }: Address<'_>) -> Result<ServerOptions, StorageError> {
    let unreadable = || StorageError::Unavailable("the postgres:// address cannot be read".to_owned());
    let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
    // No column holds a fraction, and a pooler refuses start-up parameters that it does not know.
    let mut options = options.extra_float_digits(None);
    let parsed = url::Url::parse(url).map_err(|_| unreadable())?;
    if !parsed.query_pairs().any(|(key, _)| key == "application_name") {
        options = options.application_name("antrean");
    }
    let options = tls::with_tls(options, tls)?;
    let named_statements = !parsed.query_pairs().any(|(key, value)| key == "statement-cache-capacity" && value == "0");
    Ok(ServerOptions { connection: options, named_statements })
}

/// Opens a connection outside the pool; its error says what to do.
pub(in crate::storage) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StorageError> {
    options.connect().await.map_err(|error| tls::explained(error, options))
}

/// Creates a schema. Its name is the program's own choice.
pub(in crate::storage) async fn create_schema(options: &PgConnectOptions, name: &str) -> Result<(), StorageError> {
    one_statement(options, format!("create schema \"{name}\"")).await
}

/// Drops a schema with all that is in it.
pub(in crate::storage) async fn drop_schema(address: Address<'_>, name: &str) -> Result<(), StorageError> {
    one_statement(&options(address)?.connection, format!("drop schema \"{name}\" cascade")).await
}

async fn one_statement(options: &PgConnectOptions, sql: String) -> Result<(), StorageError> {
    let mut conn = connect(options).await?;
    conn.execute(AssertSqlSafe(sql)).await?;
    conn.close().await.ok();
    Ok(())
}

impl Server {
    /// Creates a pool of at most `connections`; none is opened before it is needed.
    pub(in crate::storage) fn open(options: ServerOptions, connections: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIME_MAX)
            .max_lifetime(LIFETIME_MAX)
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > UNCHECKED_IDLE_MAX {
                        let asked = tokio::time::timeout(ACQUIRE_TIME_MAX, conn.ping()).await;
                        return Ok(matches!(asked, Ok(Ok(()))));
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options.connection);
        Self { pool, named_statements: options.named_statements, is_newly_numbered: false }
    }

    /// Begins a transaction that writes.
    pub(in crate::storage) async fn begin(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_WRITING, STATEMENT_TIME_MAX).await
    }

    /// Begins an intake and locks its offices in ascending order, so that two nodes never wait on each other, in one
    /// round trip. What the intake reads must be asked for afterwards, since a statement sees only what was committed
    /// before it began.
    pub(in crate::storage) async fn begin_intake(
        &self,
        offices: impl Iterator<Item = &OfficeId>,
    ) -> Result<PgTx, StorageError> {
        // An office's id has no character that would end a quoted literal.
        let offices: Vec<String> = offices.map(|office| format!("'{office}'")).collect();
        let lock = if offices.is_empty() {
            String::new()
        } else {
            format!("; select from office where id in ({}) order by id for update", offices.join(", "))
        };
        self.begin_as(&format!("{}{lock}", *BEGIN_BY_INDEX), STATEMENT_TIME_MAX).await
    }

    /// A connection to read by, outside a transaction; behind a pooler in one, where prepare and execute must reach the
    /// same server connection.
    pub(in crate::storage) async fn read(&self) -> Result<PgTx, StorageError> {
        if !self.named_statements {
            return self.begin_as(&BEGIN_SNAPSHOT, STATEMENT_TIME_MAX).await;
        }
        let conn = self.pool.acquire().await?;
        Ok(PgTx {
            conn,
            begun: false,
            in_doubt: false,
            commit: COMMIT,
            named_statements: true,
            statement_timeout: STATEMENT_TIME_MAX,
        })
    }

    /// Begins a transaction that reads whole tables, all in one state.
    pub(in crate::storage) async fn snapshot(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_SNAPSHOT, WHOLE_TABLE_TIME_MAX).await
    }

    /// Begins a transaction that writes, and may read whole tables.
    pub(in crate::storage) async fn begin_long(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_WRITING, WHOLE_TABLE_TIME_MAX).await
    }

    /// Begins a round of the courier.
    pub(in crate::storage) async fn begin_dispatch(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_BY_INDEX, STATEMENT_TIME_MAX).await
    }

    async fn begin_as(&self, begin: &str, statement_timeout: Duration) -> Result<PgTx, StorageError> {
        let conn = self.pool.acquire().await?;
        // In doubt from here on: when this future is dropped during `begin`, the connection is closed.
        let mut tx = PgTx {
            conn,
            begun: true,
            in_doubt: true,
            commit: COMMIT,
            named_statements: self.named_statements,
            statement_timeout,
        };
        tx.run(begin).await?;
        Ok(tx)
    }

    pub(in crate::storage) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction on PostgreSQL, or a connection to read by.
#[derive(Debug)]
pub struct PgTx {
    conn: PoolConnection<Postgres>,
    begun: bool,
    in_doubt: bool,
    /// What commits it.
    commit: &'static str,
    named_statements: bool,
    statement_timeout: Duration,
}

impl Drop for PgTx {
    fn drop(&mut self) {
        // Cancelled, panicked, failed (a broken connection, a server that became read-only), or never ended: closing
        // the connection is the one rollback that cannot be missed.
        if self.in_doubt {
            self.conn.close_on_drop();
        }
    }
}

impl PgTx {
    /// What statements run on.
    pub(in crate::storage) fn conn(&mut self) -> PgExecutor<'_> {
        // Outside a transaction, too, a cancelled statement leaves its answer on the connection.
        self.in_doubt = true;
        PgExecutor { conn: &mut self.conn, named_statements: self.named_statements }
    }

    /// The limit of one statement.
    pub(in crate::storage) fn statement_timeout(&self) -> Duration {
        self.statement_timeout
    }

    /// Runs a statement that gives nothing back.
    pub(in crate::storage) async fn execute(
        &mut self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Result<(), StorageError> {
        let statement_timeout = self.statement_timeout;
        with_timeout(statement_timeout, query.execute(self.conn())).await?;
        self.statement_succeeded();
        Ok(())
    }

    /// Records that a statement has succeeded.
    pub(in crate::storage) fn statement_succeeded(&mut self) {
        self.in_doubt = self.begun;
    }

    async fn run(&mut self, sql: &str) -> Result<(), StorageError> {
        self.in_doubt = true;
        with_timeout(self.statement_timeout, self.conn.execute(AssertSqlSafe(sql))).await?;
        Ok(())
    }

    /// Lets the commit wait until what this transaction found, too, has reached the synchronous standby. A server that
    /// crashed and started again shows commits whose wait it cut short, and a failover may still lose them.
    pub(in crate::storage) fn confirm_at_commit(&mut self) {
        self.commit = COMMIT_CONFIRMING;
    }

    /// Commits. After an error it is unknown whether the commit happened: the same work under the same keys shows it.
    pub(in crate::storage) async fn commit(mut self) -> Result<(), StorageError> {
        if !self.begun {
            return Ok(());
        }
        let commit = self.commit;
        let (committed, warned) = with_warning(self.run(commit)).await;
        committed?;
        if warned {
            let reason = "the server committed with a warning: a standby may not have it";
            return Err(StorageError::Unavailable(reason.to_owned()));
        }
        self.in_doubt = false;
        Ok(())
    }

    /// Rolls back and keeps the connection.
    pub(in crate::storage) async fn rollback(mut self) -> Result<(), StorageError> {
        if self.begun {
            self.run("rollback").await?;
            self.in_doubt = false;
        }
        Ok(())
    }
}

/// Waits for a statement, up to a limit.
pub(in crate::storage) async fn with_timeout<T>(
    statement_timeout: Duration,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(statement_timeout, statement).await.unwrap_or_else(|_| {
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the server gave no answer in time")))
    })
}
