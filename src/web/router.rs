//! All routes, behind the middleware.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::protection::Guard;
use super::state::AppState;
use super::{console, display, health, middleware, simulator, start, turn, upload, webhook};

/// All routes, with the default guard.
pub fn router(state: AppState) -> Router {
    guarded(state, Arc::default())
}

/// All routes, behind this guard.
pub fn guarded(state: AppState, guard: Arc<Guard>) -> Router {
    let simulator =
        state.simulator.clone().map(|setup| simulator::router(setup, state.clock.clone(), state.closing.clone()));
    let start =
        start::router(state.simulator.as_ref().map(|setup| Arc::clone(&setup.gateway)), state.console.is_some());
    let mut routes = Router::new()
        .route("/webhooks/{gateway}", post(webhook::deliver).get(webhook::asked))
        .route("/webhooks/{gateway}/{tail}", post(webhook::deliver).get(webhook::asked))
        // Consoles of providers, and people, end an address with a slash.
        .route("/webhooks/{gateway}/", post(webhook::deliver).get(webhook::asked))
        .route("/webhooks/{gateway}/{tail}/", post(webhook::deliver).get(webhook::asked))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(Arc::new(state.clone()))
        .merge(start);
    if let Some(simulator) = simulator {
        routes = routes.merge(simulator);
    }
    if let Some(setup) = state.hall {
        let (turns, uploads) = (setup.turns.clone(), setup.uploads.clone());
        routes = routes.merge(display::router(setup));
        if let Some(turns) = turns {
            routes = routes.merge(turn::router(turns, state.clock.clone()));
        }
        if let Some(uploads) = uploads {
            routes = routes.merge(upload::router(uploads, state.clock.clone(), state.timeouts));
        }
    }
    if let Some(setup) = state.console {
        routes = routes.merge(console::router(setup));
    }
    middleware::wrap(routes, state.metrics, guard)
}
