//! `/webhooks/{gateway}`, perhaps with a secret behind it: checks a body's signature, reads it, hands it to the desk, and
//! tells the provider how it went.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, debug_handler};
use serde::Deserialize;
use serde_json::json;
use tracing::warn;

use super::{Doors, body};
use crate::desk::{Busy, Verdict};
use crate::gateway::{Item, Knock, Thanks};
use crate::metrics::{ItemLabels, WebhookLabels};

/// When a provider that met a busy desk should come again, in seconds; most go by their own timetable anyway.
const RETRY_AFTER_SECONDS: &str = "5";

/// What a webhook body came to.
enum Outcome {
    /// Taken; the provider may want to hear more than the verdicts.
    Accepted(Vec<Verdict>, Option<Thanks>),
    Denied,
    Busy,
    Unread(body::BodyError),
}

impl Outcome {
    fn name(&self) -> &'static str {
        match self {
            Self::Accepted(..) => "accepted",
            Self::Denied => "denied",
            Self::Busy => "busy",
            Self::Unread(error) => error.name(),
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        match self {
            Self::Accepted(_, Some(Thanks { mime, text })) => ([(header::CONTENT_TYPE, mime)], text).into_response(),
            Self::Accepted(verdicts, None) => {
                let verdicts: Vec<&str> = verdicts.into_iter().map(verdict_name).collect();
                Json(json!({ "verdicts": verdicts })).into_response()
            }
            Self::Denied => StatusCode::UNAUTHORIZED.into_response(),
            Self::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER_SECONDS)], "busy: deliver again\n")
                    .into_response()
            }
            Self::Unread(error) => error.into_response(),
        }
    }
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Served => "served",
        Verdict::Repeat => "repeat",
        Verdict::SetAside => "set_aside",
        Verdict::Stray => "stray",
        Verdict::Unread => "unread",
        Verdict::Noted => "noted",
    }
}

/// Where a body was sent to: the gateway's name, and what stands behind it.
#[derive(Deserialize)]
pub(super) struct Address {
    gateway: String,
    #[serde(default)]
    tail: String,
}

/// Takes one body.
#[debug_handler]
pub(super) async fn deliver(
    State(doors): State<Arc<Doors>>,
    Path(Address { gateway: name, tail }): Path<Address>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // Only configured names become labels, or a stranger could fill memory with counters.
    if !doors.gateways.contains_key(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let outcome = take(&doors, &name, (target, &tail), &headers, body).await;
    settle(&doors, name, outcome)
}

/// Counts what a body came to, and answers.
fn settle(doors: &Doors, name: String, outcome: Outcome) -> Response {
    doors.metrics.webhooks.get_or_create(&WebhookLabels { gateway: name, outcome: outcome.name() }).inc();
    if let Outcome::Accepted(verdicts, _) = &outcome {
        for &verdict in verdicts {
            doors.metrics.items.get_or_create(&ItemLabels { verdict: verdict_name(verdict) }).inc();
        }
    }
    outcome.into_response()
}

async fn take(doors: &Doors, name: &str, (target, tail): (&str, &str), headers: &HeaderMap, body: Body) -> Outcome {
    let raw = match body::read(headers, body, doors.patience.body).await {
        Ok(raw) => raw,
        Err(error) => return Outcome::Unread(error),
    };
    take_raw(doors, name, (target, tail), (headers, &raw)).await
}

async fn take_raw(
    doors: &Doors,
    name: &str,
    (target, tail): (&str, &str),
    (headers, raw): (&HeaderMap, &[u8]),
) -> Outcome {
    let Some(gateway) = doors.gateways.get(name) else { return Outcome::Denied };
    if gateway.admit(&Knock { target, tail, headers, body: raw }).is_err() {
        warn!(gateway.name = name, "a webhook body without a valid signature was turned away");
        return Outcome::Denied;
    }
    let items = gateway.complete(gateway.read(raw, doors.clock.now())).await;
    for item in &items {
        if let Item::Malformed { reason, .. } = item {
            warn!(gateway.name = name, reason, "an authentic webhook body held an item that cannot be read");
        }
    }
    match await_verdicts(doors, items).await {
        Outcome::Accepted(verdicts, _) => Outcome::Accepted(verdicts, gateway.thank(raw)),
        outcome => outcome,
    }
}

/// Hands the items over and waits. Neither a client that hangs up nor our own impatience stops what has begun: that is
/// what [`super::Intake`] promises.
async fn await_verdicts(doors: &Doors, items: Vec<Item>) -> Outcome {
    if items.is_empty() {
        return Outcome::Accepted(Vec::new(), None);
    }
    match tokio::time::timeout(doors.patience.verdict, doors.intake.serve(items)).await {
        Ok(Ok(verdicts)) => Outcome::Accepted(verdicts, None),
        Ok(Err(Busy)) => Outcome::Busy,
        Err(_) => {
            warn!("the desk gave no verdict in time; the provider will deliver again and find the work done");
            Outcome::Busy
        }
    }
}

/// Answers a provider that asks whether the address is ours; or takes a message, from one that tells its messages by GET:
/// then the query stands for the body.
#[debug_handler]
pub(super) async fn asked(
    State(doors): State<Arc<Doors>>,
    Path(Address { gateway: name, tail }): Path<Address>,
    Query(query): Query<Vec<(String, String)>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let Some(gateway) = doors.gateways.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    if gateway.takes_get() {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let raw = uri.query().unwrap_or_default().as_bytes();
        let outcome = take_raw(&doors, &name, (target, &tail), (&headers, raw)).await;
        return settle(&doors, name, outcome);
    }
    if !tail.is_empty() {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match gateway.challenge(&query) {
        Ok(answer) => answer.into_response(),
        Err(_) => StatusCode::FORBIDDEN.into_response(),
    }
}
