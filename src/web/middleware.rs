//! The middleware of every route: security headers, one log line and one count for each request, and panics as status 500.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{debug, error, info};

use super::protection::{Client, Connection, Guard};
use crate::metrics::{Metrics, RequestLabels};

/// Nothing from elsewhere, nothing inline, no text turned into markup by a script, no frame around us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// On every response that does not say otherwise itself. HTTPS and its HSTS belong to the proxy in front.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Wraps `routes`. Outermost first: headers, log, panics.
pub(super) fn wrap(routes: Router, metrics: Arc<Metrics>, guard: Arc<Guard>) -> Router {
    let panics = metrics.clone();
    routes
        .layer(CatchPanicLayer::custom(move |payload: Box<dyn Any + Send>| panicked(&panics, payload)))
        .layer(from_fn_with_state((metrics, guard), record))
        .layer(from_fn(harden))
}

async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        // A page of the console has a policy of its own: with `no-referrer` its forms would come from nowhere.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Who sent a request, and the guard; an extension of the request.
#[derive(Clone)]
pub(super) struct RequestContext {
    pub(super) client: Client,
    pub(super) connection: Option<Arc<Connection>>,
    pub(super) guard: Arc<Guard>,
}

/// An extension of a response that refuses a webhook request: what the summary in the log counts.
#[derive(Clone)]
pub(super) struct RefusedWebhook {
    /// The gateway's name.
    pub(super) gateway: String,
    /// The reason as the counters name it.
    pub(super) reason: &'static str,
}

/// Logs the route's pattern, never path or query: they may hold a number or a token. Refusals are logged as sums.
async fn record(
    State((metrics, guard)): State<(Arc<Metrics>, Arc<Guard>)>,
    matched: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let connection = request.extensions_mut().remove::<Arc<Connection>>();
    let socket = connection.as_ref().and_then(|connection| connection.client.address);
    let client = guard.of_request(socket, request.headers());
    request.extensions_mut().insert(RequestContext { client, connection, guard: Arc::clone(&guard) });
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    let took = began.elapsed();
    metrics.request_seconds.observe(took.as_secs_f64());
    let latency_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let refused = response.extensions_mut().remove::<RefusedWebhook>();
    // Health is asked for every few seconds.
    let is_health = matches!(route.as_str(), "/healthz" | "/readyz" | "/metrics");
    if status >= 400 && !is_health {
        let (at, reason) = match refused {
            Some(RefusedWebhook { gateway, reason }) => (gateway, reason),
            None => (route.clone(), reason_of(status)),
        };
        guard.refusals.note(&at, reason, "", client.address);
    }
    if is_health && status == 200 || status >= 400 {
        debug!(http.method = method, http.route = route, http.status = status, latency_us, "answered a request");
    } else {
        info!(http.method = method, http.route = route, http.status = status, latency_us, "answered a request");
    }
    metrics.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    response
}

/// A refusal in words, out of a closed set.
fn reason_of(status: u16) -> &'static str {
    match status {
        403 => "forbidden",
        404 => "not_found",
        405 => "method",
        500 => "panic",
        503 => "unavailable",
        _ => "refused",
    }
}

/// A method's name out of a closed set: anyone may invent methods, and each would be a counter.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "OTHER",
    }
}

/// The text of a panic is not logged: it may quote a message.
fn panicked(metrics: &Metrics, _payload: Box<dyn Any + Send>) -> Response {
    metrics.panics.inc();
    error!("a request panicked; the client got 500");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
