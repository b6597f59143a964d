//! A load that does not wait for answers: each webhook is offered at its own instant, whatever became of the earlier ones, over a bounded
//! number of connections. How long an answer took is counted from that instant, so time in which no connection was free counts too.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::installation::{APP_SECRET, form, in_days, name, now, number};

/// Channels of the installation that a flood goes to.
const CHANNEL: &str = "1001";
/// How long after its last instant a flood goes on with what it could not offer in time.
const LATE_MAX: Duration = Duration::from_secs(10);
/// Longest time that one answer may take.
const ANSWER_TIME: Duration = Duration::from_mins(1);
/// Bytes that an answer may have.
const ANSWER_BYTES_MAX: usize = 4_096;
/// Days ahead that the forms of a flood ask for, in turn.
const DAYS: usize = 5;

/// Webhooks that are made and signed before they are offered, one message of a citizen of its own in each.
pub struct Webhooks {
    first: usize,
    requests: Vec<Vec<u8>>,
}

impl Webhooks {
    /// So many, of citizens numbered from `first` on.
    pub fn new(first: usize, count: usize) -> Arc<Self> {
        let days: Vec<_> = (1..).take(DAYS).map(in_days).collect();
        let seconds = now().timestamp();
        let request = |n: usize| {
            let (from, words) = (number(n), form(&name(n % 17_576), days[n % DAYS]));
            let body = format!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"500100","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"622100000001","phone_number_id":"{CHANNEL}"}},"messages":[{{"from":"{from}","id":"{}","timestamp":"{seconds}","type":"text","text":{{"body":"{words}"}}}}]}}}}]}}]}}"#,
                message(n)
            );
            let mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).expect("any key fits");
            let signature = hex::encode(mac.chain_update(&body).finalize().into_bytes());
            let head = format!(
                "POST /webhooks/wa HTTP/1.1\r\nhost: antrean\r\ncontent-type: application/json\r\n\
                 x-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            (head + &body).into_bytes()
        };
        Arc::new(Self { first, requests: (first..first + count).map(request).collect() })
    }

    /// The message of the nth of them.
    pub fn message(&self, n: usize) -> String {
        message(self.first + n)
    }
}

fn message(citizen: usize) -> String {
    format!("wamid.flood{citizen}")
}

/// How fast webhooks are offered.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub per_second: u32,
    /// Connections that are open at once, at most.
    pub connections: usize,
}

/// What became of one webhook.
#[derive(Debug, Clone, Copy)]
struct Answered {
    n: usize,
    /// `None` where the connection broke.
    status: Option<u16>,
    took: Duration,
}

/// What became of all of them.
#[derive(Debug, Default)]
pub struct Flooded {
    /// Those that were answered with 200, by their place among the webhooks.
    pub accepted: Vec<usize>,
    /// How long each of these took, sorted.
    pub accepted_took: Vec<Duration>,
    /// The same of those that were answered with 503.
    pub refused_took: Vec<Duration>,
    /// Connections that broke before an answer.
    pub broken: usize,
    /// Webhooks that found no free connection until the flood was over.
    pub unoffered: usize,
    pub others: Vec<u16>,
}

/// The value below which so many of a hundred are; zero where there is none.
pub fn percentile(sorted: &[Duration], of_hundred: usize) -> Duration {
    let place = sorted.len() * of_hundred / 100;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Offers all webhooks, the first one now. Blocks: it has a thread of its own for its connections.
pub fn offer(address: SocketAddr, webhooks: &Arc<Webhooks>, pace: Pace) -> Flooded {
    let webhooks = Arc::clone(webhooks);
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(offer_all(address, webhooks, pace))
    });
    thread.join().expect("the flood")
}

async fn offer_all(address: SocketAddr, webhooks: Arc<Webhooks>, pace: Pace) -> Flooded {
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let mut connections = JoinSet::new();
    for _ in 0..pace.connections {
        connections.spawn(connection(address, Arc::clone(&webhooks), Arc::clone(&next), (begun, pace.per_second)));
    }
    let mut answered = connections.join_all().await.concat();
    answered.sort_by_key(|one| one.n);
    let mut flooded = Flooded { unoffered: webhooks.requests.len() - answered.len(), ..Flooded::default() };
    for Answered { n, status, took } in answered {
        match status {
            Some(200) => {
                flooded.accepted.push(n);
                flooded.accepted_took.push(took);
            }
            Some(503) => flooded.refused_took.push(took),
            Some(other) => flooded.others.push(other),
            None => flooded.broken += 1,
        }
    }
    flooded.accepted_took.sort();
    flooded.refused_took.sort();
    flooded
}

/// One connection, which takes the next webhook whenever it is free, and offers it at its instant or, where that is over, at once.
async fn connection(
    address: SocketAddr,
    webhooks: Arc<Webhooks>,
    next: Arc<AtomicUsize>,
    (begun, per_second): (Instant, u32),
) -> Vec<Answered> {
    let due_of = |n: usize| begun + Duration::from_micros(n as u64 * 1_000_000 / u64::from(per_second));
    let end = due_of(webhooks.requests.len()) + LATE_MAX;
    let (mut stream, mut answered) = (None, Vec::new());
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = webhooks.requests.get(n) else { return answered };
        if Instant::now() > end {
            return answered;
        }
        let due = due_of(n);
        tokio::time::sleep_until(due.into()).await;
        let answer = tokio::time::timeout(ANSWER_TIME, ask(&mut stream, address, request)).await;
        let status = answer.ok().and_then(Result::ok);
        if status.is_none() {
            stream = None;
        }
        answered.push(Answered { n, status, took: due.elapsed() });
    }
}

/// The status of the answer to a request, on a connection that is kept where the server keeps it.
async fn ask(kept: &mut Option<TcpStream>, address: SocketAddr, request: &[u8]) -> io::Result<u16> {
    let mut stream = match kept.take() {
        Some(stream) => stream,
        None => TcpStream::connect(address).await?,
    };
    stream.set_nodelay(true)?;
    stream.write_all(request).await?;
    let (mut buffer, mut filled) = ([0; ANSWER_BYTES_MAX], 0);
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some((status, closes)) = whole(&buffer[..filled]) {
            if !closes {
                *kept = Some(stream);
            }
            return Ok(status);
        }
    }
}

/// The status of a whole answer, and whether the server closes the connection after it.
fn whole(bytes: &[u8]) -> Option<(u16, bool)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("a head of text");
    let header = |name: &str| {
        head.lines()
            .find_map(|line| line.split_once(':').filter(|(it, _)| it.eq_ignore_ascii_case(name)))
            .map(|it| it.1)
    };
    let length: usize = header("content-length").map_or(0, |length| length.trim().parse().expect("a length"));
    if bytes.len() < end + 4 + length {
        return None;
    }
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Some((status, header("connection").is_some_and(|value| value.trim().eq_ignore_ascii_case("close"))))
}
