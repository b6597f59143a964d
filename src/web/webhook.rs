//! `/webhooks/{gateway}`, perhaps with a secret behind it: checks a body's signature, reads it, hands it to the desk, and
//! tells the provider how it went.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{OriginalUri, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, debug_handler};
use serde::Deserialize;
use serde_json::json;
use tracing::warn;

use super::body::{self, BODY_BYTES_MAX, BodyError, Pace};
use super::middleware::{RefusedWebhook, RequestContext};
use super::protection::{Guard, Lease, OverBudget};
use super::state::{AppState, RETRY_AFTER_SECONDS};
use crate::desk::{Busy, Verdict};
use crate::gateway::bounded_read::{self, ReadBody};
use crate::gateway::{Acknowledgement, Gateway, Item, Precheck, WebhookRequest};
use crate::metrics::{ItemLabels, WebhookLabels};

/// Bodies above this, in bytes, are verified and read one at a time: what is made of them may be ten times as large.
const LARGE_BYTES_MIN: usize = 256 * 1024;

/// What a webhook body came to.
enum Outcome {
    /// Taken; the provider may want to hear more than the verdicts.
    Accepted(Vec<Verdict>, Option<Acknowledgement>),
    Denied,
    Busy,
    Unread(BodyError),
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
            Self::Accepted(_, Some(Acknowledgement { mime, text })) => {
                ([(header::CONTENT_TYPE, mime)], text).into_response()
            }
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
    State(state): State<Arc<AppState>>,
    Extension(context): Extension<RequestContext>,
    Path(Address { gateway: name, tail }): Path<Address>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    // Only configured names become labels, or anybody could fill memory with counters.
    let Some(gateway) = state.gateways.get(&name).map(Arc::clone) else { return StatusCode::NOT_FOUND.into_response() };
    let (head, body) = request.into_parts();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let head = Head { name: &name, target, tail: &tail, headers: &head.headers };
    let outcome = take(&state, &context, gateway, head, body).await;
    settle(&state, name, outcome)
}

/// Counts what a body came to, and answers.
fn settle(state: &AppState, name: String, outcome: Outcome) -> Response {
    let why = outcome.name();
    state.metrics.webhooks.get_or_create(&WebhookLabels { gateway: name.clone(), outcome: why }).inc();
    if let Outcome::Accepted(verdicts, _) = &outcome {
        for &verdict in verdicts {
            state.metrics.items.get_or_create(&ItemLabels { verdict: verdict_name(verdict) }).inc();
        }
    }
    let mut response = outcome.into_response();
    if response.status().as_u16() >= 400 {
        response.extensions_mut().insert(RefusedWebhook { gateway: name, reason: why });
    }
    response
}

/// A body's path and headers.
#[derive(Clone, Copy)]
struct Head<'a> {
    name: &'a str,
    target: &'a str,
    tail: &'a str,
    headers: &'a HeaderMap,
}

impl<'a> Head<'a> {
    fn webhook_request(self, body: &'a [u8]) -> WebhookRequest<'a> {
        WebhookRequest { target: self.target, tail: self.tail, headers: self.headers, body }
    }
}

impl RequestContext {
    /// What came proved to be a provider's.
    fn prove(&self, lease: &mut Lease) {
        lease.prove();
        self.connection.iter().for_each(|connection| connection.prove());
    }
}

/// Judges path and headers before a byte of the body is received: a sender without credentials of the right form gets no
/// memory, and what could not be served in time costs neither memory nor the check of a signature.
fn open(state: &AppState, context: &RequestContext, gateway: &dyn Gateway, head: Head<'_>) -> Result<Lease, Outcome> {
    let Ok(standing) = gateway.precheck(&head.webhook_request(&[])) else { return Err(Outcome::Denied) };
    if !state.intake.takes_more() || context.guard.waiting.available_permits() == 0 {
        return Err(Outcome::Busy);
    }
    let lease = context.guard.budget.open(context.client.key());
    let mut lease = lease.map_err(|refused| Outcome::Unread(BodyError::OverBudget(refused)))?;
    if standing == Precheck::Verified {
        context.prove(&mut lease);
    }
    Ok(lease)
}

async fn take(
    state: &AppState,
    context: &RequestContext,
    gateway: Arc<dyn Gateway>,
    head: Head<'_>,
    body: Body,
) -> Outcome {
    let mut lease = match open(state, context, &*gateway, head) {
        Ok(lease) => lease,
        Err(outcome) => return outcome,
    };
    let pace = Pace { bytes_max: BODY_BYTES_MAX, whole: state.timeouts.body, grace: state.timeouts.grace };
    match body::read(head.headers, body, pace, &mut lease).await {
        Ok(raw) => take_raw(state, context, gateway, head, (raw, lease)).await,
        Err(error) => Outcome::Unread(error),
    }
}

/// Takes the query in place of a body.
async fn take_query(
    state: &AppState,
    context: &RequestContext,
    gateway: Arc<dyn Gateway>,
    head: Head<'_>,
    query: &str,
) -> Outcome {
    match open(state, context, &*gateway, head) {
        Ok(lease) => {
            let raw = query.as_bytes().to_vec();
            take_raw(state, context, gateway, head, (raw, lease)).await
        }
        Err(outcome) => outcome,
    }
}

/// Takes a body that has come whole.
async fn take_raw(
    state: &AppState,
    context: &RequestContext,
    gateway: Arc<dyn Gateway>,
    head: Head<'_>,
    (raw, mut lease): (Vec<u8>, Lease),
) -> Outcome {
    let Guard { refusals, large, waiting, .. } = &*context.guard;
    // One at a time where it may need ten times its size.
    let mut turn = None;
    if raw.len() > LARGE_BYTES_MIN {
        tokio::select! {
            biased;
            // Its memory was given to another while it waited.
            () = lease.evicted() => return Outcome::Unread(BodyError::OverBudget(OverBudget::Full)),
            acquired = large.acquire() => turn = acquired.ok(),
        }
    }
    if gateway.verify(&head.webhook_request(&raw)).is_err() {
        return Outcome::Denied;
    }
    context.prove(&mut lease);
    let ReadBody { items, is_read } = bounded_read::read(&*gateway, &raw, state.clock.now());
    let acknowledgement = if is_read { gateway.acknowledge(&raw) } else { None };
    // The desk may take a while, so the body's memory is freed for the next one.
    drop((raw, lease, turn));
    let items = gateway.complete(items).await;
    for item in &items {
        if let Item::Malformed { reason, .. } = item {
            refusals.note(head.name, "malformed_item", reason, context.client.address);
        }
    }
    let Ok(_waits) = waiting.try_acquire() else { return Outcome::Busy };
    match await_verdicts(state, items).await {
        Outcome::Accepted(verdicts, _) => Outcome::Accepted(verdicts, acknowledgement),
        outcome => outcome,
    }
}

/// Hands the items over and waits. Neither a client that hangs up nor our own impatience stops what has begun: that is
/// what [`super::state::Intake`] promises.
async fn await_verdicts(state: &AppState, items: Vec<Item>) -> Outcome {
    if items.is_empty() {
        return Outcome::Accepted(Vec::new(), None);
    }
    match tokio::time::timeout(state.timeouts.verdict, state.intake.serve(items)).await {
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
    State(state): State<Arc<AppState>>,
    Extension(context): Extension<RequestContext>,
    Path(Address { gateway: name, tail }): Path<Address>,
    Query(query): Query<Vec<(String, String)>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    let Some(gateway) = state.gateways.get(&name).map(Arc::clone) else { return StatusCode::NOT_FOUND.into_response() };
    if gateway.takes_get() {
        // HEAD comes here as well; it asks about an address and must change nothing.
        if request.method() != Method::GET {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response();
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let head = Head { name: &name, target, tail: &tail, headers: request.headers() };
        let outcome = take_query(&state, &context, gateway, head, uri.query().unwrap_or_default()).await;
        return settle(&state, name, outcome);
    }
    if !tail.is_empty() {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match gateway.challenge(&query) {
        Ok(answer) => answer.into_response(),
        Err(_) => StatusCode::FORBIDDEN.into_response(),
    }
}
