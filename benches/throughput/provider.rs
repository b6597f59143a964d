//! A stand-in for the provider: takes every reply, after a while.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The stand-in, on a thread of its own until the benchmark ends.
pub struct Provider {
    /// Where it takes replies.
    pub address: SocketAddr,
    taken: Arc<AtomicU64>,
}

impl Provider {
    /// Starts one that takes this long for each answer.
    pub fn start(answer_time: Duration) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("an option");
        let address = listener.local_addr().expect("an address");
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&taken);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, Arc::clone(&counted), answer_time));
                }
            });
        });
        Self { address, taken }
    }

    /// Replies taken so far, uploads of pictures left out.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn answer(stream: TcpStream, taken: Arc<AtomicU64>, answer_time: Duration) {
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
        if !answer_time.is_zero() {
            tokio::time::sleep(answer_time).await;
        }
        let answer = if first.contains("/media") {
            r#"{"id":"1"}"#.to_owned()
        } else {
            let n = taken.fetch_add(1, Ordering::Relaxed);
            format!(r#"{{"messaging_product":"whatsapp","contacts":[],"messages":[{{"id":"wamid.out{n}"}}]}}"#)
        };
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        if wire.write_all(format!("{head}{answer}").as_bytes()).await.is_err() || wire.flush().await.is_err() {
            return;
        }
    }
}
