//! The loop that lets connections in: so many at once, headers in time, and none cut off at shutdown.
//!
//! HTTP/1.1 only: proxies speak it to us anyway, and the other one would be a tenth of the binary.

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

use super::connections::{Connection, Connections};
use super::guard::Guard;
use crate::metrics::Metrics;

/// Most bytes of one request's headers; a signed webhook needs about one thousand.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most headers of one request.
const HEADERS_MAX: usize = 64;
/// How long to rest when the system has no socket left for us, and nobody could be made to go.
const REST: Duration = Duration::from_millis(100);
/// How long to rest until those are gone who were made to go.
const SHORT_REST: Duration = Duration::from_millis(2);
/// Descriptors that are left to the database, photos, and calls that go out.
const DESCRIPTORS_KEPT: usize = 256;

/// What a server allows its clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once; when all are taken, one that has proved nothing goes. A provider opens some dozens.
    pub connections_max: usize,
    /// Connections of one client that has proved nothing, from half of all places on.
    pub connections_per_client_max: usize,
    /// For the headers of a request to arrive, and for the next request on a connection that is kept.
    pub header_time: Duration,
    /// For requests that are under way when the server is told to stop.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 1024,
            connections_per_client_max: 128,
            header_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(25),
        }
    }
}

impl Limits {
    /// As many connections as the system has descriptors for, beside what storage and the calls that go out need.
    #[must_use]
    pub fn within(self, descriptors: Option<usize>) -> Self {
        let most = descriptors
            .map_or(usize::MAX, |descriptors| descriptors.saturating_sub(DESCRIPTORS_KEPT).max(descriptors / 2).max(1));
        Self { connections_max: self.connections_max.min(most), ..self }
    }
}

/// Serves `router` on `listener` until `shutdown`, with the default guard.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    serve_guarded(listener, (router, Arc::default()), limits, metrics, shutdown).await;
}

/// Serves `router` on `listener` until `shutdown`; then takes no more connections and finishes what is under way.
pub async fn serve_guarded(
    listener: TcpListener,
    (router, guard): (Router, Arc<Guard>),
    limits: Limits,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
) {
    let connections = Connections::new(limits);
    let graceful = GracefulShutdown::new();
    let router = TowerToHyperService::new(router);
    loop {
        let (stream, client) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            next = next_connection(&listener, &connections) => match next {
                Ok((stream, address)) => (stream, guard.of_socket(address.ip())),
                Err(error) => {
                    // No descriptor is left: whoever holds them and has proved nothing goes.
                    guard.refusals.note(("(connections)", "not_accepted"), &error.kind().to_string(), None);
                    let rest = if connections.thin_out() { SHORT_REST } else { REST };
                    tokio::time::sleep(rest).await;
                    continue;
                }
            },
        };
        let (place, evicted) = connections.take_in(client);
        metrics.connections_evicted.inc_by(evicted);
        let (connection, router) = (Arc::clone(&place.connection), router.clone());
        let service = service_fn(move |request| answer(router.clone(), Arc::clone(&connection), request));
        let served = graceful.watch(builder(limits).serve_connection(TokioIo::new(stream), service));
        let (metrics, guard) = (metrics.clone(), Arc::clone(&guard));
        tokio::spawn(async move {
            metrics.connections.inc();
            tokio::select! {
                biased;
                why = place.connection.leaving() => {
                    let detail = "a connection that was not proven made room for another";
                    guard.refusals.note(("(connections)", why), detail, place.connection.client.address);
                }
                ended = served => if let Err(error) = ended {
                    debug!(%error, "a connection ended early");
                },
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

/// Answers one request, unless its connection has no turn: then it is told to come again, before any route sees it.
async fn answer(
    router: TowerToHyperService<Router>,
    connection: Arc<Connection>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let Some(turn) = connection.begin(request.uri().path()) else {
        let headers = [(header::RETRY_AFTER, super::webhook::RETRY_AFTER_SECONDS), (header::CONNECTION, "close")];
        return Ok((StatusCode::SERVICE_UNAVAILABLE, headers, "all places are taken: come again\n").into_response());
    };
    request.extensions_mut().insert(connection);
    let response = router.call(request).await;
    drop(turn);
    response
}

/// Room first, then a connection: where everybody is at work, even in the reserve, nobody is accepted at all.
async fn next_connection(listener: &TcpListener, connections: &Connections) -> io::Result<(TcpStream, SocketAddr)> {
    connections.room().await;
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
