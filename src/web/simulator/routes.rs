//! The page's routes: what it shows at first, and what one office has replied to one citizen.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::state::{PageState, Setup, instant};
use super::{clock, events, page};
use crate::clock::SharedClock;
use crate::domain::message::Contact;
use crate::gateway::Gateway;
use crate::gateway::simulator::Simulator;

/// What is answered under a name that is not the page's, or to another site's page.
const NOT_OURS: &str = "\
Simulator tidak dibuka dengan nama ini. Pakai localhost atau alamat IP mesin ini. Agar nama ini berlaku: jalankan \
`antrean demo --host NAMA`, atau tulis hosts = [\"NAMA\"] pada gateway simulator di antrean.toml.\n\
The simulator does not answer to this name. Use localhost or this machine's IP address. To make the name count: run \
`antrean demo --host NAME`, or write hosts = [\"NAME\"] for the simulator's gateway in antrean.toml.\n";

/// The page's routes; live streams end when `closing` is cancelled.
pub(in crate::web) fn router(setup: Setup, clock: SharedClock, closing: CancellationToken) -> Router {
    let page = PageState { setup, clock, closing };
    let mut routes = Router::new()
        .route("/simulator/overview", get(overview))
        .route("/simulator/transcript", get(transcript))
        .route("/simulator/events", get(events::stream));
    if page.setup.movable.is_some() {
        routes = routes.route("/simulator/clock", axum::routing::post(clock::forward));
    }
    let gateway = Arc::clone(&page.setup.gateway);
    routes.with_state(page).merge(page::router()).layer(from_fn_with_state(gateway, same_site_only))
}

/// Refuses requests of another site's page, and requests under another site's name (DNS rebinding).
async fn same_site_only(State(gateway): State<Arc<Simulator>>, request: Request, next: Next) -> Response {
    if gateway.site().is_ours(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, NOT_OURS).into_response()
}

/// Where webhooks go, what time it is, whether it can be moved, which offices there are, and which opens first.
async fn overview(State(page): State<PageState>) -> Json<Value> {
    let now = page.clock.now();
    Json(json!({
        "webhook": format!("webhooks/{}", page.setup.gateway.name()),
        "now": instant(now),
        "movable": page.setup.movable.is_some(),
        "first": page.setup.first,
        "offices": (page.setup.offices)(now),
    }))
}

/// One citizen at one office.
#[derive(Debug, Deserialize)]
struct Chat {
    key: String,
    contact: Contact,
}

/// The replies of one office to one citizen so far, the oldest first.
async fn transcript(State(setup): State<Setup>, Query(chat): Query<Chat>) -> Json<Value> {
    Json(json!(setup.gateway.transcript(&chat.key, &chat.contact)))
}
