//! Either engine under a test: a database of its own, and a look into its tables.

use std::path::Path;

use antrean::storage::Storage;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Executor, Row};
use tempfile::TempDir;

use crate::support::installation::WAIT;
use crate::support::postgres::{Database, connect};

/// What an installation keeps its data in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Makes two tests of each function named: one for each engine.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::support::engine::Engine::Sqlite).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::support::engine::Engine::Postgres).await;
            })+
        }
    };
}
pub(crate) use on_both_engines;

/// A database of one test; gone with the value.
pub enum Base {
    Sqlite(TempDir),
    Postgres(Database),
}

impl Base {
    /// One with all tables and no data.
    pub async fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(tempfile::tempdir().expect("a folder")),
            Engine::Postgres => Self::Postgres(Database::migrated().await),
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}", folder.path().join("antrean.db").display()),
            Self::Postgres(database) => database.url.clone(),
        }
    }

    /// A handle of the product's own; on SQLite one that need not survive a power loss.
    pub async fn storage(&self) -> Storage {
        match self {
            Self::Sqlite(folder) => Storage::open_scratch(&folder.path().join("antrean.db")).await,
            Self::Postgres(database) => Storage::open(&database.url).await,
        }
        .expect("the database")
    }

    pub async fn tables(&self) -> Tables {
        Tables::of(&self.url()).await
    }
}

/// A connection beside the product's own.
pub enum Tables {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one expression on whichever connection there is.
macro_rules! on {
    ($tables:expr, |$conn:ident| $run:expr) => {
        match $tables {
            Tables::Sqlite($conn) => $run,
            Tables::Postgres($conn) => $run,
        }
    };
}

impl Tables {
    /// Those of a SQLite file.
    pub async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(WAIT);
        Self::Sqlite(options.connect().await.expect("the database"))
    }

    /// Those of a database by its address.
    pub async fn of(url: &str) -> Self {
        match antrean::storage::sqlite_path(url) {
            Some(path) => Self::open(&path).await,
            None => Self::Postgres(connect(url).await),
        }
    }

    /// Runs a statement, or several with semicolons between them.
    pub async fn run(&mut self, sql: &str) {
        let ran = on!(self, |conn| conn.execute(sqlx::AssertSqlSafe(sql)).await.map(drop));
        ran.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Whether the database refuses a statement.
    pub async fn refuses(&mut self, sql: &str) -> bool {
        on!(self, |conn| conn.execute(sqlx::AssertSqlSafe(sql)).await.map(drop)).is_err()
    }

    /// What PostgreSQL would do, line by line.
    pub async fn plan(&mut self, sql: &str) -> Vec<String> {
        let Self::Postgres(conn) = self else { panic!("only PostgreSQL explains like this") };
        // Explaining is no statement that can be prepared.
        let rows = conn.fetch_all(sqlx::AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// One number.
    pub async fn count(&mut self, sql: &str) -> i64 {
        // A sum is a `numeric` on PostgreSQL.
        let sql = format!("select cast(({sql}) as bigint)");
        let asked = on!(self, |conn| sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).fetch_one(conn).await);
        asked.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// How many, to compare with what a test counted.
    pub async fn many(&mut self, sql: &str) -> usize {
        usize::try_from(self.count(sql).await).expect("a count")
    }

    /// One column of text.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let asked = on!(self, |conn| sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(conn).await);
        asked.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}
