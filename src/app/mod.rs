//! Builds an installation out of its configuration and runs it. The only room that knows all others.

mod build;
mod lock;
mod loops;
mod modes;
mod stamp;
mod time;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::{MovableClock, SteadyClock};
use crate::desk::Desk;
use crate::metrics::Metrics;
use crate::storage::Storage;
use crate::web;

pub use build::{BuildError, build, desk, gateways_of};
pub use lock::{Lock, lock};
use loops::Loops;
pub use stamp::{admit, make, plain, told_of_logs};

/// How long the desk may take to serve what was queued when the installation was told to stop.
const DRAIN_TIME: Duration = Duration::from_secs(15);

/// Whose time an installation runs on.
#[derive(Debug, Clone)]
pub enum Time {
    /// The machine's, or its database's.
    Real(Arc<SteadyClock>),
    /// A demo's, which its page may move forward; the bells ring when it is.
    Movable(Arc<dyn MovableClock>, Bells),
}

/// Why an installation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was asked to.
    Asked,
    /// A sync of the database failed: a new start writes all of its log to the file, and goes on.
    SyncFailed,
}

/// Wakes the loops: a reply was written, a clock was moved.
#[derive(Debug, Clone, Default)]
pub struct Bells {
    /// The courier's.
    pub courier: Arc<tokio::sync::Notify>,
    /// The caretaker's.
    pub caretaker: Arc<tokio::sync::Notify>,
}

/// An installation, ready to run: its port is bound and its database is open.
pub struct App {
    listener: TcpListener,
    router: axum::Router,
    guard: Arc<web::Guard>,
    limits: web::Limits,
    metrics: Arc<Metrics>,
    closing: CancellationToken,
    loops: Loops,
    desk: Desk,
    storage: Storage,
    /// Held while the installation runs, so that no second process serves the same SQLite file.
    _lock: Option<Lock>,
}

impl App {
    /// The address that it listens on.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Runs until `shutdown`, or for some time after a sync of the database failed; then drains: no more requests, the queued ones
    /// served, what is being sent recorded.
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send + 'static) -> End {
        let Self { listener, router, guard, limits, metrics, closing, loops, desk, storage, _lock } = self;
        let (stop, watched, closed) = (closing.clone(), storage.clone(), closing.clone());
        let ending = tokio::spawn(async move {
            let end = tokio::select! {
                () = shutdown => End::Asked,
                () = loops::failed(&watched) => End::SyncFailed,
            };
            // First of all: a log that nobody reads any more must not keep the installation alive.
            stop.cancel();
            match end {
                End::Asked => tracing::info!("shutting down: finishing what is under way"),
                End::SyncFailed => tracing::error!("leaving, since only a new start can write the database again"),
            }
            end
        });
        let running = loops.start(&closing);
        web::Server { router, guard, limits, metrics }.serve(listener, closing).await;
        running.finish().await;
        if tokio::time::timeout(DRAIN_TIME, desk.close()).await.is_err() {
            // Somebody still holds the desk open; what they wait for is not acknowledged and comes again.
            tracing::warn!("not everything that was queued could be served");
        }
        storage.close().await;
        tracing::info!("stopped");
        if closed.is_cancelled() { ending.await.unwrap_or(End::Asked) } else { End::Asked }
    }
}
