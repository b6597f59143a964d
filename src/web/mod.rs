//! HTTP: webhooks, the simulator page, health, metrics. Turns errors into status codes; decides nothing about seats.
//!
//! [`router`] is everything that can be asked for, [`serve`] the loop that lets connections in. Nothing here holds a
//! transaction, and nothing that a client does (hang up, dawdle, send too much) undoes or loses work of the desk.

mod body;
mod budget;
mod client;
mod connections;
mod guard;
mod health;
mod refusals;
mod server;
mod shield;
pub mod simulator;
mod start;
mod webhook;

#[cfg(test)]
mod assault;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

pub use self::body::BODY_BYTES_MAX;
pub use self::guard::{Guard, GuardSettings};
pub use self::server::{Limits, serve, serve_guarded};
use crate::clock::SharedClock;
use crate::desk::{Busy, Desk, Verdict};
use crate::gateway::{Gateways, Item};
use crate::metrics::Metrics;

/// Takes the items of a webhook body: the desk, or a stand-in for it in a test.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Serves the items of one body, whole or not at all; one verdict for each, in order. Dropping the future cancels
    /// nothing that it has begun.
    ///
    /// # Errors
    /// [`Busy`] when nothing was kept and the provider must deliver again.
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy>;
}

#[async_trait]
impl Intake for Desk {
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        Self::serve(self, items).await
    }
}

/// Asks storage for a sign of life. The error is for the log only.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Tells which lines do not send, by name, and why.
pub type Lines = Arc<dyn Fn() -> BoxFuture<'static, BTreeMap<String, String>> + Send + Sync>;

/// What the routes work with.
#[derive(Clone)]
pub struct Doors {
    /// Where items go.
    pub intake: Arc<dyn Intake>,
    /// The configured gateways.
    pub gateways: Gateways,
    /// Whether storage answers.
    pub probe: Probe,
    /// Which lines do not send.
    pub lines: Lines,
    /// The time.
    pub clock: SharedClock,
    /// The counters.
    pub metrics: Arc<Metrics>,
    /// The simulator page, where a simulator gateway is configured.
    pub simulator: Option<simulator::Parts>,
    /// Cancelled when the installation shuts down: readiness goes off and live streams end.
    pub closing: CancellationToken,
    /// How long things may take.
    pub patience: Patience,
}

/// How long a request may keep its parts waiting.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the whole body to arrive. Providers send theirs in one go; 4 MiB in ten seconds is a slow mobile line.
    pub body: Duration,
    /// Before a body of more than 16 KiB, whose sender has proved nothing, has to keep a pace of 16 KiB a second.
    pub grace: Duration,
    /// For the desk's verdict. Beyond it the answer is 503, the work goes on, and the provider's repeat finds it done.
    pub verdict: Duration,
    /// For storage's sign of life.
    pub probe: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            body: Duration::from_secs(10),
            grace: Duration::from_secs(2),
            verdict: Duration::from_secs(20),
            probe: Duration::from_secs(2),
        }
    }
}

/// Everything that can be asked for, with the default guard.
pub fn router(doors: Doors) -> Router {
    guarded(doors, Arc::default())
}

/// Everything that can be asked for, behind this guard.
pub fn guarded(doors: Doors, guard: Arc<Guard>) -> Router {
    let simulator = doors.simulator.clone().map(|parts| simulator::router(parts, &doors));
    let start = start::router(doors.simulator.as_ref().map(|parts| Arc::clone(&parts.gateway)));
    let mut routes = Router::new()
        .route("/webhooks/{gateway}", post(webhook::deliver).get(webhook::asked))
        .route("/webhooks/{gateway}/{tail}", post(webhook::deliver).get(webhook::asked))
        // Consoles of providers, and people, end an address with a slash.
        .route("/webhooks/{gateway}/", post(webhook::deliver).get(webhook::asked))
        .route("/webhooks/{gateway}/{tail}/", post(webhook::deliver).get(webhook::asked))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(Arc::new(doors.clone()))
        .merge(start);
    if let Some(simulator) = simulator {
        routes = routes.merge(simulator);
    }
    shield::around(routes, doors.metrics, guard)
}
