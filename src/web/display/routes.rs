//! The routes of a display.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use futures_util::FutureExt;
use serde::Serialize;

use super::assets;
use super::state::Setup;
use crate::domain::office::Office;
use crate::domain::visit::State as VisitState;
use crate::front_desk::Hall;
use crate::storage::{BoardCall, Display, Sound, StorageError, Topic};
use crate::web::live::{Changes, MayListen};

/// Longest word that a display says of its sound.
const SOUND_BYTES_MAX: usize = 16;

/// Nothing from elsewhere, and no text that becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

type Shared = Arc<Setup>;

/// All routes of the displays.
pub(in crate::web) fn router(setup: Setup) -> Router {
    Router::new()
        .route("/display/{token}", get(page))
        .route("/display/{token}/state", get(state))
        .route("/display/{token}/events", get(events))
        .route("/display/{token}/alive", post(alive))
        .route("/display/assets/{version}/{name}", get(assets::send))
        .with_state(Arc::new(setup))
}

#[derive(Template)]
#[template(path = "display/page.html")]
struct Page<'a> {
    office: &'a str,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "display/unknown.html")]
struct Unknown;

/// What the page is told.
#[derive(Serialize)]
struct Told {
    date: String,
    /// The time at the office.
    clock: String,
    zone: &'static str,
    counters: Vec<ToldCounter>,
    calls: Vec<ToldCall>,
    waiting: usize,
}

#[derive(Serialize)]
struct ToldCounter {
    counter: u32,
    number: Option<String>,
    is_called: bool,
}

#[derive(Serialize)]
struct ToldCall {
    seq: i64,
    number: String,
    counter: u32,
    kind: &'static str,
    /// How old it was when this was written: the display's own clock may be wrong.
    age_ms: i64,
}

/// Why a display is told nothing.
enum Refused {
    /// There is no such display, or it was removed.
    Unknown,
    Storage(StorageError),
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => sent(StatusCode::NOT_FOUND, &Unknown),
            Self::Storage(error) => {
                tracing::error!(%error, "a display could not be told what to show");
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
            }
        }
    }
}

/// A page with its headers.
fn sent(status: StatusCode, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a template could not be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (status, headers, html).into_response()
}

/// The display of a token, and its office.
async fn open(setup: &Setup, token: &str) -> Result<(Display, Arc<Office>), Refused> {
    let display = setup.displays.open(token).await?.ok_or(Refused::Unknown)?;
    let office = (setup.offices)().offices.get(&display.office).map(Arc::clone);
    Ok((display, office.ok_or(Refused::Unknown)?))
}

async fn page(State(setup): State<Shared>, Path(token): Path<String>) -> Result<Response, Refused> {
    let (display, office) = open(&setup, &token).await?;
    Ok(sent(StatusCode::OK, &Page { office: &office.name, name: &display.name }))
}

async fn state(State(setup): State<Shared>, Path(token): Path<String>) -> Result<Response, Refused> {
    let (_, office) = open(&setup, &token).await?;
    let hall = setup.displays.hall(&office).await?;
    Ok(Json(told(&office, &hall)).into_response())
}

/// Tells that something has changed, until the display is removed.
async fn events(State(setup): State<Shared>, Path(token): Path<String>) -> Result<Response, Refused> {
    let (_, office) = open(&setup, &token).await?;
    let watch = setup.live.watch(&office.id).await?;
    let displays = setup.displays.clone();
    let may_listen: MayListen = Box::new(move || {
        let (displays, token) = (displays.clone(), token.clone());
        // A database that does not answer ends the stream, too: the display comes back, and is judged anew.
        async move { displays.open(&token).await.is_ok_and(|display| display.is_some()) }.boxed()
    });
    Ok(Changes { watch, topics: &[Topic::Today], may_listen, closing: setup.closing.clone() }.stream())
}

/// The display says that it is there, and whether it can be heard.
async fn alive(State(setup): State<Shared>, Path(token): Path<String>, body: String) -> Result<Response, Refused> {
    let (display, _) = open(&setup, &token).await?;
    let said = body.get(..body.len().min(SOUND_BYTES_MAX)).unwrap_or_default();
    setup.displays.note(&display, Sound::named(said.trim())).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn told(office: &Office, hall: &Hall) -> Told {
    let call = |call: &BoardCall| ToldCall {
        seq: call.seq,
        number: call.number.clone(),
        counter: call.counter,
        kind: call.kind.name(),
        age_ms: (hall.now - call.at).num_milliseconds().max(0),
    };
    let counters = hall.board.counters.iter().map(|at| ToldCounter {
        counter: at.counter,
        number: at.visit.as_ref().map(|(number, _)| number.clone()),
        is_called: at.visit.as_ref().is_some_and(|(_, state)| *state == VisitState::Called),
    });
    Told {
        date: hall.date.to_string(),
        clock: office.zone.local(hall.now).format("%H.%M").to_string(),
        zone: office.zone.name(),
        counters: counters.collect(),
        calls: hall.board.calls.iter().map(call).collect(),
        waiting: hall.board.waiting,
    }
}
