//! Migrates a database, under a lock: of ten nodes that start together, one migrates and nine find it done.
//!
//! The lock belongs to the transaction, not to sqlx: a session's advisory lock leaks through a pooler, and on SQLite
//! sqlx takes none.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor, SqlStr};

use crate::storage::engine::error::StorageError;
use crate::storage::engine::postgres::server::{BEGIN_MIGRATION, ServerOptions, WAIT_FOR_TABLES, connect};

static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(&include_dir!("$CARGO_MANIFEST_DIR/migrations/sqlite")));
static POSTGRES: LazyLock<Migrator> =
    LazyLock::new(|| migrator(&include_dir!("$CARGO_MANIFEST_DIR/migrations/postgres")));

/// Held by the transaction that migrates; the server releases it when that ends, however it ends. The number is this
/// program's own.
const LOCK: &str = "select pg_advisory_xact_lock(4712005001)";

/// The migrations of a folder, files like `0003_courier.sql`. sqlx has a macro for that, which would build both drivers and SQLite
/// a second time, for the compiler: an eighth of the whole build.
fn migrator(folder: &Dir<'static>) -> Migrator {
    let mut migrations: Vec<Migration> = folder
        .files()
        .filter_map(|file| {
            let (number, name) = file.path().file_stem()?.to_str()?.split_once('_')?;
            let sql = SqlStr::from_static(file.contents_utf8()?);
            Some(Migration::new(number.parse().ok()?, name.replace('_', " ").into(), MigrationType::Simple, sql, false))
        })
        .collect();
    migrations.sort();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.set_locking(false);
    migrator
}

/// Migrates a SQLite file; waits for its lock as long as the connection does. Returns whether it gave an installation
/// number to a database of an earlier version.
pub(in crate::storage) async fn sqlite(conn: &mut SqliteConnection) -> Result<bool, StorageError> {
    const IS_UNNUMBERED: &str = "select exists (select 1 from sqlite_schema where name = 'office') \
        and not exists (select 1 from sqlite_schema where name = 'installation')";
    // Immediate, so that two processes do not both find an empty file.
    let mut tx = conn.begin_with("begin immediate").await?;
    let (is_unnumbered,): (bool,) = sqlx::query_as(IS_UNNUMBERED).fetch_one(&mut *tx).await?;
    SQLITE.run_direct(None, &mut *tx, false).await.map_err(failed)?;
    tx.commit().await?;
    Ok(is_unnumbered)
}

/// Migrates a PostgreSQL database through a connection of its own. Returns whether it gave an installation number to a
/// database of an earlier version.
pub(in crate::storage) async fn postgres(options: &ServerOptions) -> Result<bool, StorageError> {
    let mut conn: PgConnection = connect(&options.connection).await?;
    let done = postgres_on(&mut conn, options.named_statements).await;
    conn.close().await.ok();
    done
}

async fn postgres_on(conn: &mut PgConnection, named_statements: bool) -> Result<bool, StorageError> {
    const IS_UNNUMBERED: &str = "select to_regclass('office') is not null and to_regclass('installation') is null";
    let mut tx = conn.begin_with(BEGIN_MIGRATION.as_str()).await?;
    // sqlx names every statement of a migration. Behind a pooler the server's connection lives on, and the next session
    // counts from one too.
    let forget = async |tx: &mut PgConnection| {
        if named_statements { Ok(()) } else { tx.execute("deallocate all").await.map(drop) }
    };
    forget(&mut tx).await?;
    tx.execute(LOCK).await?;
    tx.execute(WAIT_FOR_TABLES.as_str()).await?;
    let (is_unnumbered,): (bool,) = sqlx::query_as(IS_UNNUMBERED).persistent(false).fetch_one(&mut *tx).await?;
    POSTGRES.run_direct(None, &mut *tx, false).await.map_err(failed)?;
    forget(&mut tx).await?;
    tx.commit().await?;
    Ok(is_unnumbered)
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn failed(error: MigrateError) -> StorageError {
    StorageError::Unavailable(format!("the database cannot be brought up to date: {error}"))
}
