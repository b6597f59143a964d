//! How many messages a second the real server takes: a process of its own, signed webhooks over HTTP on loopback, a
//! stand-in for the provider that takes every reply. `cargo bench --bench throughput -- --help` says what can be chosen.
//!
//! Machines are noisy: quote medians, and ratios inside one run. After every run the books are audited.

#![expect(
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise, and its figures are rounded"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a-secret-of-this-benchmark";

/// Measures a server from outside.
#[derive(Debug, Parser)]
struct Options {
    /// Rounds; each runs every case once, so that drift hits all alike
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds a case
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Connections, closed loop
    #[arg(long, value_delimiter = ',', default_value = "1,64,256")]
    connections: Vec<usize>,
    /// A database instead of a fresh SQLite file: postgres://…, emptied by the caller
    #[arg(long)]
    database: Option<String>,
    /// Given by `cargo bench`; means nothing here
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one case measured.
#[derive(Debug, Default, Clone)]
struct Measured {
    messages_a_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    cpu_us_a_message: f64,
    peak_mib: f64,
    replies_taken: u64,
}

fn main() {
    let options = Options::parse();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run(&options));
}

async fn run(options: &Options) {
    let mut all: Vec<(usize, Vec<Measured>)> = options.connections.iter().map(|&n| (n, Vec::new())).collect();
    for round in 0..options.rounds {
        for (connections, measured) in &mut all {
            let one = case(options, *connections, round).await;
            eprintln!("round {round}, {connections} connections: {:.0} messages/s", one.messages_a_second);
            measured.push(one);
        }
    }
    let mut table = String::from(
        "connections | messages/s [min-max] | p50 ms | p99 ms | CPU us/message | peak MiB | replies sent meanwhile\n",
    );
    for (connections, measured) in &all {
        let of = |get: fn(&Measured) -> f64| {
            let mut values: Vec<f64> = measured.iter().map(get).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let mid = |get| of(get).get(measured.len() / 2).copied().unwrap_or_default();
        let rates = of(|m| m.messages_a_second);
        writeln!(
            table,
            "{connections:>11} | {:>9.0} [{:.0}-{:.0}] | {:.2} | {:.2} | {:.0} | {:.1} | {:.0}",
            mid(|m| m.messages_a_second),
            rates.first().copied().unwrap_or_default(),
            rates.last().copied().unwrap_or_default(),
            mid(|m| m.p50_ms),
            mid(|m| m.p99_ms),
            mid(|m| m.cpu_us_a_message),
            mid(|m| m.peak_mib),
            mid(|m| m.replies_taken as f64),
        )
        .expect("a table");
    }
    println!("{table}");
}

/// One server, one load.
async fn case(options: &Options, connections: usize, round: usize) -> Measured {
    let folder = tempfile::tempdir().expect("a folder");
    let stub = Stub::start().await;
    let server = Server::start(folder.path(), &stub, options.database.as_deref());
    let stop = Arc::new(AtomicBool::new(false));
    let served = Arc::new(AtomicU64::new(0));
    let warm = Instant::now() + Duration::from_millis(300);
    let mut tasks = Vec::new();
    for number in 0..connections {
        let (stop, served) = (Arc::clone(&stop), Arc::clone(&served));
        let address = server.address.clone();
        tasks.push(tokio::spawn(async move {
            let mut wire = Wire::open(&address).await;
            let mut latencies = Vec::new();
            let mut n = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                let request = request(&address, number, n, round);
                n += 1;
                let begun = Instant::now();
                wire.ask(&request).await;
                if begun > warm {
                    latencies.push(begun.elapsed());
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
            latencies
        }));
    }
    tokio::time::sleep_until(warm.into()).await;
    let (begun, cpu) = (Instant::now(), server.cpu());
    tokio::time::sleep(Duration::from_secs_f64(options.seconds)).await;
    let messages = served.load(Ordering::Relaxed);
    let (took, cpu) = (begun.elapsed(), server.cpu().saturating_sub(cpu));
    stop.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.expect("a client"));
    }
    latencies.sort();
    let at = |share: f64| {
        let place = (latencies.len() as f64 * share) as usize;
        latencies.get(place.min(latencies.len().saturating_sub(1))).map_or(0.0, |d| d.as_secs_f64() * 1e3)
    };
    let measured = Measured {
        messages_a_second: messages as f64 / took.as_secs_f64(),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        cpu_us_a_message: cpu.as_secs_f64() * 1e6 / (messages.max(1)) as f64,
        peak_mib: server.peak_mib(),
        replies_taken: stub.taken.load(Ordering::Relaxed),
    };
    server.stop_and_audit(folder.path(), options.database.as_deref());
    measured
}

/// A signed webhook with one booking form of one new citizen.
fn request(address: &str, connection: usize, n: u64, round: usize) -> Vec<u8> {
    let from = 62_812_000_000_000 + (round as u64 * 1_000 + connection as u64) * 1_000_000 + n;
    let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_secs());
    let office = (connection as u64 + n) % OFFICES;
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"62812000","phone_number_id":"{office}"}},"contacts":[{{"profile":{{"name":"Warga"}},"wa_id":"{from}"}}],"messages":[{{"from":"{from}","id":"wamid.{from}","timestamp":"{seconds}","type":"text","text":{{"body":"Warga Uji#25011987#Jl. Contoh No. {n}"}}}}]}}}}]}}]}}"#
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST /webhooks/wa HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         x-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Offices that the load is spread over.
const OFFICES: u64 = 26;

/// One kept connection.
struct Wire(tokio::io::BufStream<TcpStream>);

impl Wire {
    async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self(tokio::io::BufStream::new(stream))
    }

    async fn ask(&mut self, request: &[u8]) {
        self.0.write_all(request).await.expect("a request");
        self.0.flush().await.expect("a request");
        let (mut line, mut length, mut status) = (String::new(), 0, None);
        loop {
            line.clear();
            self.0.read_line(&mut line).await.expect("an answer");
            status.get_or_insert_with(|| line.trim_end().to_owned());
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a length");
            }
            if line == "\r\n" || line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.expect("a body");
        assert!(status.is_some_and(|status| status.contains(" 200 ")), "{}", String::from_utf8_lossy(&body));
    }
}

/// A provider that takes everything at once.
struct Stub {
    address: String,
    taken: Arc<AtomicU64>,
}

impl Stub {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let taken = Arc::clone(&counted);
                tokio::spawn(answer(stream, taken));
            }
        });
        Self { address, taken }
    }
}

async fn answer(stream: TcpStream, taken: Arc<AtomicU64>) {
    let mut wire = tokio::io::BufStream::new(stream);
    loop {
        let (mut line, mut length, mut first) = (String::new(), 0, String::new());
        loop {
            line.clear();
            if wire.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        if wire.read_exact(&mut body).await.is_err() {
            return;
        }
        let is_upload = first.contains("/media");
        let n = if is_upload { 0 } else { taken.fetch_add(1, Ordering::Relaxed) };
        let answer = if is_upload {
            r#"{"id":"1"}"#.to_owned()
        } else {
            format!(r#"{{"messaging_product":"whatsapp","contacts":[],"messages":[{{"id":"wamid.out{n}"}}]}}"#)
        };
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        if wire.write_all(format!("{head}{answer}").as_bytes()).await.is_err() || wire.flush().await.is_err() {
            return;
        }
    }
}

/// The real server, as a process of its own.
struct Server {
    address: String,
    child: Child,
}

fn configuration(folder: &Path, stub: &Stub, database: Option<&str>) -> PathBuf {
    let offices = folder.join("offices");
    std::fs::create_dir_all(&offices).expect("a folder");
    let database = database.map_or_else(|| "sqlite://bench.db".to_owned(), str::to_owned);
    let mut text = format!(
        "listen = \"127.0.0.1:0\"\ndatabase = \"{database}\"\noffices = [\"offices\"]\n[gateway.wa]\n\
         kind = \"whatsapp_cloud\"\napi = \"http://{}\"\nverify_token = \"v\"\napp_secret = \"{SECRET}\"\n\
         access_token = \"t\"\n",
        stub.address
    );
    for number in 0..OFFICES {
        let file = format!(
            "extend = \"base.toml\"\nid = \"bench-{number}\"\nversion = 1\nname = \"Kantor {number}\"\nzone = \"WIB\"\n\
             site = \"Loket {number}\"\nformats = [\"batam-tanpa-foto\"]\nseats_per_hour = 2000\n\
             [policy]\napproval = \"none\"\nhorizon_days = 180\n"
        );
        std::fs::write(offices.join(format!("bench-{number}.toml")), file).expect("an office file");
        write!(text, "[[channel]]\ngateway = \"wa\"\noffice = \"bench-{number}\"\nphone_number_id = \"{number}\"\n")
            .expect("a text");
    }
    let path = folder.join("antrean.toml");
    std::fs::write(&path, text).expect("a configuration");
    path
}

impl Server {
    fn start(folder: &Path, stub: &Stub, database: Option<&str>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_antrean"))
            .args(["serve", "--config"])
            .arg(configuration(folder, stub, database))
            .env("ANTREAN_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let address = BufReader::new(child.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("listening on http://")?.1.trim().to_owned()))
            .expect("the server says where it listens");
        Self { address, child }
    }

    /// Processor time used so far.
    fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    fn peak_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
    }

    fn stop_and_audit(mut self, folder: &Path, database: Option<&str>) {
        self.child.kill().ok();
        self.child.wait().ok();
        let url = database.map_or_else(|| format!("sqlite://{}", folder.join("bench.db").display()), str::to_owned);
        let verified = Command::new(env!("CARGO_BIN_EXE_antrean"))
            .args(["db", "--database", &url, "verify"])
            .output()
            .expect("the audit runs");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    }
}
