//! The stream of an office's changes: who gets it, what it says, and what ends it.

use antrean::domain::staff::Role;
use reqwest::StatusCode;

use super::{Console, at};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::WAIT;

/// A stream that is read line by line.
struct Stream {
    answer: reqwest::Response,
    read: String,
}

impl Stream {
    async fn open(console: &Console, token: Option<&str>) -> Result<Self, StatusCode> {
        let mut request = console.client.get(format!("{}/console/bogor/live", console.served.address));
        if let Some(token) = token {
            request = request.header("cookie", format!("antrean-session={token}"));
        }
        let answer = request.send().await.unwrap();
        if answer.status() == StatusCode::OK {
            assert_eq!(answer.headers()["content-type"], "text/event-stream");
            assert_eq!(answer.headers()["x-accel-buffering"], "no");
            Ok(Self { answer, read: String::new() })
        } else {
            Err(answer.status())
        }
    }

    /// Reads until the stream has said this.
    async fn says(&mut self, text: &str) {
        let reading = async {
            while !self.read.contains(text) {
                let Some(bytes) = self.answer.chunk().await.unwrap() else { panic!("it ended: {}", self.read) };
                self.read.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        };
        let said = tokio::time::timeout(WAIT, reading).await;
        assert!(said.is_ok(), "{text} is not in {}", self.read);
    }

    async fn ends(mut self) {
        let reading = async { while let Ok(Some(_)) = self.answer.chunk().await {} };
        assert!(tokio::time::timeout(WAIT, reading).await.is_ok(), "it goes on: {}", self.read);
    }
}

// Negative controls: with `may_listen` always true, the stream of whoever lost their role goes on; without `closing`, so does the
// last one, and the server takes half a minute to stop.
async fn a_stream_tells_what_changed_and_ends_with_the_right_to_it(engine: Engine) {
    let console = Console::open(engine, "").await;
    let (rina, _) = console.enrol("rina", &[at(Some("bogor"), Role::Officer)]).await;
    let (agus, _) = console.enrol("agus", &[at(Some("bogor"), Role::Supervisor)]).await;
    let (hadi, _) = console.enrol("hadi", &[at(None, Role::Administrator)]).await;
    assert_eq!(Stream::open(&console, None).await.err(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(Stream::open(&console, Some(&hadi)).await.err(), Some(StatusCode::NOT_FOUND));
    let mut stream = Stream::open(&console, Some(&rina)).await.unwrap();
    for first in ["event: today\ndata: 0\n", "event: board\ndata: 0\n", "event: bookings\ndata: 0\n"] {
        stream.says(first).await;
    }
    console.installation.run(&["visit", "--office", "bogor", "--as", "siti", "counter", "open", "3"]).done();
    stream.says("event: today\ndata: 1\n").await;
    let mut ended = Stream::open(&console, Some(&agus)).await.unwrap();
    ended.says("event: today\ndata: 1\n").await;
    console.installation.run(&["user", "role", "agus", "supervisor", "--office", "bogor", "--revoke"]).done();
    ended.ends().await;
    let Console { served, .. } = console;
    let began = std::time::Instant::now();
    let (status, log) = tokio::task::block_in_place(|| served.terminate());
    assert!(status.success() && began.elapsed().as_secs() < 10, "{log}");
    stream.ends().await;
}

on_both_engines!(a_stream_tells_what_changed_and_ends_with_the_right_to_it);
