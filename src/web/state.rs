//! What the routes work with: the desk, the gateways, storage's probe, the clock, and the timeouts of a request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{console, display, simulator};
use crate::clock::SharedClock;
use crate::desk::{Busy, Desk, Verdict};
use crate::gateway::{Gateways, Item};
use crate::metrics::Metrics;

/// `Retry-After` of every refusal that a later delivery may not meet, in seconds; most providers go by their own timetable.
pub(super) const RETRY_AFTER_SECONDS: &str = "5";

/// Takes the items of a webhook body: the desk, or a stand-in for it in a test.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Serves the items of one body, whole or not at all; one verdict for each, in order. Dropping the future cancels
    /// nothing that it has begun.
    ///
    /// # Errors
    /// [`Busy`] when nothing was kept and the provider must deliver again.
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy>;

    /// Whether anything that comes now would be served: where not, a body is refused before it is read.
    fn takes_more(&self) -> bool {
        true
    }
}

#[async_trait]
impl Intake for Desk {
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        Self::serve(self, items).await
    }

    fn takes_more(&self) -> bool {
        Self::takes_more(self)
    }
}

/// Asks storage for a sign of life. The error is for the log only.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Tells which channels do not send, by name, and why.
pub type StoppedChannels = Arc<dyn Fn() -> BoxFuture<'static, BTreeMap<String, String>> + Send + Sync>;

/// What the routes work with.
#[derive(Clone)]
pub struct AppState {
    /// Where items go.
    pub intake: Arc<dyn Intake>,
    /// The configured gateways.
    pub gateways: Gateways,
    /// Whether storage answers.
    pub probe: Probe,
    /// Which channels do not send.
    pub stopped_channels: StoppedChannels,
    /// The time.
    pub clock: SharedClock,
    /// The counters.
    pub metrics: Arc<Metrics>,
    /// The simulator page, where a simulator gateway is configured.
    pub simulator: Option<simulator::Setup>,
    /// The console of the staff, where it is configured.
    pub console: Option<console::Setup>,
    /// The displays in the halls and the pages of citizens' turns.
    pub hall: Option<display::Setup>,
    /// Cancelled when the installation shuts down: readiness goes off and live streams end.
    pub closing: CancellationToken,
    /// How long things may take.
    pub timeouts: Timeouts,
}

/// How long a request may keep its parts waiting.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the whole body to arrive. Providers send theirs in one go; 4 MiB in ten seconds is a slow mobile connection.
    pub body: Duration,
    /// Before a body of more than 16 KiB, whose sender has proved nothing, has to keep a pace of 16 KiB a second.
    pub grace: Duration,
    /// For the desk's verdict. Beyond it the answer is 503, the work goes on, and the provider's repeat finds it done.
    pub verdict: Duration,
    /// For storage's sign of life.
    pub probe: Duration,
    /// For a photo from a browser to arrive: a good telephone's at 40 KiB a second.
    pub upload: Duration,
    /// Before such a body has to keep the pace of a large unproven one.
    pub upload_grace: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            body: Duration::from_secs(10),
            grace: Duration::from_secs(2),
            verdict: Duration::from_secs(20),
            probe: Duration::from_secs(2),
            upload: Duration::from_mins(5),
            upload_grace: Duration::from_secs(15),
        }
    }
}
