//! Changes of an office as server-sent events: an event for each topic, named like it, with its number. No event says what changed:
//! whoever gets one asks for their page again, with their own rights.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderName;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use crate::storage::{LiveWatch, Topic, Versions};

/// How often it is asked whether somebody may still listen: a role that was taken back ends their stream.
const ASKED_EVERY: Duration = Duration::from_secs(2);
/// How often a silent stream says that it lives: proxies end what is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Tells nginx to pass every event on at once.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Whether somebody may still listen.
pub(super) type MayListen = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// The changes of an office, for one listener.
pub(super) struct Changes {
    /// The office.
    pub(super) watch: LiveWatch,
    /// What they are told of.
    pub(super) topics: &'static [Topic],
    /// Asked before each event, and now and then.
    pub(super) may_listen: MayListen,
    /// Ends the stream when the installation shuts down: the shutdown waits for it.
    pub(super) closing: CancellationToken,
}

/// Where a stream is.
struct Stream {
    changes: Changes,
    said: Option<Versions>,
    waiting: VecDeque<Event>,
}

impl Stream {
    /// The events of what changed since the last look, the first time of every topic.
    fn look(&mut self) {
        let versions = self.changes.watch.versions();
        for topic in self.changes.topics {
            let version = versions.of(*topic);
            if self.said.is_none_or(|said| said.of(*topic) != version) {
                self.waiting.push_back(Event::default().event(topic.name()).data(version.to_string()));
            }
        }
        self.said = Some(versions);
    }

    /// The next event; `None` where nobody may listen any more, or the installation shuts down.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.said.is_some() {
                tokio::select! {
                    () = self.changes.closing.cancelled() => return None,
                    () = self.changes.watch.changed() => {}
                    () = tokio::time::sleep(ASKED_EVERY) => {}
                }
            }
            if self.changes.closing.is_cancelled() || !(self.changes.may_listen)().await {
                return None;
            }
            self.look();
        }
    }
}

impl Changes {
    /// The stream. It begins with the number of every topic, so that whoever comes back after a while knows what they missed.
    pub(super) fn stream(self) -> Response {
        let stream = Stream { changes: self, said: None, waiting: VecDeque::new() };
        let events = stream::unfold(stream, |mut stream| async move {
            let event = stream.next().await?;
            Some((Ok::<_, Infallible>(event), stream))
        });
        let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
        ([UNBUFFERED], events).into_response()
    }
}
