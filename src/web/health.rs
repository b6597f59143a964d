//! `/healthz`, `/readyz`, `/metrics`: for operators and their monitoring.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;
use tracing::warn;

use super::middleware::RequestContext;
use super::state::AppState;

/// `OpenMetrics`, which Prometheus reads.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The process runs. Independent of storage: a restart repairs no database.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Whether work should be sent here: storage answers, and nobody is shutting us down.
pub(super) async fn ready(State(state): State<Arc<AppState>>) -> Response {
    let storage = match tokio::time::timeout(state.timeouts.probe, (state.probe)()).await {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            warn!(error, "not ready: storage gives no sign of life");
            "unavailable"
        }
        Err(_) => "silent",
    };
    let closing = state.closing.is_cancelled();
    let apart = state.clock.apart();
    let ready = storage == "ok" && !closing && apart.is_none();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // A channel that does not send is no reason to send work elsewhere: its messages are taken in, its replies wait.
    let stopped = match storage {
        "ok" => tokio::time::timeout(state.timeouts.probe, (state.stopped_channels)()).await.unwrap_or_default(),
        _ => std::collections::BTreeMap::new(),
    };
    let mut detail = json!({ "ready": ready, "storage": storage, "closing": closing, "stopped_channels": stopped });
    if let (Some(apart), Some(detail)) = (apart, detail.as_object_mut()) {
        detail.insert("clock".to_owned(), apart.to_string().into());
    }
    (status, Json(detail)).into_response()
}

/// The counters.
pub(super) async fn metrics(
    State(state): State<Arc<AppState>>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    state.metrics.body_bytes.set(i64::try_from(context.guard.budget.used()).unwrap_or(i64::MAX));
    match state.metrics.print() {
        Ok(page) => ([(header::CONTENT_TYPE, METRICS_TYPE)], page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
