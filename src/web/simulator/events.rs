//! Replies as they go out, as server-sent events.

use std::convert::Infallible;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::{Parts, Room};
use crate::gateway::simulator::SimulatorEvent;

/// Whose replies to hear; all where nothing is said.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Ear {
    key: Option<String>,
    contact: Option<String>,
}

impl Ear {
    fn hears(&self, event: &SimulatorEvent) -> bool {
        self.key.as_ref().is_none_or(|key| *key == event.key)
            && self.contact.as_ref().is_none_or(|contact| *contact == event.contact)
    }
}

/// `reply` for each reply; `missed` when some came faster than the client took them: the transcript has them.
pub(super) async fn stream(
    State(room): State<Room>,
    Query(ear): Query<Ear>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let Room { parts: Parts { gateway, .. }, closing, .. } = room;
    let replies = stream::unfold((gateway.subscribe(), ear, closing), |(mut replies, ear, closing)| async move {
        let event = next(&mut replies, &ear, &closing).await?;
        Some((Ok(event), (replies, ear, closing)))
    });
    Sse::new(replies).keep_alive(KeepAlive::default())
}

/// The next event, or `None` when the stream ends because the server does: a stream never ends by itself, and a
/// shutdown would wait for it.
async fn next(replies: &mut Receiver<SimulatorEvent>, ear: &Ear, closing: &CancellationToken) -> Option<Event> {
    loop {
        let heard = tokio::select! {
            () = closing.cancelled() => return None,
            heard = replies.recv() => heard,
        };
        match heard {
            Ok(event) if ear.hears(&event) => return Event::default().event("reply").json_data(&event).ok(),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return Some(Event::default().event("missed").data("")),
            Err(RecvError::Closed) => return None,
        }
    }
}
