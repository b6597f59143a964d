//! The real server, as a process of its own, and what it says and uses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::database::Database;
use super::figures::Figures;
use super::installation::Installation;
use super::process;

/// The binary that is measured.
pub const ANTREAN: &str = env!("CARGO_BIN_EXE_antrean");

/// The running server; killed with the value.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

/// What server and database have used at one instant.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    at: Instant,
    cpu: Duration,
    database_cpu: Duration,
    written: u64,
    commits: f64,
    messages: f64,
}

impl Server {
    /// Starts it on `database`, with its files in `folder`, and waits until it listens.
    pub fn start(folder: &Path, installation: Installation, database: &Database, api: &str) -> Self {
        let configuration = installation.write(folder, &database.url(), api);
        let mut child = Command::new(ANTREAN)
            .args(["serve", "--config"])
            .arg(configuration)
            .env("ANTREAN_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let address = BufReader::new(child.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("listening on http://")?.1.trim().parse().ok())
            .expect("the server says where it listens");
        Self { address, child }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A page of it.
    pub fn page(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        answer
    }

    /// One of its counters.
    pub fn counter(&self, name: &str) -> f64 {
        counter(&self.page("/metrics"), name)
    }

    /// Ends it at once, as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Used {
    /// What these servers and their database have used up to now.
    pub fn by(servers: &[Server], database: &Database) -> Self {
        let behind = database.processes();
        let own: Vec<u32> = servers.iter().map(Server::pid).collect();
        let pages: Vec<String> = servers.iter().map(|server| server.page("/metrics")).collect();
        let counted = |name: &str| pages.iter().map(|page| counter(page, name)).sum();
        Self {
            at: Instant::now(),
            cpu: own.iter().map(|&pid| process::cpu(pid)).sum(),
            database_cpu: behind.iter().map(|&pid| process::cpu(pid)).sum(),
            // Where all databases of a run are.
            written: process::written(&std::env::temp_dir()),
            commits: counted("antrean_intake_commits_total"),
            messages: counted("antrean_intake_messages_total"),
        }
    }

    /// What was used since `earlier`, for each message and each second.
    pub fn since(&self, earlier: &Self, has_database: bool) -> Figures {
        let messages = (self.messages - earlier.messages).max(1.0);
        let commits = self.commits - earlier.commits;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / messages;
        let mut figures = Figures::default()
            .with("cpu_us", each(self.cpu.saturating_sub(earlier.cpu)))
            .with("written_bytes", self.written.saturating_sub(earlier.written) as f64 / messages)
            .with("commits_per_s", commits / (self.at - earlier.at).as_secs_f64())
            .with("messages_per_commit", messages / commits.max(1.0));
        if has_database {
            figures.set("database_cpu_us", each(self.database_cpu.saturating_sub(earlier.database_cpu)));
        }
        figures
    }
}

fn counter(page: &str, name: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().parse().unwrap_or_default()
}
