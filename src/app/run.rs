//! Runs an installation until it is told to stop, and drains it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::database::lock::Lock;
use super::loops::{self, Loops};
use crate::desk::Desk;
use crate::metrics::Metrics;
use crate::storage::Storage;
use crate::web;

/// How long the desk may take to serve what was queued when the installation was told to stop.
const DRAIN_TIME: Duration = Duration::from_secs(15);

/// Why an installation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was asked to.
    Asked,
    /// A sync of the database failed: a new start writes all of its log to the file, and goes on.
    SyncFailed,
}

/// An installation, ready to run: its port is bound and its database is open.
pub struct App {
    pub(super) listener: TcpListener,
    pub(super) router: axum::Router,
    pub(super) guard: Arc<web::Guard>,
    pub(super) limits: web::Limits,
    pub(super) metrics: Arc<Metrics>,
    pub(super) closing: CancellationToken,
    pub(super) loops: Loops,
    pub(super) desk: Desk,
    pub(super) storage: Storage,
    /// Held while the installation runs, so that no second process serves the same SQLite file.
    pub(super) _lock: Option<Lock>,
}

impl App {
    /// The address that the server listens on.
    ///
    /// # Errors
    /// When the operating system does not tell it.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The desk and the database, for whoever plays something before it runs.
    pub fn stage(&self) -> (Desk, Storage) {
        (self.desk.clone(), self.storage.clone())
    }

    /// Runs until `shutdown`, or for some time after a sync of the database failed. Then it drains: it takes no more requests,
    /// serves those that are queued, and records what is being sent.
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send + 'static) -> End {
        let Self { listener, router, guard, limits, metrics, closing, loops, desk, storage, _lock } = self;
        let (stop, watched, closed) = (closing.clone(), storage.clone(), closing.clone());
        let ending = tokio::spawn(async move {
            let end = tokio::select! {
                () = shutdown => End::Asked,
                () = loops::sync_failure(&watched) => End::SyncFailed,
            };
            // Stopped before anything is logged: writing to a log that nobody reads may block, and must not keep the
            // installation alive.
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
            // A request still uses the desk. It is not acknowledged, so its provider delivers it again.
            tracing::warn!("not everything that was queued could be served");
        }
        storage.close().await;
        tracing::info!("stopped");
        if closed.is_cancelled() { ending.await.unwrap_or(End::Asked) } else { End::Asked }
    }
}
