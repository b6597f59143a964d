//! The routes of the upload page.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::texts::{Texts, texts};
use super::{assets, form};
use crate::clock::SharedClock;
use crate::conversation::Lang;
use crate::domain::upload_token::UploadToken;
use crate::uploads::{Received, Upload, UploadError, Uploads};
use crate::web::body::{self, BodyError, Pace};
use crate::web::link_page::{Asked, Refused, Words, message, sent};
use crate::web::middleware::RequestContext;
use crate::web::protection::{Lease, RateLimit};
use crate::web::state::Timeouts;

/// Somebody who tries several photos, on a bad line, is served.
const OWN_SECONDS: i64 = 3;
const OWN_AT_ONCE: u32 = 20;
/// Addresses that are none of ours, of one network: a hall's telephones share one, and one in a hundred links was cut short.
const UNKNOWN_SECONDS: i64 = 2;
const UNKNOWN_AT_ONCE: u32 = 60;
/// Largest body, in bytes: the photo of a good telephone, and the form around it.
const BODY_BYTES_MAX: usize = 12 * 1024 * 1024;
/// Seconds after which somebody may try again while the server is busy.
const COME_BACK: &str = "30";

/// Nothing from elsewhere, no script, and a form that leads here.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What the routes work with.
struct Setup {
    uploads: Uploads,
    clock: SharedClock,
    timeouts: Timeouts,
    own: RateLimit<String>,
    unknown: RateLimit<Option<IpAddr>>,
}

impl Setup {
    /// What a body may take.
    fn pace(&self) -> Pace {
        let Timeouts { upload: whole, upload_grace: grace, .. } = self.timeouts;
        Pace { bytes_max: BODY_BYTES_MAX, whole, grace }
    }
}

type Shared = Arc<Setup>;

/// All routes of the upload page.
pub(in crate::web) fn router(uploads: Uploads, clock: SharedClock, timeouts: Timeouts) -> Router {
    let setup = Setup {
        uploads,
        clock,
        timeouts,
        own: RateLimit::new(OWN_SECONDS, OWN_AT_ONCE),
        unknown: RateLimit::new(UNKNOWN_SECONDS, UNKNOWN_AT_ONCE),
    };
    Router::new()
        .route("/u/{token}", get(page).post(take))
        .route("/u/sent", get(done))
        .route("/u/assets/{version}/{name}", get(assets::send))
        .with_state(Arc::new(setup))
}

#[derive(Template)]
#[template(path = "upload/page.html")]
struct Page<'a> {
    t: &'static Texts,
    lang: Lang,
    office: &'a str,
    until: String,
    wrong: Option<&'static str>,
}

/// What the pages say that take no photo.
fn words(lang: Lang) -> Words {
    let t = texts(lang);
    Words {
        css: assets::address("page.css"),
        other_language: t.other_language,
        gone: (t.gone_title, t.gone),
        often: (t.often_title, t.often),
        busy: (t.often_title, t.busy),
    }
}

/// The form, with what was wrong with the last photo.
fn shown(upload: &Upload, lang: Lang, status: StatusCode, wrong: Option<&'static str>) -> Response {
    let zone = upload.office.zone;
    let until = format!("{} {}", zone.local(upload.until).format("%H.%M"), zone.name());
    sent(status, POLICY, &Page { t: texts(lang), lang, office: &upload.office.name, until, wrong })
}

/// The link of a token.
async fn opened(setup: &Setup, token: &str, context: Option<&RequestContext>) -> Result<Upload, Refused> {
    let now = setup.clock.now();
    let network = context.and_then(|context| context.client.key());
    // Judged before the database is asked: nobody keeps it busy with addresses that are none.
    if network.is_some() && !setup.unknown.has_room(&network, now) {
        return Err(Refused::TooOften);
    }
    if let Some(token) = UploadToken::read(token) {
        if !setup.own.admits(token.hash(), now) {
            return Err(Refused::TooOften);
        }
        if let Some(upload) = setup.uploads.open(token).await? {
            return Ok(upload);
        }
    }
    Err(Refused::unknown(&setup.unknown, context, now))
}

async fn page(
    State(setup): State<Shared>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    context: Option<Extension<RequestContext>>,
) -> Response {
    let lang = Lang::of_code(&asked.l);
    match opened(&setup, &token, context.as_deref()).await {
        Ok(upload) => shown(&upload, lang, StatusCode::OK, None),
        Err(refused) => refused.page(lang, &words(lang)),
    }
}

/// Where a browser is led that has sent a photo: loaded again, it sends nothing twice.
async fn done(Query(asked): Query<Asked>) -> Response {
    let lang = Lang::of_code(&asked.l);
    let t = texts(lang);
    message(StatusCode::OK, (lang, &words(lang)), (t.sent_title, t.sent))
}

/// Takes a photo. Nothing of a body is kept for an address that is none of ours.
async fn take(
    State(setup): State<Shared>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Response {
    let lang = Lang::of_code(&asked.l);
    let (head, body) = request.into_parts();
    let upload = match opened(&setup, &token, Some(&context)).await {
        Ok(upload) => upload,
        Err(refused) => {
            body::discard(body, setup.pace()).await;
            return refused.page(lang, &words(lang));
        }
    };
    let t = texts(lang);
    let wrong = |status, text| shown(&upload, lang, status, Some(text));
    let (photo, lease) = match received(&setup, &context, &head.headers, body).await {
        Ok(received) => received,
        Err(BodyError::TooLarge) => return wrong(StatusCode::PAYLOAD_TOO_LARGE, t.wrong_large),
        Err(BodyError::TooSlow | BodyError::BrokenOff) => return wrong(StatusCode::REQUEST_TIMEOUT, t.wrong_slow),
        Err(BodyError::OverBudget(_)) => return later(wrong(StatusCode::SERVICE_UNAVAILABLE, t.wrong_busy)),
    };
    let photo = match photo {
        Some(photo) if photo.is_empty() => return wrong(StatusCode::UNPROCESSABLE_ENTITY, t.wrong_none),
        Some(photo) => photo,
        None => return wrong(StatusCode::UNPROCESSABLE_ENTITY, t.wrong_picture),
    };
    let taken = setup.uploads.take(&upload, photo.into()).await;
    drop(lease);
    match taken {
        Ok(Received::Photo) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/u/sent?l={}", lang.code()))]).into_response()
        }
        Ok(Received::Gone) => Refused::Gone.page(lang, &words(lang)),
        Ok(Received::NoPicture) => wrong(StatusCode::UNPROCESSABLE_ENTITY, t.wrong_picture),
        Err(error) => {
            match error {
                UploadError::Busy => tracing::warn!("a photo could not be taken: the desk is busy"),
                error => tracing::error!(%error, "a photo could not be taken"),
            }
            later(wrong(StatusCode::SERVICE_UNAVAILABLE, t.wrong_busy))
        }
    }
}

/// The photo of a body, and the lease of the memory that both take.
async fn received(
    setup: &Setup,
    context: &RequestContext,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Option<bytes::Bytes>, Lease), BodyError> {
    let mut lease = context.guard.budget.open(context.client.key()).map_err(BodyError::OverBudget)?;
    let whole = body::read(headers, body, setup.pace(), &mut lease).await?;
    Ok((form::photo(headers, whole).await, lease))
}

/// The same, to be tried again in a while.
fn later(mut response: Response) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, axum::http::HeaderValue::from_static(COME_BACK));
    response
}
