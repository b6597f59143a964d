//! Replies as they go out, as server-sent events.

use std::convert::Infallible;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::state::{PageState, Setup};
use crate::gateway::simulator::SimulatorEvent;

/// Whose replies are streamed; everybody's where nothing is given.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct EventFilter {
    key: Option<String>,
    contact: Option<String>,
}

impl EventFilter {
    fn matches(&self, event: &SimulatorEvent) -> bool {
        self.key.as_ref().is_none_or(|key| *key == event.key)
            && self.contact.as_ref().is_none_or(|contact| *contact == event.contact)
    }
}

/// `reply` for each reply; `missed` when some came faster than the client took them: the transcript has them.
pub(super) async fn stream(
    State(page): State<PageState>,
    Query(filter): Query<EventFilter>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let PageState { setup: Setup { gateway, .. }, closing, .. } = page;
    let replies = stream::unfold((gateway.subscribe(), filter, closing), |(mut replies, filter, closing)| async move {
        let event = next(&mut replies, &filter, &closing).await?;
        Some((Ok(event), (replies, filter, closing)))
    });
    Sse::new(replies).keep_alive(KeepAlive::default())
}

/// The next event, or `None` when the stream ends because the server does: a stream never ends by itself, and a
/// shutdown would wait for it.
async fn next(
    replies: &mut Receiver<SimulatorEvent>,
    filter: &EventFilter,
    closing: &CancellationToken,
) -> Option<Event> {
    loop {
        let heard = tokio::select! {
            () = closing.cancelled() => return None,
            heard = replies.recv() => heard,
        };
        match heard {
            Ok(event) if filter.matches(&event) => return Event::default().event("reply").json_data(&event).ok(),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return Some(Event::default().event("missed").data("")),
            Err(RecvError::Closed) => return None,
        }
    }
}
