//! A proxy between antrean and its server that a test can cut, block, or let break at the worst moment.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the proxy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mode {
    /// Carries everything.
    Whole,
    /// Every connection is closed, and every new one.
    Cut,
    /// Connections stand, nothing passes.
    Silent,
    /// The next `commit` reaches the server, its answer does not reach the client: nobody knows whether it happened.
    CutAfterCommit,
    /// The next `commit` does not reach the server.
    CutBeforeCommit,
}

/// A relay on a free port; stops when dropped.
pub struct Proxy {
    address: SocketAddr,
    mode: Arc<AtomicU8>,
    change: watch::Sender<u64>,
    relay: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

const MODES: [Mode; 5] = [Mode::Whole, Mode::Cut, Mode::Silent, Mode::CutAfterCommit, Mode::CutBeforeCommit];

fn mode_of(mode: &AtomicU8) -> Mode {
    MODES[usize::from(mode.load(Ordering::SeqCst))]
}

impl Proxy {
    /// A proxy to the server of a `postgres://` address.
    pub async fn to(url: &str) -> Self {
        Self::relay(host_of(url).to_owned()).await
    }

    /// A proxy to a port of this machine.
    pub async fn to_port(port: u16) -> Self {
        Self::relay(format!("127.0.0.1:{port}")).await
    }

    async fn relay(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mode = Arc::new(AtomicU8::new(Mode::Whole as u8));
        let (change, changed) = watch::channel(0);
        let modes = Arc::clone(&mode);
        let relay = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if mode_of(&modes) == Mode::Cut {
                    continue;
                }
                let Ok(server) = TcpStream::connect(&upstream).await else { continue };
                let (modes, changed) = (Arc::clone(&modes), changed.clone());
                tokio::spawn(carry(client, server, modes, changed));
            }
        });
        Self { address, mode, change, relay }
    }

    /// The address of the same database through this proxy.
    pub fn url(&self, url: &str) -> String {
        url.replacen(host_of(url), &self.address.to_string(), 1)
    }

    /// Where this proxy listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn set(&self, mode: Mode) {
        self.mode.store(mode as u8, Ordering::SeqCst);
        self.change.send_modify(|count| *count += 1);
    }

    pub fn mode(&self) -> Mode {
        mode_of(&self.mode)
    }
}

fn host_of(url: &str) -> &str {
    let after = url.split_once('@').expect("a user").1;
    after.split_once('/').expect("a database").0
}

async fn carry(client: TcpStream, server: TcpStream, mode: Arc<AtomicU8>, mut changed: watch::Receiver<u64>) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).ok();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let cut = async {
        while mode_of(&mode) != Mode::Cut {
            if changed.changed().await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = cut => {}
        () = upstream(from_client, to_server, &mode) => {}
        () = downstream(from_server, to_client, &mode) => {}
    }
}

/// From the client to the server, watching for `commit`.
async fn upstream(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mode: &AtomicU8) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        while mode_of(mode) == Mode::Silent {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let commits = buffer[..count].windows(7).any(|bytes| bytes == b"commit\0");
        match mode_of(mode) {
            Mode::CutBeforeCommit if commits => {
                mode.store(Mode::Whole as u8, Ordering::SeqCst);
                return;
            }
            Mode::CutAfterCommit if commits => {
                to.write_all(&buffer[..count]).await.ok();
                // The server commits; the client never hears of it: `downstream` is dropped with this.
                tokio::time::sleep(Duration::from_millis(300)).await;
                mode.store(Mode::Whole as u8, Ordering::SeqCst);
                return;
            }
            _ => {}
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn downstream(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mode: &AtomicU8) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        // What the server says to anybody while a commit's answer is to be lost is lost: one client at a time.
        while matches!(mode_of(mode), Mode::Silent) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if buffer[..count].windows(7).any(|bytes| bytes == b"COMMIT\0") && mode_of(mode) == Mode::CutAfterCommit {
            continue;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
