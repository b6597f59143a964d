//! Scratch databases: SQLite files, and a PostgreSQL server of this run's own, with its defaults for durability.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum;
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use super::process;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// One file.
    Sqlite,
    /// A server that this run starts.
    Postgres,
}

impl Engine {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A PostgreSQL server that this run started; it ends with the value. One that is found running is never used.
pub struct Cluster {
    folder: TempDir,
    port: u16,
    made: AtomicU32,
}

/// The folder of PostgreSQL's programs: Debian keeps `initdb` out of the path.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's programs; on Debian: apt-get install postgresql")
}

/// One of PostgreSQL's programs, as the user `postgres` where we are root, which it refuses to run as.
pub fn program(name: &str) -> Command {
    let path = programs().join(name);
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return Command::new(path);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
    command
}

fn done(command: &mut Command) -> Output {
    let output = command.output().expect("a program that starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

impl Cluster {
    /// Makes one in a scratch folder and starts it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        if program("initdb").get_program() == "runuser" {
            done(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let data = folder.path().join("data");
        done(program("initdb").args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "-D"]).arg(&data));
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c max_connections=200",
            folder.path().display()
        );
        let log = folder.path().join("log");
        done(program("pg_ctl").args(["-w", "-D"]).arg(&data).arg("-l").arg(log).args(["-o", &options, "start"]));
        Self { folder, port, made: AtomicU32::new(0) }
    }

    /// The server's own process.
    pub fn pid(&self) -> u32 {
        let file = self.folder.path().join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("the server's process number");
        text.lines().next().and_then(|line| line.parse().ok()).expect("a number")
    }

    /// A program that connects to it.
    pub fn client(&self, name: &str) -> Command {
        let mut command = program(name);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres"]);
        command
    }

    /// A folder that its own user may read.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        program("pg_ctl").args(["-w", "-m", "immediate", "-D"]).arg(data).arg("stop").output().ok();
    }
}

/// One empty database; gone with the value.
pub enum Database {
    /// A file in a folder of its own.
    File(TempDir),
    /// A database of the server.
    Server(Arc<Cluster>, String),
}

impl Database {
    /// A new one: on `cluster`, or else a file.
    pub fn make(cluster: Option<&Arc<Cluster>>) -> Self {
        let Some(cluster) = cluster else { return Self::File(tempfile::tempdir().expect("a folder")) };
        let name = format!("bench{}", cluster.made.fetch_add(1, Ordering::Relaxed));
        done(cluster.client("createdb").arg(&name));
        Self::Server(Arc::clone(cluster), name)
    }

    /// Its address, as a configuration names it.
    pub fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite://{}", folder.path().join("bench.db").display()),
            Self::Server(cluster, name) => format!("postgres://postgres@127.0.0.1:{}/{name}", cluster.port),
        }
    }

    /// The processes that serve it beside antrean's own.
    pub fn processes(&self) -> Vec<u32> {
        match self {
            Self::File(_) => Vec::new(),
            Self::Server(cluster, _) => process::family(cluster.pid()),
        }
    }

    /// Runs one statement; its rows as texts.
    pub fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Self::File(folder) => rows_of_file(&folder.path().join("bench.db"), sql),
            Self::Server(cluster, name) => {
                let output = done(cluster.client("psql").args(["-q", "-At", "-F", "\t", "-d", name, "-c", sql]));
                let text = String::from_utf8(output.stdout).expect("UTF-8");
                text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
            }
        }
    }

    /// One row of whole numbers.
    pub fn numbers(&self, sql: &str) -> Vec<i64> {
        let row = self.rows(sql).into_iter().next().unwrap_or_default();
        row.iter().map(|cell| cell.parse().expect("a whole number")).collect()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Server(cluster, name) = self {
            cluster.client("dropdb").args(["--force", name]).output().ok();
        }
    }
}

fn rows_of_file(path: &Path, sql: &str) -> Vec<Vec<String>> {
    let file = rusqlite::Connection::open(path).expect("the database");
    file.busy_timeout(std::time::Duration::from_secs(30)).expect("an option");
    let mut statement = file.prepare(sql).expect("a statement");
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("rows");
    let mut all = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let cell = |n| match row.get_ref(n).expect("a cell") {
            ValueRef::Null => String::new(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
        };
        all.push((0..columns).map(cell).collect());
    }
    all
}
