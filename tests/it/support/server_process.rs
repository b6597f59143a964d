//! The real binary, serving on a free port of loopback, and the provider that posts signed webhooks to it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, Once};
use std::thread::JoinHandle;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::support::installation::{APP_SECRET, Installation, Ran, WAIT, command};

/// How long a start may take to say that it is none.
const REFUSAL_TIME: std::time::Duration = std::time::Duration::from_secs(30);

/// A process of `antrean serve`; killed when dropped.
pub struct ServerProcess {
    child: Child,
    pub address: String,
    log: Arc<Mutex<String>>,
    /// What it printed.
    printed: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
    pub client: reqwest::Client,
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl ServerProcess {
    /// Starts it and waits until it says where it listens.
    pub fn start(installation: &Installation) -> Self {
        Self::start_with(installation, &[])
    }

    /// The same, with environment.
    pub fn start_with(installation: &Installation, environment: &[(&str, &str)]) -> Self {
        let mut serve = command(installation.folder.path());
        serve.args(["serve", "--config"]).arg(installation.config()).envs(environment.iter().copied());
        Self::of(serve)
    }

    /// Starts a command of one's own that ends in serving.
    pub fn of(serve: Command) -> Self {
        Self::try_of(serve).unwrap_or_else(|log| panic!("it never listened: {log}"))
    }

    /// Starts a command that may end before it listens: what it logged then.
    pub fn try_of(mut serve: Command) -> Result<Self, String> {
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let log = Arc::new(Mutex::new(String::new()));
        let mut readers = Vec::new();
        let (tell, told) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("standard output"));
        let printed = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&printed);
        readers.push(std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let mut kept = kept.lock().expect("the output");
                kept.push_str(&line);
                kept.push('\n');
                drop(kept);
                let demo =
                    line.trim_start().strip_prefix("Simulator").and_then(|rest| rest.trim().strip_suffix("/simulator"));
                if let Some(address) = line.strip_prefix("listening on ").or(demo) {
                    tell.send(address.to_owned()).ok();
                }
            }
        }));
        let (mut err, kept) = (BufReader::new(child.stderr.take().expect("standard error")), Arc::clone(&log));
        readers.push(std::thread::spawn(move || {
            let mut line = String::new();
            while err.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                kept.lock().expect("the log").push_str(&line);
                line.clear();
            }
            err.read_to_string(&mut line).ok();
        }));
        let Ok(address) = told.recv_timeout(WAIT) else {
            child.kill().ok();
            child.wait().ok();
            for reader in readers {
                reader.join().expect("the log was read");
            }
            let log = log.lock().expect("the log").clone();
            return Err(log);
        };
        Ok(Self { child, address, log, printed, readers, client: client() })
    }

    /// Posts a body signed with the right secret; the status, or nothing when the connection broke.
    pub async fn post(&self, body: &str) -> Option<u16> {
        self.post_signed(body, APP_SECRET).await
    }

    pub async fn post_signed(&self, body: &str, secret: &str) -> Option<u16> {
        post(&self.client, &self.address, body, secret).await
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whom to post with, and where to.
    pub fn endpoint(&self) -> (&reqwest::Client, &str) {
        (&self.client, &self.address)
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.client.get(format!("{}{path}", self.address)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }

    /// Sum of a counter's samples on `/metrics` whose line starts so.
    pub async fn metric(&self, starts: &str) -> u64 {
        let (_, page) = self.get("/metrics").await;
        let samples = page.lines().filter(|line| line.starts_with(starts));
        samples.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }

    /// Its number among the processes of this machine.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// What it printed so far.
    pub fn printed(&self) -> String {
        self.printed.lock().expect("the output").clone()
    }

    /// Ends it as a crash would, at once.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("dead");
    }

    /// Its exit status, where it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a status")
    }

    /// Asks it to stop and waits; its exit status and its whole log.
    pub fn terminate(mut self) -> (ExitStatus, String) {
        let asked = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
        assert!(asked.expect("a shell").success());
        let end = std::time::Instant::now() + WAIT;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status;
            }
            assert!(std::time::Instant::now() < end, "it never stopped: {}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        };
        for reader in self.readers.drain(..) {
            reader.join().expect("the log was read");
        }
        (status, self.log())
    }
}

/// Runs a command that must not serve and gives what it said; a server would run for ever, so it is ended.
pub fn refused(mut serve: Command, says: &[&str]) -> Ran {
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let end = std::time::Instant::now() + REFUSAL_TIME;
    while child.try_wait().expect("a status").is_none() {
        if std::time::Instant::now() > end {
            child.kill().expect("killed");
            let output = child.wait_with_output().expect("ended");
            panic!("it serves, though it should say {says:?}: {output:?}");
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let ran = Ran::of(&child.wait_with_output().expect("ended"));
    assert_eq!(ran.code, 1, "{ran:?}");
    for part in says {
        assert!(ran.err.contains(part), "{part} in {}", ran.err);
    }
    ran
}

/// Posts a body to the webhook of `wa`.
pub async fn post(client: &reqwest::Client, address: &str, body: &str, secret: &str) -> Option<u16> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key fits");
    let signature = hex::encode(mac.chain_update(body).finalize().into_bytes());
    let request = client
        .post(format!("{address}/webhooks/wa"))
        .header("content-type", "application/json")
        .header("x-hub-signature-256", format!("sha256={signature}"))
        .body(body.to_owned());
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

/// A client for loopback: it needs neither certificates nor a proxy.
pub fn client() -> reqwest::Client {
    local().timeout(WAIT).build().expect("a client")
}

/// A client that goes nowhere by itself: a redirection is an answer.
pub fn still_client() -> reqwest::Client {
    local().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

fn local() -> reqwest::ClientBuilder {
    static TLS: Once = Once::new();
    TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}
