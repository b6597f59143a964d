//! The routes of a turn.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;

use super::assets;
use super::page::{Shown, shown};
use super::texts::{Texts, texts};
use crate::clock::SharedClock;
use crate::conversation::Lang;
use crate::front_desk::{Turn, Turns};
use crate::reply::day_in_words;
use crate::web::link_page::{Asked, Refused, Words, sent};
use crate::web::middleware::RequestContext;
use crate::web::protection::RateLimit;

/// An open page asks every twenty seconds; somebody who reloads it impatiently is served, too.
const OWN_SECONDS: i64 = 3;
const OWN_AT_ONCE: u32 = 20;
/// Addresses that are none of ours, of one network: a hall's telephones share one, and one in a hundred links was cut short.
const UNKNOWN_SECONDS: i64 = 2;
const UNKNOWN_AT_ONCE: u32 = 60;

/// Nothing from elsewhere, and no text that becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// What the routes work with.
struct Setup {
    turns: Turns,
    clock: SharedClock,
    own: RateLimit<i64>,
    unknown: RateLimit<Option<IpAddr>>,
}

type Shared = Arc<Setup>;

/// All routes of the turns.
pub(in crate::web) fn router(turns: Turns, clock: SharedClock) -> Router {
    let setup = Setup {
        turns,
        clock,
        own: RateLimit::new(OWN_SECONDS, OWN_AT_ONCE),
        unknown: RateLimit::new(UNKNOWN_SECONDS, UNKNOWN_AT_ONCE),
    };
    Router::new()
        .route("/s/{token}", get(page))
        .route("/s/{token}/now", get(now))
        .route("/s/assets/{version}/{name}", get(assets::send))
        .with_state(Arc::new(setup))
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

/// What the pages say that show no turn.
fn words(lang: Lang) -> Words {
    let t = texts(lang);
    Words {
        css: assets::address("turn.css"),
        other_language: t.other_language,
        gone: (t.gone_title, t.gone),
        often: (t.often_title, t.often),
        busy: (t.often_title, t.busy),
    }
}

/// The turn of a token.
async fn turn(setup: &Setup, token: &str, context: Option<RequestContext>) -> Result<Turn, Refused> {
    let now = setup.clock.now();
    let Some(booking) = setup.turns.booking(token) else {
        return Err(Refused::unknown(&setup.unknown, context.as_ref(), now));
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
        Err(refused) => return refused.page(lang, &words(lang)),
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
    sent(StatusCode::OK, POLICY, &page)
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
        Err(refused) => refused.page(lang, &words(lang)),
    }
}
