//! The tests' own PostgreSQL, and a database of its own for each test.
//!
//! `tests/run` (or `tests/postgres COMMAND`) starts a server and names it in `ANTREAN_TEST_POSTGRES`. Without that, the
//! first test that needs one has `tests/postgres lend` start it, and all tests of this checkout share it until they end.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use antrean::storage::Storage;
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};

/// Held while a migrated template is made, on the server's own database.
const TEMPLATE_LOCK: &str = "select pg_advisory_lock(77)";

/// The address of the server's database `postgres`.
pub fn server() -> &'static str {
    static SERVER: OnceLock<(String, Option<File>)> = OnceLock::new();
    let (url, _) = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ANTREAN_TEST_POSTGRES") {
            return (url, None);
        }
        let (url, in_use) = lent("postgres");
        (url, Some(in_use))
    });
    url
}

/// A server of one test alone, which may change its settings: its address, and what keeps it alive.
pub fn server_of(test: &str) -> (String, File) {
    lent(&format!("postgres-{test}"))
}

/// Borrows a server; the file keeps it alive as long as this process lives.
fn lent(name: &str) -> (String, File) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the server that is lent");
    let in_use = File::options().create(true).append(true).open(folder.join("use.lock")).expect("the lock");
    in_use.lock_shared().expect("the lock");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres");
    let output = Command::new(script).arg("lend").arg(&folder).output().expect("tests/postgres runs");
    assert!(
        output.status.success(),
        "this test needs PostgreSQL and could not have one started:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned(), in_use)
}

/// Where a program of Debian's lies that is not in everybody's PATH.
pub fn program(name: &str) -> std::path::PathBuf {
    let path = std::env::var("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&format!("{path}:/usr/sbin")).map(|folder| folder.join(name)).find(|it| it.is_file());
    found
        .unwrap_or_else(|| panic!("this test needs `{name}`, which is not installed: run tests/run, which installs it"))
}

/// The address of another database of the same server.
fn beside(name: &str) -> String {
    let (server, _) = server().rsplit_once('/').expect("an address with a database");
    format!("{server}/{name}")
}

/// A connection to any database.
pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

async fn run(conn: &mut PgConnection, sql: &str) {
    conn.execute(sqlx::AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A database of one test; gone with the value.
pub struct Database {
    name: String,
    pub url: String,
}

impl Database {
    /// One with the tables that an installation has.
    pub async fn migrated() -> Self {
        let template = template_name();
        let mut conn = connect(server()).await;
        let known = "select exists (select from pg_database where datname = $1)";
        let exists = async |conn: &mut PgConnection| -> bool {
            sqlx::query_scalar(known).bind(&template).fetch_one(conn).await.expect("a list of databases")
        };
        if !exists(&mut conn).await {
            conn.execute(TEMPLATE_LOCK).await.expect("the lock");
            if !exists(&mut conn).await {
                let draft = format!("{template}_draft");
                run(&mut conn, &format!("drop database if exists {draft} with (force)")).await;
                run(&mut conn, &format!("create database {draft}")).await;
                let storage = Storage::open(&beside(&draft)).await.expect("migrated");
                storage.close().await;
                run(&mut conn, &format!("alter database {draft} rename to {template}")).await;
            }
        }
        // The lock goes with the connection.
        conn.close().await.ok();
        Self::create(&format!("template {template}")).await
    }

    /// One without any table.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    async fn create(how: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut conn = connect(server()).await;
        // Of an earlier process with the same number, which was killed.
        run(&mut conn, &format!("drop database if exists {name} with (force)")).await;
        run(&mut conn, &format!("create database {name} {how}")).await;
        let url = beside(&name);
        Self { name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A thread of its own: this may run inside a runtime, or after its end. A server that is gone has dropped it too.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut conn) = PgConnection::connect(server()).await {
                    conn.execute(sqlx::AssertSqlSafe(sql)).await.ok();
                }
            });
        });
        dropping.join().ok();
    }
}

/// Named after what the migrations say, so that a server that is shared by two versions has a template for each.
fn template_name() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("migrations").map(|file| file.unwrap().path()).collect();
    files.sort();
    let all: String = files.iter().map(|file| std::fs::read_to_string(file).expect("a migration")).collect();
    format!("antrean_{:016x}", antrean::domain::fingerprint::of(&all))
}
