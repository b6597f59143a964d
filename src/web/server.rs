//! The loop that accepts connections: limited in number, headers within a time, and none cut off at shutdown.
//!
//! HTTP/1.1 only: proxies use it towards a server anyway, and HTTP/2 would be a tenth of the binary.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::protection::{Connection, Connections, Guard, Limits, Permit};
use crate::metrics::Metrics;

/// Most bytes of one request's headers; a signed webhook needs about one thousand.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most headers of one request.
const HEADERS_MAX: usize = 64;
/// How long to wait when the system has no descriptor left and no connection can be evicted.
const REST: Duration = Duration::from_millis(100);
/// How long to wait until evicted connections are closed.
const SHORT_REST: Duration = Duration::from_millis(2);

/// Serves `router` on `listener` until `shutdown`, with the default guard.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    Server { router, guard: Arc::default(), limits, metrics }.serve(listener, shutdown).await;
}

/// What connections are served with.
pub struct Server {
    /// All routes.
    pub router: Router,
    /// The guard that the routes are behind ([`guarded`](super::guarded)).
    pub guard: Arc<Guard>,
    /// What clients are allowed.
    pub limits: Limits,
    /// The counters.
    pub metrics: Arc<Metrics>,
}

impl Server {
    /// Serves connections of `listener` until `shutdown`; then accepts no more and finishes the requests under way.
    pub async fn serve(self, listener: TcpListener, shutdown: CancellationToken) {
        let Self { router, guard, limits, metrics } = self;
        let connections = Connections::new(limits);
        let graceful = GracefulShutdown::new();
        let router = TowerToHyperService::new(router);
        loop {
            let (stream, address) = tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                next = next_connection(&listener, &connections) => match next {
                    Ok(next) => next,
                    Err(error) => {
                        // No descriptor is left: unverified connections are evicted.
                        guard.refusals.note("(connections)", "not_accepted", &error.kind().to_string(), None);
                        let rest = if connections.evict_some() { SHORT_REST } else { REST };
                        tokio::time::sleep(rest).await;
                        continue;
                    }
                },
            };
            let (permit, evicted) = connections.accept(guard.of_socket(address.ip()));
            metrics.connections_evicted.inc_by(evicted);
            let (connection, router) = (Arc::clone(&permit.connection), router.clone());
            let service = service_fn(move |request| answer(router.clone(), Arc::clone(&connection), request));
            let served = graceful.watch(builder(limits).serve_connection(TokioIo::new(stream), service));
            tokio::spawn(run_connection(permit, served, metrics.clone(), Arc::clone(&guard)));
        }
        drop(listener);
        info!(http.connections = graceful.count(), "taking no more connections; finishing what is under way");
        if tokio::time::timeout(limits.drain_time, graceful.shutdown()).await.is_err() {
            warn!("some requests did not finish in time and were cut off");
        }
    }
}

/// Serves one connection until it ends or is evicted.
async fn run_connection(
    permit: Permit,
    served: impl Future<Output = Result<(), hyper::Error>>,
    metrics: Arc<Metrics>,
    guard: Arc<Guard>,
) {
    metrics.connections.inc();
    tokio::select! {
        biased;
        why = permit.connection.leaving() => {
            let detail = "a connection that was not proven made room for another";
            guard.refusals.note("(connections)", why, detail, permit.connection.client.address);
        }
        ended = served => if let Err(error) = ended {
            debug!(%error, "a connection ended early");
        },
    }
    metrics.connections.dec();
}

/// Answers one request. Where its connection is in the reserve, or too many health checks are under way, the answer is 503
/// before any route sees it.
async fn answer(
    router: TowerToHyperService<Router>,
    connection: Arc<Connection>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let Some(turn) = connection.begin(request.uri().path()) else {
        let headers = [(header::RETRY_AFTER, super::state::RETRY_AFTER_SECONDS), (header::CONNECTION, "close")];
        return Ok((StatusCode::SERVICE_UNAVAILABLE, headers, "all places are taken: come again\n").into_response());
    };
    request.extensions_mut().insert(connection);
    let response = router.call(request).await;
    drop(turn);
    response
}

/// A permit first, then a connection: where all serve requests, even in the reserve, none is accepted.
async fn next_connection(listener: &TcpListener, connections: &Connections) -> io::Result<(TcpStream, SocketAddr)> {
    connections.wait_for_permit().await;
    let (stream, address) = listener.accept().await?;
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "a client was gone as soon as it came");
    }
    Ok((stream, address))
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
