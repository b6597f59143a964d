//! A failover cluster of the drill's own on loopback: three nodes, three etcd, and haproxy before them, which asks Patroni who the
//! primary is.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::node::{NODES, Node, Programs};
use super::processes;
use crate::support::installation::until;
use crate::support::server_process::client;

/// Longest time until three nodes are whole: at the beginning, and after a fault, when the former primary is rewound.
const WHOLE_TIME_MAX: Duration = Duration::from_mins(3);
/// Longest time for a question to Patroni.
const QUESTION_TIME_MAX: Duration = Duration::from_secs(2);
/// Pause between two questions.
const PAUSE: Duration = Duration::from_millis(200);

pub struct Cluster {
    programs: Programs,
    pub nodes: Vec<Node>,
    etcd: Vec<Child>,
    haproxy: Option<Child>,
    /// Where haproxy listens.
    port: u16,
    client: reqwest::Client,
}

/// Ports that nobody has.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

/// Where `tests/drill failover` has put the programs.
fn programs() -> Programs {
    let path = |name: &str| {
        let name = format!("ANTREAN_DRILL_{name}");
        PathBuf::from(std::env::var(&name).unwrap_or_else(|_| panic!("no {name}: run tests/drill failover")))
    };
    Programs { folder: path("FOLDER"), python: path("PYTHON"), postgres: path("POSTGRES") }
}

impl Cluster {
    /// Starts one and waits until it is whole; commits wait for a standby, or not.
    pub async fn start(synchronous: bool) -> Self {
        let programs = programs();
        let clients: [u16; NODES] = free_ports();
        let mut nodes = Vec::new();
        for number in 1..=NODES {
            nodes.push(Node::new(number, &programs.folder, free_ports(), &clients).await);
        }
        let [port] = free_ports();
        let mut cluster = Self { programs, nodes, etcd: Vec::new(), haproxy: None, port, client: client() };
        cluster.start_etcd(clients);
        for port in clients {
            cluster.etcd_agrees(port).await;
        }
        for node in &mut cluster.nodes {
            node.configure(&cluster.programs, synchronous);
            node.start(&cluster.programs);
        }
        cluster.start_haproxy();
        let begun = Instant::now();
        cluster.whole(synchronous).await;
        println!("the cluster is whole after {:.1} s", begun.elapsed().as_secs_f64());
        cluster
    }

    fn start_etcd(&mut self, clients: [u16; NODES]) {
        let peers: [u16; NODES] = free_ports();
        let url = |port: &u16| format!("http://127.0.0.1:{port}");
        let members: Vec<String> = peers.iter().enumerate().map(|(n, port)| format!("e{n}={}", url(port))).collect();
        let (members, program) = (members.join(","), self.programs.folder.join("root/usr/bin/etcd"));
        for (n, (client, peer)) in clients.iter().zip(&peers).enumerate() {
            let (name, client, peer) = (format!("e{n}"), url(client), url(peer));
            let folder = self.programs.folder.join(&name);
            processes::make_folder(&folder);
            let args = [
                ["--name", &name],
                ["--data-dir", "data"],
                ["--listen-client-urls", &client],
                ["--advertise-client-urls", &client],
                ["--listen-peer-urls", &peer],
                ["--initial-advertise-peer-urls", &peer],
                ["--initial-cluster", &members],
                ["--initial-cluster-state", "new"],
            ];
            self.etcd.push(processes::start(&program, &args.concat(), &folder, &[]));
        }
    }

    /// Waits until etcd's members have agreed on their version: Patroni ends where it starts before that.
    async fn etcd_agrees(&self, port: u16) {
        until("etcd has a version", async || {
            let version = self.get(port, "/version").await?;
            (version.contains("etcdcluster") && !version.contains("not_decided")).then_some(())
        })
        .await;
    }

    /// Starts haproxy with the lines that docs/postgresql.md gives.
    pub fn start_haproxy(&mut self) {
        let folder = self.programs.folder.join("haproxy");
        processes::make_folder(&folder);
        let mut text = format!(
            "listen postgres_rw\n    bind 127.0.0.1:{}\n    mode tcp\n    timeout client 30m\n    timeout server 30m\n    \
             timeout connect 2s\n    option httpchk OPTIONS /primary\n    http-check expect status 200\n    \
             default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions\n",
            self.port
        );
        for node in &self.nodes {
            text.push_str(&node.server_line());
        }
        fs::write(folder.join("haproxy.cfg"), text).expect("written");
        let (program, libraries) =
            (self.programs.folder.join("root/usr/sbin/haproxy"), self.programs.folder.join("root/libraries"));
        let environment = [("LD_LIBRARY_PATH", libraries.as_path())];
        self.haproxy = Some(processes::start(&program, &["-db", "-f", "haproxy.cfg"], &folder, &environment));
    }

    /// Kills haproxy.
    pub fn kill_haproxy(&mut self) {
        if let Some(mut haproxy) = self.haproxy.take() {
            haproxy.kill().expect("killed");
            haproxy.wait().expect("dead");
        }
    }

    /// The address of a database through haproxy.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Starts a node that was killed.
    pub fn start_node(&mut self, place: usize) {
        self.nodes[place].start(&self.programs);
    }

    async fn ask(&self, node: &Node, path: &str) -> Option<String> {
        self.get(node.rest, path).await
    }

    async fn get(&self, port: u16, path: &str) -> Option<String> {
        let question = self.client.get(format!("http://127.0.0.1:{port}{path}")).send();
        let answer = tokio::time::timeout(QUESTION_TIME_MAX, question).await.ok()?.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        tokio::time::timeout(QUESTION_TIME_MAX, answer.text()).await.ok()?.ok()
    }

    /// The place of the node that says that it is the primary.
    pub async fn primary(&self) -> Option<usize> {
        for (place, node) in self.nodes.iter().enumerate() {
            if self.ask(node, "/primary").await.is_some() {
                return Some(place);
            }
        }
        None
    }

    /// What the primary says of the members, as etcd has them: the role of each, and its state.
    async fn members(&self) -> Vec<String> {
        let Some(primary) = self.primary().await else { return Vec::new() };
        let said = self.ask(&self.nodes[primary], "/cluster").await.unwrap_or_default();
        let said: Value = serde_json::from_str(&said).unwrap_or_default();
        let text = |member: &Value, key: &str| member[key].as_str().unwrap_or_default().to_owned();
        let members = said["members"].as_array().cloned().unwrap_or_default();
        let mut members: Vec<String> =
            members.iter().map(|member| format!("{} {}", text(member, "role"), text(member, "state"))).collect();
        members.sort();
        members
    }

    /// Waits until there are a primary and two standbys that stream, of which every commit waits for either; gives the primary's place.
    pub async fn whole(&self, synchronous: bool) -> usize {
        let standby = if synchronous { "quorum_standby streaming" } else { "replica streaming" };
        let end = Instant::now() + WHOLE_TIME_MAX;
        loop {
            let members = self.members().await;
            if members == ["leader running", standby, standby]
                && let Some(primary) = self.primary().await
            {
                return primary;
            }
            if Instant::now() > end {
                let logs: Vec<String> =
                    self.nodes.iter().map(|node| format!("{}:\n{}", node.name, node.log())).collect();
                panic!("the cluster is not whole: {members:?}\n{}", logs.join("\n"));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in self.haproxy.iter_mut().chain(&mut self.etcd) {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
