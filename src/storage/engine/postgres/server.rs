//! What only PostgreSQL needs: how it is opened, transactions that never hand back a connection in doubt, and
//! statements without names for poolers that share connections.
//!
//! In sqlx 0.9.0 a `begin` that is cancelled half-way leaves its connection inside a transaction, and the pool hands it
//! on: later writes return `Ok` and are lost (launchbadge/sqlx issues 4385 and 4393). Here a connection goes back to the
//! pool only after its transaction is known to be over; in every other case it is closed, and the server rolls back.

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
use crate::storage::engine::postgres::tls;
use crate::storage::engine::postgres::tls::Address;

/// How long one statement may take before its connection is given up. A server that froze, or a network that swallows
/// packets, answers nothing at all; the provider is waiting (20 seconds) and will deliver again.
const STATEMENT_TIME_MAX: Duration = Duration::from_secs(10);
/// The same for work that reads whole tables: audits, moves, exports.
const WHOLE_TABLE_TIME_MAX: Duration = Duration::from_hours(1);
/// How long to wait for a free connection, or for the server to take a new one.
const ACQUIRE_TIME_MAX: Duration = Duration::from_secs(5);
/// A connection that rested longer than this is asked whether it lives: its server may have been replaced.
const UNCHECKED_IDLE_MAX: Duration = Duration::from_secs(1);
/// Connections are renewed after this time, so that every node finds a new primary without being told.
const LIFETIME_MAX: Duration = Duration::from_mins(30);

/// How long a transaction may hold its locks without a statement before the server ends it: its node froze (a stopped process, a
/// paused machine), and others wait for those locks. Between two statements lie milliseconds; a node that wakes up later
/// than this takes its messages again.
const IDLE_TIME_MAX: Duration = Duration::from_secs(5);
/// The same for a snapshot, which holds nothing that others need but old rows and the form of the tables: a move writes a page
/// to its other side between two statements.
const IDLE_SNAPSHOT_TIME_MAX: Duration = Duration::from_mins(10);
/// The same for a migration, which holds everything: its statements follow one another at once, and others cannot start
/// meanwhile.
const IDLE_MIGRATION_TIME_MAX: Duration = Duration::from_mins(1);
/// How long a statement may wait for one lock. Longer than [`IDLE_TIME_MAX`], so that whoever waits for a frozen node still
/// gets the lock; shorter than [`STATEMENT_TIME_MAX`], so that the server says so and the connection lives on.
const LOCK_TIME_MAX: Duration = Duration::from_secs(8);
/// How long a migration may wait for a table: everybody who comes after it waits behind it.
const MIGRATION_LOCK_TIME_MAX: Duration = Duration::from_secs(30);
/// How long a node may wait for another one's migration, which may build whole tables anew.
const MIGRATION_TURN_TIME_MAX: Duration = Duration::from_mins(30);

/// Each statement must see what others committed before it, whatever the server's default says: the lock on the
/// offices' rows is the sequencer, and what is read after it must be what its last holder wrote.
static BEGIN_WRITING: LazyLock<String> = LazyLock::new(|| begin("read committed", IDLE_TIME_MAX, LOCK_TIME_MAX));
/// The same for intake and courier, whose every search is by an index, and whose plans are made once: while a table is young
/// the planner takes it for empty and would read it whole, for every batch, until it is analysed.
static BEGIN_BY_INDEX: LazyLock<String> = LazyLock::new(|| {
    let plans = "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off; set local jit = off";
    format!("{}; {plans}", *BEGIN_WRITING)
});
/// One state of the database for several statements, which may change nothing.
static BEGIN_SNAPSHOT: LazyLock<String> =
    LazyLock::new(|| begin("repeatable read read only", IDLE_SNAPSHOT_TIME_MAX, LOCK_TIME_MAX));
/// A migration, which first waits for its turn.
pub(in crate::storage) static BEGIN_MIGRATION: LazyLock<String> =
    LazyLock::new(|| begin("read committed", IDLE_MIGRATION_TIME_MAX, MIGRATION_TURN_TIME_MAX));
/// Said once it is a migration's turn.
pub(in crate::storage) static WAIT_FOR_TABLES: LazyLock<String> =
    LazyLock::new(|| lock_timeout(MIGRATION_LOCK_TIME_MAX));

/// One text, one trip: a session's own settings would be another's behind a pooler.
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

/// A server, and how to talk to it.
#[derive(Debug, Clone)]
pub(in crate::storage) struct Server {
    pool: PgPool,
    named_statements: bool,
    /// Whether this opening gave an earlier version's database its number.
    pub(in crate::storage) is_newly_numbered: bool,
}

/// The settings of a `postgres://` address, and whether prepared statements may have names.
pub(in crate::storage) fn options(Address { url, tls }: Address<'_>) -> Result<(PgConnectOptions, bool), StorageError> {
    let unreadable = || StorageError::Unavailable("the postgres:// address cannot be read".to_owned());
    let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
    // No column holds a fraction, and a pooler refuses what it does not know at the start of a session.
    let mut options = options.extra_float_digits(None);
    let parsed = url::Url::parse(url).map_err(|_| unreadable())?;
    if !parsed.query_pairs().any(|(key, _)| key == "application_name") {
        options = options.application_name("antrean");
    }
    let options = tls::settled(options, tls)?;
    let named_statements = !parsed.query_pairs().any(|(key, value)| key == "statement-cache-capacity" && value == "0");
    Ok((options, named_statements))
}

/// A connection of its own; where it cannot be made, what to do.
pub(in crate::storage) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StorageError> {
    options.connect().await.map_err(|error| tls::explained(error, options))
}

/// Makes a schema. Its name is the program's own choice.
pub(in crate::storage) async fn create_schema(options: &PgConnectOptions, name: &str) -> Result<(), StorageError> {
    one_statement(options, format!("create schema \"{name}\"")).await
}

/// Drops a schema with all that is in it.
pub(in crate::storage) async fn drop_schema(address: Address<'_>, name: &str) -> Result<(), StorageError> {
    one_statement(&options(address)?.0, format!("drop schema \"{name}\" cascade")).await
}

async fn one_statement(options: &PgConnectOptions, sql: String) -> Result<(), StorageError> {
    let mut conn = connect(options).await?;
    conn.execute(AssertSqlSafe(sql)).await?;
    conn.close().await.ok();
    Ok(())
}

impl Server {
    /// Opens a pool of at most `connections`; none is made before it is needed.
    pub(in crate::storage) fn open(options: PgConnectOptions, named_statements: bool, connections: u32) -> Self {
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
            .connect_lazy_with(options);
        Self { pool, named_statements, is_newly_numbered: false }
    }

    /// Begins a transaction that writes.
    pub(in crate::storage) async fn begin(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_WRITING, STATEMENT_TIME_MAX).await
    }

    /// Begins an intake and locks its offices in ascending order, so that two nodes never wait on each other: one text,
    /// one trip. What it is to see must be asked for afterwards, since a statement sees only what was committed before it
    /// began.
    pub(in crate::storage) async fn begin_intake(
        &self,
        offices: impl Iterator<Item = &OfficeId>,
    ) -> Result<PgTx, StorageError> {
        // An office's id has no character that would end a quoted text.
        let offices: Vec<String> = offices.map(|office| format!("'{office}'")).collect();
        let lock = if offices.is_empty() {
            String::new()
        } else {
            format!("; select from office where id in ({}) order by id for update", offices.join(", "))
        };
        self.begin_as(&format!("{}{lock}", *BEGIN_BY_INDEX), STATEMENT_TIME_MAX).await
    }

    /// A connection to read by. Its statements stand alone, but for a pooler, where prepare and run must not be parted.
    pub(in crate::storage) async fn read(&self) -> Result<PgTx, StorageError> {
        if !self.named_statements {
            return self.begin_as(&BEGIN_SNAPSHOT, STATEMENT_TIME_MAX).await;
        }
        let conn = self.pool.acquire().await?;
        Ok(PgTx { conn, begun: false, in_doubt: false, named_statements: true, statement_timeout: STATEMENT_TIME_MAX })
    }

    /// Begins one that reads whole tables, all in one state.
    pub(in crate::storage) async fn snapshot(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_SNAPSHOT, WHOLE_TABLE_TIME_MAX).await
    }

    /// Begins one that goes through whole tables and writes.
    pub(in crate::storage) async fn begin_long(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_WRITING, WHOLE_TABLE_TIME_MAX).await
    }

    /// Begins a round of the courier.
    pub(in crate::storage) async fn begin_dispatch(&self) -> Result<PgTx, StorageError> {
        self.begin_as(&BEGIN_BY_INDEX, STATEMENT_TIME_MAX).await
    }

    async fn begin_as(&self, begin: &str, statement_timeout: Duration) -> Result<PgTx, StorageError> {
        let conn = self.pool.acquire().await?;
        // In doubt from here on: whoever is dropped while `begin` is under way takes the connection along.
        let mut tx =
            PgTx { conn, begun: true, in_doubt: true, named_statements: self.named_statements, statement_timeout };
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
    named_statements: bool,
    statement_timeout: Duration,
}

impl Drop for PgTx {
    fn drop(&mut self) {
        // Cancelled, panicked, failed (a connection that broke, a server that became read-only), or just not ended:
        // closing it is the one rollback that cannot be missed.
        if self.in_doubt {
            self.conn.close_on_drop();
        }
    }
}

impl PgTx {
    /// What statements run on.
    pub(in crate::storage) fn conn(&mut self) -> PgExecutor<'_> {
        // Outside a transaction, too, a statement that was not waited for leaves its answer on the line.
        self.in_doubt = true;
        PgExecutor { conn: &mut self.conn, named_statements: self.named_statements }
    }

    /// How long one statement may take.
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

    /// A statement has ended well.
    pub(in crate::storage) fn statement_succeeded(&mut self) {
        self.in_doubt = self.begun;
    }

    async fn run(&mut self, sql: &str) -> Result<(), StorageError> {
        self.in_doubt = true;
        with_timeout(self.statement_timeout, self.conn.execute(AssertSqlSafe(sql))).await?;
        Ok(())
    }

    async fn finish(mut self, sql: &'static str) -> Result<(), StorageError> {
        if self.begun {
            self.run(sql).await?;
            self.in_doubt = false;
        }
        Ok(())
    }

    /// Makes it durable. An error means that nobody knows whether it is: the same work under the same keys tells.
    pub(in crate::storage) async fn commit(self) -> Result<(), StorageError> {
        self.finish("commit").await
    }

    /// Undoes it and keeps the connection.
    pub(in crate::storage) async fn rollback(self) -> Result<(), StorageError> {
        self.finish("rollback").await
    }
}

/// Waits for a statement, but not for ever.
pub(in crate::storage) async fn with_timeout<T>(
    statement_timeout: Duration,
    statement: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(statement_timeout, statement).await.unwrap_or_else(|_| {
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the server gave no answer in time")))
    })
}
