//! What strangers can do to a server: large bodies, slow connections, forgeries, bodies of nothing but commas.
//!
//! `cargo bench --bench strangers` starts a server of its own on a free port of this machine, with a database in a
//! temporary folder, and prints one line an attack; `-- PATH` attacks the server at that path instead. Linux only: memory
//! is read from `/proc`. It needs some thousand descriptors: `ulimit -n 8192`.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark may fail loudly")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const SECRET: &str = "rahasia-aplikasi-uji";
/// How long a genuine webhook, or a question after health, may take.
const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    fn start(binary: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "listen = \"127.0.0.1:0\"\n[gateway.wa]\nkind = \"whatsapp_cloud\"\napi = \"http://127.0.0.1:9\"\n\
             verify_token = \"kata-periksa-uji\"\napp_secret = \"{SECRET}\"\naccess_token = \"kunci-kirim-uji\"\n\
             [[channel]]\ngateway = \"wa\"\noffice = \"bogor\"\nphone_number_id = \"1001\"\n"
        );
        std::fs::write(folder.path().join("antrean.toml"), config).unwrap();
        let log = folder.path().join("log");
        let mut child = Command::new(binary)
            .args(["serve", "--config", "antrean.toml"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("it listens").unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
        };
        Self { child, address, log, _folder: folder }
    }

    /// A field of `/proc/PID/status`, in megabytes.
    fn memory(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    }

    fn log_bytes(&self) -> u64 {
        std::fs::metadata(&self.log).unwrap().len()
    }
}

fn signature(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

fn head(length: usize, signature: &str, more: &str) -> String {
    format!(
        "POST /webhooks/wa HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{more}\
         x-hub-signature-256: sha256={signature}\r\ncontent-length: {length}\r\n\r\n"
    )
}

fn genuine(n: usize) -> Vec<u8> {
    let body = format!(
        "{{\"object\":\"whatsapp_business_account\",\"entry\":[{{\"id\":\"1\",\"changes\":[{{\"field\":\"messages\",\
         \"value\":{{\"messaging_product\":\"whatsapp\",\"metadata\":{{\"phone_number_id\":\"1001\"}},\"messages\":[{{\
         \"from\":\"62812{n:08}\",\"id\":\"wamid.{n}\",\"type\":\"text\",\"text\":{{\"body\":\"halo\"}}}}]}}}}]}}]}}"
    );
    let mut request = head(body.len(), &signature(body.as_bytes()), "connection: close\r\n").into_bytes();
    request.extend(body.bytes());
    request
}

/// Sends a request on a connection of its own; the status and how long it took.
async fn ask(address: SocketAddr, request: &[u8]) -> (Option<u16>, Duration) {
    let began = Instant::now();
    let answer = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(request).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()
    };
    (timeout(PATIENCE, answer).await.ok().flatten(), began.elapsed())
}

async fn health(address: SocketAddr, path: &str) -> Duration {
    let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    let (status, took) = ask(address, request.as_bytes()).await;
    if status == Some(200) { took } else { Duration::MAX }
}

/// What genuine clients see until `over`: webhooks served of all, and the slowest answer of `/readyz`.
async fn witness(address: SocketAddr, over: Duration) -> (usize, usize, Duration) {
    let end = Instant::now() + over;
    let mut asked = Vec::new();
    let (mut slowest, mut n) = (Duration::ZERO, 0);
    while Instant::now() < end {
        asked.push(tokio::spawn(async move { ask(address, &genuine(n)).await.0 == Some(200) }));
        n += 1;
        slowest = slowest.max(health(address, "/readyz").await);
        sleep(Duration::from_millis(100)).await;
    }
    let mut served = 0;
    for one in asked {
        served += usize::from(one.await.unwrap());
    }
    (served, n, slowest)
}

fn shown(took: Duration) -> String {
    if took == Duration::MAX { "none".to_owned() } else { format!("{} ms", took.as_millis()) }
}

async fn large_bodies(binary: &Path) {
    let server = Server::start(binary);
    let (address, before) = (server.address, server.memory("VmRSS:"));
    let crowd: Vec<_> = (0..1_023)
        .map(|_| {
            tokio::spawn(async move {
                let Ok(mut stream) = TcpStream::connect(address).await else { return };
                let request = head(4 * 1024 * 1024, &"0".repeat(64), "");
                if stream.write_all(request.as_bytes()).await.is_ok() {
                    let piece = vec![b'x'; 64 * 1024];
                    for _ in 0..63 {
                        if stream.write_all(&piece).await.is_err() {
                            return;
                        }
                    }
                    // All but the last piece, and then nothing: it is held as long as the server lets it.
                    sleep(Duration::from_secs(15)).await;
                }
            })
        })
        .collect();
    let (served, asked, slowest) = witness(address, Duration::from_secs(12)).await;
    for one in crowd {
        one.await.ok();
    }
    let (peak, now) = (server.memory("VmHWM:"), server.memory("VmRSS:"));
    sleep(Duration::from_mins(1)).await;
    println!(
        "1023 x 4 MiB: before {before} MB, peak {peak} MB, at the end {now} MB, a minute after {} MB; \
         webhooks served {served} of {asked}; /readyz at most {}",
        server.memory("VmRSS:"),
        shown(slowest)
    );
}

async fn slow_connections(binary: &Path) {
    let server = Server::start(binary);
    let address = server.address;
    let (over, opened) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let crowd: Vec<_> = (0..2_500)
        .map(|n| {
            let (over, opened) = (Arc::clone(&over), Arc::clone(&opened));
            tokio::spawn(async move {
                let opening = match n % 3 {
                    0 => String::new(),
                    1 => "POST /webhooks/wa HTTP/1.1\r\nhost: a\r\nx-slow: ".to_owned(),
                    _ => head(100_000, &"0".repeat(64), ""),
                };
                while !over.load(Ordering::Relaxed) {
                    if let Ok(mut stream) = TcpStream::connect(address).await {
                        opened.fetch_add(1, Ordering::Relaxed);
                        let mut is_open = stream.write_all(opening.as_bytes()).await.is_ok();
                        while is_open && !over.load(Ordering::Relaxed) {
                            sleep(Duration::from_millis(500)).await;
                            is_open = if opening.is_empty() {
                                stream.readable_now()
                            } else {
                                stream.write_all(b"x").await.is_ok()
                            };
                        }
                    }
                    sleep(Duration::from_millis(500)).await;
                }
            })
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    let (served, asked, slowest) = witness(address, Duration::from_secs(15)).await;
    over.store(true, Ordering::Relaxed);
    for one in crowd {
        one.await.ok();
    }
    println!(
        "2500 slow connections ({} opened): webhooks served {served} of {asked}; /readyz at most {}; peak {} MB",
        opened.load(Ordering::Relaxed),
        shown(slowest),
        server.memory("VmHWM:")
    );
}

trait ReadableNow {
    fn readable_now(&self) -> bool;
}

impl ReadableNow for TcpStream {
    /// Whether it is still open, as far as one look tells.
    fn readable_now(&self) -> bool {
        !matches!(self.try_read(&mut [0; 1]), Ok(0))
    }
}

async fn forgeries(binary: &Path) {
    let server = Server::start(binary);
    let (address, before, began) = (server.address, server.log_bytes(), Instant::now());
    let body = b"{\"object\":\"whatsapp_business_account\"}";
    let mut request = head(body.len(), &"0".repeat(64), "").into_bytes();
    request.extend(body);
    let crowd: Vec<_> = (0..40)
        .map(|_| {
            let request = request.clone();
            tokio::spawn(async move {
                let mut denied = 0;
                let mut stream = TcpStream::connect(address).await.unwrap();
                let mut answer = vec![0; 4096];
                for _ in 0..1_000 {
                    stream.write_all(&request).await.unwrap();
                    let count = stream.read(&mut answer).await.unwrap();
                    denied += usize::from(answer.get(..count).unwrap().starts_with(b"HTTP/1.1 401"));
                }
                denied
            })
        })
        .collect();
    let mut denied = 0;
    for one in crowd {
        denied += one.await.unwrap();
    }
    let took = began.elapsed();
    // The sum is told within ten seconds.
    sleep(Duration::from_secs(11)).await;
    println!("{denied} forgeries in {:.1} s: {} bytes of log", took.as_secs_f64(), server.log_bytes() - before);
}

async fn commas(binary: &Path) {
    let server = Server::start(binary);
    let (address, before, log) = (server.address, server.memory("VmRSS:"), server.log_bytes());
    let body = format!("{{\"object\":\"whatsapp_business_account\",\"entry\":[{}0]}}", "0,".repeat(2_096_000));
    let mut request = head(body.len(), &signature(body.as_bytes()), "connection: close\r\n").into_bytes();
    request.extend(body.bytes());
    let request = Arc::new(request);
    let crowd: Vec<_> = (0..4)
        .map(|_| {
            let request = Arc::clone(&request);
            tokio::spawn(async move { ask(address, &request).await })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    while crowd.iter().any(|one| !one.is_finished()) {
        slowest = slowest.max(health(address, "/healthz").await);
    }
    let mut told = Vec::new();
    for one in crowd {
        let (status, took) = one.await.unwrap();
        told.push(format!("{} in {} ms", status.unwrap_or(0), took.as_millis()));
    }
    println!(
        "4 x 4 MB of `0,`: {}; before {before} MB, peak {} MB, after {} MB; /healthz at most {}; {} bytes of log",
        told.join(", "),
        server.memory("VmHWM:"),
        server.memory("VmRSS:"),
        shown(slowest),
        server.log_bytes() - log
    );
}

#[tokio::main]
async fn main() {
    let own = PathBuf::from(env!("CARGO_BIN_EXE_antrean"));
    let binary = std::env::args().skip(1).find(|arg| !arg.starts_with("--")).map_or(own, PathBuf::from);
    let binary = binary.canonicalize().unwrap();
    forgeries(&binary).await;
    commas(&binary).await;
    slow_connections(&binary).await;
    large_bodies(&binary).await;
}
