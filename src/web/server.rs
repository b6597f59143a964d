//! The loop that lets connections in: so many at once, headers in time, and none cut off at shutdown.
//!
//! HTTP/1.1 only: proxies speak it to us anyway, and the other one would be a tenth of the binary.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::metrics::Metrics;

/// Most bytes of one request's headers; a signed webhook needs about one thousand.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most headers of one request.
const HEADERS_MAX: usize = 64;
/// How long to rest when the system has no socket left for us.
const REST: Duration = Duration::from_millis(100);

/// What a server allows its clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once; more wait in the system's queue. A provider opens some dozens.
    pub connections_max: usize,
    /// For the headers of a request to arrive, and for the next request on a connection that is kept.
    pub header_time: Duration,
    /// For requests that are under way when the server is told to stop.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections_max: 1024, header_time: Duration::from_secs(10), drain_time: Duration::from_secs(25) }
    }
}

/// Serves `router` on `listener` until `shutdown`; then takes no more connections and finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, place) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            next = next_connection(&listener, &places) => match next {
                Ok(next) => next,
                Err(error) => {
                    warn!(%error, "no connection could be accepted; trying again shortly");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            },
        };
        let connection = graceful
            .watch(builder(limits).serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone())));
        let metrics = metrics.clone();
        tokio::spawn(async move {
            metrics.connections.inc();
            if let Err(error) = connection.await {
                debug!(%error, "a connection ended early");
            }
            metrics.connections.dec();
            drop(place);
        });
    }
    drop(listener);
    info!(http.connections = graceful.count(), "taking no more connections; finishing what is under way");
    if tokio::time::timeout(limits.drain_time, graceful.shutdown()).await.is_err() {
        warn!("some requests did not finish in time and were cut off");
    }
}

/// A place first, then a connection: one that has no place is not accepted at all.
async fn next_connection(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "a client was gone as soon as it came");
    }
    Ok((stream, place))
}

fn builder(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEADER_BYTES_MAX);
    builder
}
