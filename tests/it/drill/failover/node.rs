//! A node of the cluster: PostgreSQL under Patroni, and the connections by which others reach it and it reaches etcd.
//!
//! Each of these connections goes through a proxy of the drill's own, which can fall silent: a network of its own for each node
//! would need rights that an account, or a container, often has not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use serde_json::{Value, json};

use super::processes;
use crate::support::proxy::{Mode, Proxy};

/// How long the primary's lease lasts without being renewed; Patroni's smallest.
pub const TTL: Duration = Duration::from_secs(20);
pub const NODES: usize = 3;
/// Lines of a log that a failure shows.
const LOG_LINES: usize = 24;

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The folder of the drill, which has those that it brought along.
    pub folder: PathBuf,
    /// The interpreter that runs Patroni.
    pub python: PathBuf,
    /// The folder of PostgreSQL's programs.
    pub postgres: PathBuf,
}

/// Who is cut off from a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// etcd and the other nodes; clients still reach it.
    Peers,
    /// Everybody.
    All,
}

pub struct Node {
    pub name: String,
    pub folder: PathBuf,
    /// PostgreSQL's port and Patroni's, past all proxies.
    pub postgres: u16,
    pub rest: u16,
    /// The ways of the other nodes, to both.
    peers: [Proxy; 2],
    /// The ways of haproxy, to both.
    clients: [Proxy; 2],
    /// Its own ways to etcd.
    etcd: Vec<Proxy>,
    patroni: Option<Child>,
}

impl Node {
    pub async fn new(number: usize, folder: &Path, [postgres, rest]: [u16; 2], etcd: &[u16]) -> Self {
        let name = format!("n{number}");
        let mut ways = Vec::new();
        for port in etcd {
            ways.push(Proxy::to_port(*port).await);
        }
        Self {
            folder: folder.join(&name),
            name,
            postgres,
            rest,
            peers: [Proxy::to_port(postgres).await, Proxy::to_port(rest).await],
            clients: [Proxy::to_port(postgres).await, Proxy::to_port(rest).await],
            etcd: ways,
            patroni: None,
        }
    }

    /// Writes its configuration; `synchronous` is what the first node that starts lays down for all.
    pub fn configure(&self, programs: &Programs, synchronous: bool) {
        processes::make_folder(&self.folder);
        let file = self.folder.join("patroni.yml");
        // JSON is YAML.
        fs::write(file, self.configuration(programs, synchronous).to_string()).expect("written");
    }

    fn configuration(&self, programs: &Programs, synchronous: bool) -> Value {
        let mode = if synchronous { json!("quorum") } else { json!(false) };
        let local = |port: u16| format!("127.0.0.1:{port}");
        let etcd: Vec<String> = self.etcd.iter().map(|way| local(way.port())).collect();
        json!({
            "scope": "antrean",
            "name": self.name,
            "restapi": {"listen": local(self.rest), "connect_address": local(self.peers[1].port())},
            // Otherwise Patroni asks etcd for its members, and goes past the proxies.
            "etcd3": {"hosts": etcd, "use_proxies": true},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL.as_secs(),
                    "loop_wait": 5,
                    "retry_timeout": 5,
                    "synchronous_mode": mode,
                    "synchronous_mode_strict": synchronous,
                    "synchronous_node_count": 1,
                    "postgresql": {
                        "use_pg_rewind": true,
                        "use_slots": true,
                        "parameters": {"max_connections": 60, "wal_log_hints": "on", "wal_keep_size": "256MB"},
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": local(self.postgres),
                "connect_address": local(self.peers[0].port()),
                "data_dir": self.folder.join("data"),
                "bin_dir": programs.postgres,
                "pgpass": self.folder.join("pgpass"),
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                    "rewind": {"username": "rewinder"},
                },
                "parameters": {"unix_socket_directories": self.folder},
                "pg_hba": [
                    "local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust",
                ],
            },
        })
    }

    /// Starts Patroni, which starts PostgreSQL.
    pub fn start(&mut self, programs: &Programs) {
        let libraries = programs.folder.join("python");
        let environment = [("PYTHONPATH", libraries.as_path())];
        let args = ["-m", "patroni", "patroni.yml"];
        self.patroni = Some(processes::start(&programs.python, &args, &self.folder, &environment));
    }

    /// Kills Patroni and PostgreSQL.
    pub fn kill(&mut self) {
        processes::kill(&self.folder, |_| true);
        if let Some(mut patroni) = self.patroni.take() {
            patroni.wait().ok();
        }
    }

    /// Kills PostgreSQL alone.
    pub fn kill_postgres(&self) {
        processes::kill(&self.folder.join("data"), |_| true);
    }

    /// Stops or continues all of its processes.
    pub fn signal(&self, name: &str) {
        processes::signal(name, &processes::of_folder(&self.folder));
    }

    /// Stops the processes that send the log to the standbys.
    pub fn stop_sending(&self) -> usize {
        let senders: Vec<u32> = processes::of_folder(&self.folder)
            .into_iter()
            .filter(|process| processes::title(*process).contains("walsender"))
            .collect();
        processes::signal("STOP", &senders);
        senders.len()
    }

    /// Lets its connections fall silent.
    pub fn cut(&self, cut: Cut) {
        let clients = if cut == Cut::All { &self.clients[..] } else { &[] };
        for way in self.peers.iter().chain(&self.etcd).chain(clients) {
            way.set(Mode::Silent);
        }
    }

    /// Lets them carry everything again.
    pub fn join(&self) {
        for way in self.peers.iter().chain(&self.etcd).chain(&self.clients) {
            way.set(Mode::Whole);
        }
    }

    /// Its line in haproxy's configuration.
    pub fn server_line(&self) -> String {
        let [postgres, rest] = &self.clients;
        format!("    server {} 127.0.0.1:{} check port {}\n", self.name, postgres.port(), rest.port())
    }

    /// The end of its log.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(LOG_LINES);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.signal("CONT");
        self.kill();
    }
}
