//! The routes of a turn.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde::Deserialize;

use super::assets;
use super::limit::Limit;
use super::page::{Shown, shown};
use super::texts::{Texts, texts};
use crate::clock::SharedClock;
use crate::conversation::Lang;
use crate::front_desk::{Turn, Turns};
use crate::reply::day_in_words;
use crate::storage::StorageError;
use crate::web::middleware::RequestContext;

/// An open page asks every twenty seconds; somebody who reloads it impatiently is served, too.
const OWN_SECONDS: i64 = 3;
const OWN_AT_ONCE: u32 = 20;
/// Addresses that are none of ours, of one network: a hall's telephones share one, and one in a hundred links was cut short.
const UNKNOWN_SECONDS: i64 = 2;
const UNKNOWN_AT_ONCE: u32 = 60;
/// Seconds after which somebody who asked too often may come back.
const COME_BACK: &str = "30";

/// Nothing from elsewhere, and no text that becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// What the routes work with.
struct Setup {
    turns: Turns,
    clock: SharedClock,
    own: Limit<i64>,
    unknown: Limit<Option<IpAddr>>,
}

type Shared = Arc<Setup>;

/// All routes of the turns.
pub(in crate::web) fn router(turns: Turns, clock: SharedClock) -> Router {
    let setup = Setup {
        turns,
        clock,
        own: Limit::new(OWN_SECONDS, OWN_AT_ONCE),
        unknown: Limit::new(UNKNOWN_SECONDS, UNKNOWN_AT_ONCE),
    };
    Router::new()
        .route("/s/{token}", get(page))
        .route("/s/{token}/now", get(now))
        .route("/s/assets/{version}/{name}", get(assets::send))
        .with_state(Arc::new(setup))
}

/// `?l=en`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    l: String,
}

#[derive(Template)]
#[template(path = "turn/page.html")]
struct Page<'a> {
    t: &'static Texts,
    lang: Lang,
    office: &'a str,
    day: String,
    hour: u8,
    zone: &'static str,
    numbers: &'a str,
    shown: Shown,
}

#[derive(Template)]
#[template(path = "turn/message.html")]
struct Message {
    t: &'static Texts,
    lang: Lang,
    title: &'static str,
    text: &'static str,
}

/// Why no turn is shown.
enum Refused {
    /// There is none, there was none, or its day is over: one answer for all, so that nobody learns which.
    Gone,
    TooOften,
    Storage(StorageError),
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Refused {
    fn page(self, lang: Lang) -> Response {
        let t = texts(lang);
        let (status, title, text) = match self {
            Self::Gone => (StatusCode::NOT_FOUND, t.gone_title, t.gone),
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, t.often_title, t.often),
            Self::Storage(error) => {
                tracing::error!(%error, "a citizen's turn could not be shown");
                (StatusCode::SERVICE_UNAVAILABLE, t.often_title, t.busy)
            }
        };
        let mut response = sent(status, &Message { t, lang, title, text });
        if status != StatusCode::NOT_FOUND {
            response.headers_mut().insert(header::RETRY_AFTER, axum::http::HeaderValue::from_static(COME_BACK));
        }
        response
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
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (status, headers, html).into_response()
}

/// The turn of a token.
async fn turn(setup: &Setup, token: &str, context: Option<RequestContext>) -> Result<Turn, Refused> {
    let now = setup.clock.now();
    let Some(booking) = setup.turns.booking(token) else {
        let network = context.and_then(|context| context.client.key());
        // This machine and trusted proxies are not limited.
        let may_ask = network.is_none() || setup.unknown.admits(network, now);
        return Err(if may_ask { Refused::Gone } else { Refused::TooOften });
    };
    if !setup.own.admits(booking, now) {
        return Err(Refused::TooOften);
    }
    setup.turns.turn(booking).await?.ok_or(Refused::Gone)
}

async fn page(
    State(setup): State<Shared>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    context: Option<Extension<RequestContext>>,
) -> Response {
    let lang = Lang::of_code(&asked.l);
    let turn = match turn(&setup, &token, context.map(|context| context.0)).await {
        Ok(turn) => turn,
        Err(refused) => return refused.page(lang),
    };
    let t = texts(lang);
    let page = Page {
        t,
        lang,
        office: &turn.office.name,
        day: day_in_words(turn.slot.date, lang),
        hour: turn.slot.hour,
        zone: turn.office.zone.name(),
        numbers: &turn.numbers,
        shown: shown(t, &turn),
    };
    sent(StatusCode::OK, &page)
}

/// The same, for the page that is open.
async fn now(
    State(setup): State<Shared>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    context: Option<Extension<RequestContext>>,
) -> Response {
    let lang = Lang::of_code(&asked.l);
    match turn(&setup, &token, context.map(|context| context.0)).await {
        Ok(turn) => Json(shown(texts(lang), &turn)).into_response(),
        Err(refused) => refused.page(lang),
    }
}
