//! A stand-in for the WhatsApp Cloud API on loopback: keeps what it was asked, answers as told.
//!
//! It plays the provider's part honestly: what it accepted is kept apart from what it merely heard, so a test can
//! count what citizens got, also where the answer never arrived.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the fake does with one request. Where nothing is scripted it is [`Answer::Ok`].
#[derive(Debug, Clone)]
pub enum Answer {
    /// Accepts, and says so.
    Ok,
    /// Accepts, and says so after a while.
    Slow(Duration),
    /// Refuses with this status, these headers and this body.
    Status(u16, Vec<(&'static str, String)>, String),
    /// Refuses with a documented error envelope.
    Error { status: u16, code: i64, retry_after: Option<u64> },
    /// Closes the connection without accepting or answering.
    Cut,
    /// Accepts, and closes the connection without answering.
    LostAfterAcceptance,
    /// Accepts, begins to answer, and breaks off.
    BrokenOff,
}

impl Answer {
    /// HTTP 200 with this body, whatever it says.
    pub fn body(body: impl Into<String>) -> Self {
        Self::Status(200, Vec::new(), body.into())
    }

    pub fn accepts(&self) -> bool {
        matches!(self, Self::Ok | Self::Slow(_) | Self::LostAfterAcceptance | Self::BrokenOff)
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Captured {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Captured {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// A header's text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<Captured>,
    /// Message bodies accepted: what citizens got.
    accepted: Vec<Value>,
    /// Scripted answers by the last segment of the path (`messages`, `media`, or a media id).
    scripts: HashMap<String, VecDeque<Answer>>,
    /// Pictures that citizens sent, by media id.
    media: HashMap<String, Bytes>,
    ids: u64,
}

/// The fake; stops when dropped.
pub struct FakeWhatsApp {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for FakeWhatsApp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl FakeWhatsApp {
    /// Starts on a free port of loopback.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let server = tokio::spawn(serve(listener, address, Arc::clone(&state)));
        Self { address, state, server }
    }

    /// The address to configure as `api`.
    pub fn api(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds answers for requests whose path ends in `segment`: `messages`, `media`, a media id, or `file-` and one.
    pub fn script(&self, segment: &str, answers: impl IntoIterator<Item = Answer>) {
        self.state().scripts.entry(segment.to_owned()).or_default().extend(answers);
    }

    /// Puts a picture where a citizen's would lie.
    pub fn put_media(&self, id: &str, bytes: impl Into<Bytes>) {
        self.state().media.insert(id.to_owned(), bytes.into());
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Captured> {
        self.state().requests.clone()
    }

    /// Messages accepted so far, in order: what citizens got.
    pub fn accepted(&self) -> Vec<Value> {
        self.state().accepted.clone()
    }

    /// The same, from the one with this place on.
    pub fn accepted_from(&self, place: usize) -> Vec<Value> {
        self.state().accepted.get(place..).unwrap_or_default().to_vec()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the fake's state")
    }
}

async fn serve(listener: TcpListener, address: SocketAddr, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, address, Arc::clone(&state)));
            // A connection that ends badly is what some scripts ask for.
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The error of a handler closes the connection without an answer.
async fn answer(
    request: Request<Incoming>,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
) -> Result<Response<Body>, &'static str> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(Body::new(body), 64 << 20).await.map_err(|_| "the request broke off")?;
    let path = parts.uri.path().to_owned();
    let segment = path.rsplit('/').next().unwrap_or_default().to_owned();
    let (script, success) = {
        let mut state = state.lock().expect("the fake's state");
        let script = state.scripts.get_mut(&segment).and_then(VecDeque::pop_front).unwrap_or(Answer::Ok);
        let captured = Captured { method: parts.method.to_string(), path, headers: parts.headers, body: body.clone() };
        state.requests.push(captured);
        let success = if script.accepts() { accept(&mut state, address, &segment, &body) } else { Body::empty() };
        (script, success)
    };
    match script {
        Answer::Ok => Ok(Response::new(success)),
        Answer::Slow(pause) => {
            tokio::time::sleep(pause).await;
            Ok(Response::new(success))
        }
        Answer::Status(status, headers, body) => Ok(response(status, &headers, body)),
        Answer::Error { status, code, retry_after } => {
            let headers: Vec<_> = retry_after.map(|seconds| ("retry-after", seconds.to_string())).into_iter().collect();
            Ok(response(status, &headers, error_envelope(code)))
        }
        Answer::Cut | Answer::LostAfterAcceptance => Err("cut, as told"),
        Answer::BrokenOff => {
            let pieces = [Ok(Bytes::from_static(b"{\"messages\":[")), Err("broken off, as told")];
            let broken = futures_util::stream::iter(pieces);
            Ok(Response::new(Body::from_stream(broken)))
        }
    }
}

fn response(status: u16, headers: &[(&'static str, String)], body: String) -> Response<Body> {
    let mut builder = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
    for (name, value) in headers {
        builder = builder.header(*name, value);
    }
    builder.body(Body::from(body)).expect("an answer")
}

/// Does what the provider would do, and gives its answer's body.
fn accept(state: &mut State, address: SocketAddr, segment: &str, body: &Bytes) -> Body {
    state.ids += 1;
    let id = state.ids;
    if let Some(id) = segment.strip_prefix("file-") {
        return Body::from(state.media.get(id).cloned().unwrap_or_default());
    }
    let answer = match segment {
        "messages" => {
            let message: Value = serde_json::from_slice(body).expect("a message in JSON");
            let to = message.get("to").or(message.get("recipient")).cloned().unwrap_or_default();
            state.accepted.push(message);
            json!({"messaging_product": "whatsapp", "contacts": [{"input": to}], "messages": [{"id": format!("wamid.OUT{id}")}]})
        }
        "media" => json!({"id": format!("upload-{id}")}),
        media => json!({
            "messaging_product": "whatsapp",
            "id": media,
            "url": format!("http://{address}/file-{media}"),
            "mime_type": "image/jpeg",
            "file_size": state.media.get(media).map_or(0, Bytes::len),
        }),
    };
    Body::from(answer.to_string())
}

/// The documented envelope; its message holds what must never get into our errors.
fn error_envelope(code: i64) -> String {
    let message = "the number 6281200001234 with the token kunci-kirim";
    let details = json!({"messaging_product": "whatsapp", "details": message});
    json!({"error": {"message": message, "type": "OAuthException", "code": code, "error_data": details, "fbtrace_id": "Jejak-1"}})
        .to_string()
}
