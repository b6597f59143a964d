//! `/simulator`: a page that looks like a phone chat, where one plays citizens against the real desk.
//!
//! What citizens send goes in by the same webhook as everybody's; only replies and the demo's clock have routes of
//! their own. Exists where a simulator gateway is configured, and nowhere else.

mod clock;
mod events;
mod page;

use std::sync::Arc;

use axum::extract::{FromRef, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Doors;
use crate::clock::{MovableClock, SharedClock};
use crate::domain::message::Contact;
use crate::gateway::Gateway;
use crate::gateway::simulator::Simulator;

/// What is answered under a name that is not the page's, or to another site's page.
pub(super) const NOT_OURS: &str = "\
Simulator tidak dibuka dengan nama ini. Pakai localhost atau alamat IP mesin ini. Agar nama ini berlaku: jalankan \
`antrean demo --host NAMA`, atau tulis hosts = [\"NAMA\"] pada gateway simulator di antrean.toml.\n\
The simulator does not answer to this name. Use localhost or this machine's IP address. To make the name count: run \
`antrean demo --host NAME`, or write hosts = [\"NAME\"] for the simulator's gateway in antrean.toml.\n";

/// An office that the page can talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeCard {
    /// The key of its line at the simulator gateway.
    pub key: String,
    /// Its name as citizens know it.
    pub name: String,
    /// `WIB`, `WITA` or `WIT`.
    pub zone: &'static str,
    /// The line on its poster.
    pub poster: String,
    /// A filled form that it would take now.
    pub example: String,
}

/// Draws the cards of all offices for a given instant: examples are dated on the next open day.
pub type OfficeBoard = Arc<dyn Fn(DateTime<Utc>) -> Vec<OfficeCard> + Send + Sync>;

/// What the page needs.
#[derive(Clone)]
pub struct Parts {
    /// The simulator gateway.
    pub gateway: Arc<Simulator>,
    /// The offices.
    pub offices: OfficeBoard,
    /// The key of the office that a new citizen writes to; none: the first of the list.
    pub first: Option<String>,
    /// The demo's clock; `None` where time is real.
    pub movable: Option<Arc<dyn MovableClock>>,
}

/// What the page's routes work with.
#[derive(Clone, FromRef)]
struct Room {
    parts: Parts,
    clock: SharedClock,
    closing: CancellationToken,
}

/// The page's routes.
pub(super) fn router(parts: Parts, doors: &Doors) -> Router {
    let room = Room { parts, clock: doors.clock.clone(), closing: doors.closing.clone() };
    let mut routes = Router::new()
        .route("/simulator/overview", get(overview))
        .route("/simulator/transcript", get(transcript))
        .route("/simulator/events", get(events::stream));
    if room.parts.movable.is_some() {
        routes = routes.route("/simulator/clock", axum::routing::post(clock::forward));
    }
    let gateway = Arc::clone(&room.parts.gateway);
    routes.with_state(room).merge(page::router()).layer(from_fn_with_state(gateway, only_ours))
}

/// Turns away what another site's page sends, or what was led here by another site's name.
async fn only_ours(State(gateway): State<Arc<Simulator>>, request: Request, next: Next) -> Response {
    if gateway.site().is_ours(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, NOT_OURS).into_response()
}

fn instant(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Where webhooks go, what time it is, whether it can be moved, which offices there are, and which opens first.
async fn overview(State(room): State<Room>) -> Json<Value> {
    let now = room.clock.now();
    Json(json!({
        "webhook": format!("webhooks/{}", room.parts.gateway.name()),
        "now": instant(now),
        "movable": room.parts.movable.is_some(),
        "first": room.parts.first,
        "offices": (room.parts.offices)(now),
    }))
}

/// One citizen at one office.
#[derive(Debug, Deserialize)]
struct Chat {
    key: String,
    contact: Contact,
}

/// The replies of one office to one citizen so far, the oldest first.
async fn transcript(State(parts): State<Parts>, Query(chat): Query<Chat>) -> Json<Value> {
    Json(json!(parts.gateway.transcript(&chat.key, &chat.contact)))
}
