//! The load: kept connections that ask again as soon as they are answered (closed), or at fixed instants (open).

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::requests::Requests;

/// Connections of the open loop: enough that a late answer keeps no other request waiting.
const OPEN_CONNECTIONS: u32 = 64;
/// Bytes that an answer may have.
const ANSWER_BYTES_MAX: usize = 4096;

/// One answered request.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// When, after the load began.
    pub at: Duration,
    /// How long it took; in the open loop from the instant at which it should have been sent.
    pub took: Duration,
}

/// A closed load that runs until it is stopped or its requests are used up.
pub struct Closed {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Vec<Answered>>>,
    /// When it began.
    pub begun: Instant,
}

impl Closed {
    /// Starts it on one thread of its own; each group has requests, an address and a number of connections.
    pub fn start(groups: Vec<(SocketAddr, Arc<Requests>, usize)>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begun = Instant::now();
        let stopping = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
            runtime.block_on(async move {
                let mut tasks = Vec::new();
                for (address, requests, connections) in groups {
                    let clients: Vec<_> = (0..connections)
                        .map(|_| tokio::spawn(client(address, Arc::clone(&requests), begun, Arc::clone(&stopping))))
                        .collect();
                    tasks.push(clients);
                }
                let mut all = Vec::new();
                for clients in tasks {
                    let mut group = Vec::new();
                    for client in clients {
                        group.extend(client.await.expect("a client"));
                    }
                    all.push(group);
                }
                all
            })
        });
        Self { stop, thread, begun }
    }

    /// Whether every client has ended by itself.
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends it: what each group was answered, and nothing is left under way.
    pub fn stop(self) -> Vec<Vec<Answered>> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the load")
    }
}

async fn client(address: SocketAddr, requests: Arc<Requests>, begun: Instant, stop: Arc<AtomicBool>) -> Vec<Answered> {
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let mut answered = Vec::new();
    let mut buffer = vec![0; ANSWER_BYTES_MAX];
    while !stop.load(Ordering::Relaxed) {
        let Some(request) = requests.take() else { break };
        let asked = Instant::now();
        stream.write_all(&request).await.expect("a request");
        let mut filled = 0;
        while !is_whole(buffer.get(..filled).unwrap_or_default()) {
            let free = buffer.get_mut(filled..).unwrap_or_default();
            let read = stream.read(free).await.expect("an answer");
            assert!(read > 0, "the server hung up");
            filled += read;
        }
        answered.push(Answered { at: begun.elapsed(), took: asked.elapsed() });
    }
    answered
}

/// An open load: `per_second` requests at fixed instants for `lasting`, whatever becomes of the earlier ones.
pub fn open(address: SocketAddr, requests: &Arc<Requests>, per_second: u32, lasting: Duration) -> Vec<Answered> {
    let begun = Instant::now() + Duration::from_millis(50);
    let interval = Duration::from_secs(1) / per_second;
    let clients: Vec<_> = (0..OPEN_CONNECTIONS)
        .map(|first| {
            let requests = Arc::clone(requests);
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).expect("a connection");
                stream.set_nodelay(true).expect("an option");
                let mut answered = Vec::new();
                let mut buffer = vec![0; ANSWER_BYTES_MAX];
                for due in (first..).step_by(OPEN_CONNECTIONS as usize).map(|n| interval * n) {
                    if due >= lasting {
                        break;
                    }
                    std::thread::sleep((begun + due).saturating_duration_since(Instant::now()));
                    let request = requests.take().expect("a request");
                    stream.write_all(&request).expect("a request");
                    let mut filled = 0;
                    while !is_whole(buffer.get(..filled).unwrap_or_default()) {
                        let read = stream.read(buffer.get_mut(filled..).unwrap_or_default()).expect("an answer");
                        assert!(read > 0, "the server hung up");
                        filled += read;
                    }
                    let at = begun.elapsed();
                    answered.push(Answered { at, took: at.saturating_sub(due) });
                }
                answered
            })
        })
        .collect();
    clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
}

/// Whether this is a whole answer; anything but 200 ends the benchmark.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    assert!(head.starts_with("HTTP/1.1 200 "), "{}", String::from_utf8_lossy(bytes));
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    bytes.len() >= end + 4 + length.expect("a content-length")
}
