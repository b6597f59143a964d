//! A stand-in for any provider's API on loopback: plays a provider's part by its documentation, keeps what it was asked,
//! answers as told, and notes every request that the documentation does not allow.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::fake_whatsapp::{Answer, Captured};

/// What a citizen got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub to: String,
    pub text: String,
    pub with_picture: bool,
}

/// What a provider does with a request that its documentation allows.
#[derive(Debug, Clone)]
pub struct Played {
    pub status: u16,
    pub body: Vec<u8>,
    pub said: Option<Said>,
}

impl Played {
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), said: None }
    }

    pub fn saying(self, to: impl Into<String>, text: impl Into<String>, with_picture: bool) -> Self {
        Self { said: Some(Said { to: to.into(), text: text.into(), with_picture }), ..self }
    }
}

/// A provider's part: the request, its running number, and the address of the stand-in; an error is what the
/// documentation does not allow.
pub type Play = fn(&Captured, u64, &str) -> Result<Played, String>;

#[derive(Default)]
struct State {
    requests: Vec<Captured>,
    said: Vec<Said>,
    faults: Vec<String>,
    scripts: HashMap<String, VecDeque<Answer>>,
    /// Answers for the next messages to citizens, wherever they are posted.
    sends: VecDeque<Answer>,
    /// Answers that stand until they are taken back, by the last segment of the path.
    standing: HashMap<String, Answer>,
    files: HashMap<String, Bytes>,
}

/// The stand-in; stops when dropped.
pub struct Host {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Host {
    /// Starts on a free port of loopback.
    pub async fn start(play: Play) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let service = service_fn(|request| answer(request, play, address, Arc::clone(&state)));
                    // A connection that ends badly is what some scripts ask for.
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { address, state, server }
    }

    /// The address to configure.
    pub fn api(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds answers for requests whose path ends in `segment`.
    pub fn script(&self, segment: &str, answers: impl IntoIterator<Item = Answer>) {
        self.state().scripts.entry(segment.to_owned()).or_default().extend(answers);
    }

    /// Adds an answer for the next message to a citizen, wherever it is posted.
    pub fn script_send(&self, answer: Answer) {
        self.state().sends.push_back(answer);
    }

    /// Lets every request whose path ends in `segment` be answered so, until `None` takes it back.
    pub fn stand(&self, segment: &str, answer: Option<Answer>) {
        let mut state = self.state();
        match answer {
            Some(answer) => state.standing.insert(segment.to_owned(), answer),
            None => state.standing.remove(segment),
        };
    }

    /// Puts a file where its path ends in `segment`.
    pub fn put_file(&self, segment: &str, bytes: impl Into<Bytes>) {
        self.state().files.insert(segment.to_owned(), bytes.into());
    }

    pub fn requests(&self) -> Vec<Captured> {
        self.state().requests.clone()
    }

    /// What citizens got, in order.
    pub fn said(&self) -> Vec<Said> {
        self.state().said.clone()
    }

    /// What one citizen got, in order.
    pub fn said_to(&self, to: &str) -> Vec<Said> {
        self.said().into_iter().filter(|said| said.to == to).collect()
    }

    /// Fails when anything was asked that the documentation does not allow.
    pub fn assert_lawful(&self) {
        assert_eq!(self.state().faults, Vec::<String>::new());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the state")
    }
}

/// The error of a handler closes the connection without an answer.
async fn answer(
    request: Request<Incoming>,
    play: Play,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
) -> Result<Response<Body>, &'static str> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(Body::new(body), 64 << 20).await.map_err(|_| "the request broke off")?;
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let bare = parts.uri.path().to_owned();
    let segment = bare.rsplit('/').next().unwrap_or_default().to_owned();
    let captured = Captured { method: parts.method.to_string(), path, headers: parts.headers, body };
    let (script, played) = {
        let mut state = state.lock().expect("the state");
        let standing = state.standing.get(&segment).cloned();
        let scripted = standing.or_else(|| state.scripts.get_mut(&segment).and_then(VecDeque::pop_front));
        state.requests.push(captured.clone());
        let number = u64::try_from(state.requests.len()).expect("few");
        let file = state.files.get(&segment).cloned();
        let played = match file {
            Some(bytes) => Ok(Played::answer(200, bytes.to_vec())),
            None => play(&captured, number, &format!("http://{address}")),
        };
        let played = played.unwrap_or_else(|fault| {
            state.faults.push(format!("{} {}: {fault}", captured.method, captured.path));
            Played::answer(400, fault)
        });
        let next_send = if played.said.is_some() { state.sends.pop_front() } else { None };
        let script = scripted.or(next_send).unwrap_or(Answer::Ok);
        if script.accepts()
            && let Some(said) = &played.said
        {
            state.said.push(said.clone());
        }
        (script, played)
    };
    let written = |status: u16, headers: &[(&str, String)], body: Vec<u8>| {
        let mut builder = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
        for (name, value) in headers {
            builder = builder.header(*name, value);
        }
        builder.body(Body::from(body)).expect("an answer")
    };
    match script {
        Answer::Ok => Ok(written(played.status, &[], played.body)),
        Answer::Slow(pause) => {
            tokio::time::sleep(pause).await;
            Ok(written(played.status, &[], played.body))
        }
        Answer::Status(status, headers, body) => Ok(written(status, &headers, body.into_bytes())),
        Answer::Error { .. } => Err("this stand-in knows no codes"),
        Answer::Cut | Answer::LostAfterAcceptance => Err("cut, as told"),
        Answer::BrokenOff => {
            let pieces = [Ok(Bytes::from_static(b"{\"")), Err("broken off, as told")];
            Ok(Response::new(Body::from_stream(futures_util::stream::iter(pieces))))
        }
    }
}

/// A form's fields, each of which must be one of these.
pub fn form_of(request: &Captured, known: &[&str]) -> Result<HashMap<String, String>, String> {
    if request.header("content-type") != "application/x-www-form-urlencoded" {
        return Err("no form".to_owned());
    }
    let fields: HashMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("the field `{name}` is not documented")),
        None => Ok(fields),
    }
}

/// A JSON object whose keys must all be known, and among which the needed ones must be.
pub fn object_of(request: &Captured, needed: &[&str], known: &[&str]) -> Result<serde_json::Value, String> {
    if request.header("content-type") != "application/json" {
        return Err("no JSON".to_owned());
    }
    let body: serde_json::Value = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
    lawful(&body, needed, known)?;
    Ok(body)
}

/// Checks one object of a body.
pub fn lawful(object: &serde_json::Value, needed: &[&str], known: &[&str]) -> Result<(), String> {
    let object = object.as_object().ok_or("no object")?;
    for name in needed {
        if !object.contains_key(*name) {
            return Err(format!("`{name}` is missing"));
        }
    }
    match object.keys().find(|name| !needed.contains(&name.as_str()) && !known.contains(&name.as_str())) {
        Some(name) => Err(format!("the field `{name}` is not documented")),
        None => Ok(()),
    }
}

/// The parts of a multipart body: name, whether it is a file, and its bytes.
pub fn parts_of(request: &Captured, known: &[&str]) -> Result<HashMap<String, Vec<u8>>, String> {
    let boundary =
        request.header("content-type").strip_prefix("multipart/form-data; boundary=").ok_or("no multipart")?;
    let marker = format!("--{boundary}");
    let mut parts = HashMap::new();
    let mut rest: &[u8] = &request.body;
    while let Some(at) = find(rest, marker.as_bytes()) {
        rest = &rest[at + marker.len()..];
        if rest.starts_with(b"--") {
            break;
        }
        let head_end = find(rest, b"\r\n\r\n").ok_or("a part without a head")?;
        let head = String::from_utf8_lossy(&rest[..head_end]).into_owned();
        let body = &rest[head_end + 4..];
        let end = find(body, format!("\r\n{marker}").as_bytes()).ok_or("a part without an end")?;
        let name =
            head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("a part without a name")?;
        if !known.contains(&name) {
            return Err(format!("the field `{name}` is not documented"));
        }
        parts.insert(name.to_owned(), body[..end].to_vec());
        rest = &body[end..];
    }
    Ok(parts)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// A part as a text.
pub fn text_part(parts: &HashMap<String, Vec<u8>>, name: &str) -> Result<String, String> {
    let bytes = parts.get(name).ok_or_else(|| format!("`{name}` is missing"))?;
    String::from_utf8(bytes.clone()).map_err(|error| error.to_string())
}

/// Fails unless a text has at most so many characters, and some.
pub fn within(text: &str, chars_max: usize) -> Result<(), String> {
    let chars = text.chars().count();
    if (1..=chars_max).contains(&chars) { Ok(()) } else { Err(format!("{chars} characters")) }
}
