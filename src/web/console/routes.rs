//! The console's routes, and what stands before all of them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response as HttpResponse, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use super::connection::Transport;
use super::page::{self, missing};
use super::state::{Console, Setup};
use super::visitor::{Asked, Signed};
use super::{
    account, assets, audit, calendar, channels, conversations, desk, displays, format, link, live, ministry, offices,
    paper, people, recovery, reports, settings, sign_in, today,
};

/// Largest form, in bytes: a password and some names.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// The same of a page on which a whole file is edited: an office file with a calendar in it, or a format beside a proposed one, as a form
/// writes it.
const FILE_FORM_BYTES_MAX: usize = 512 * 1024;
/// How long a form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(10);
/// A year: browsers come back over TLS only.
const HSTS: &str = "max-age=31536000";

/// All routes of the console.
pub(in crate::web) fn router(setup: Setup) -> Router {
    let console: Console = Arc::new(setup);
    let pages = Router::new()
        .route("/console", get(offices::choose))
        .route("/console/", get(offices::choose))
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/language", post(sign_in::language))
        .route("/console/alive", post(sign_in::alive))
        .route("/console/confirm", post(sign_in::confirm))
        .route("/console/link", get(link::page).post(link::open))
        .route("/console/link/use", post(link::finish))
        .route("/console/account", get(account::page))
        .route("/console/account/password", post(account::change_password))
        .route("/console/account/recovery", post(recovery::renew))
        .route("/console/account/sessions/others/end", post(account::end_others))
        .route("/console/account/sessions/{id}/end", post(account::end_session))
        .route("/console/people", get(people::list).post(people::add))
        .route("/console/people/{id}", get(people::person))
        .route("/console/people/{id}/grant", post(people::grant))
        .route("/console/people/{id}/revoke", post(people::revoke))
        .route("/console/people/{id}/disable", post(people::disable))
        .route("/console/people/{id}/enable", post(people::enable))
        .route("/console/people/{id}/link", post(people::make_link))
        .route("/console/offices", get(ministry::page))
        .route("/console/{office}", get(offices::office))
        .route("/console/{office}/displays", get(displays::list).post(displays::add))
        .route("/console/{office}/displays/{id}/remove", post(displays::remove))
        .route("/console/{office}/paper", get(paper::list))
        .route("/console/{office}/paper/enter", get(paper::form).post(paper::enter))
        .route("/console/{office}/calendar", get(calendar::page).post(calendar::make))
        .route("/console/{office}/calendar/preview", post(calendar::preview))
        .route("/console/{office}/calendar/changes/{id}", get(calendar::change))
        .route("/console/{office}/calendar/changes/{id}/progress", get(calendar::progress))
        .route("/console/{office}/calendar/changes/{id}/undo", post(calendar::undo))
        .route("/console/{office}/paper/pdf", get(paper::pdf))
        .route("/console/{office}/reports", get(reports::page))
        .route("/console/{office}/reports/files", get(reports::files).post(reports::begin))
        .route("/console/{office}/reports/files/{id}", get(reports::take))
        .route("/console/{office}/reports/files/{id}/remove", post(reports::give_up))
        .route("/console/{office}/check-in", get(desk::check_in).post(desk::arrive))
        .route("/console/{office}/check-in/walk-in", post(desk::walk_in))
        .route("/console/{office}/check-in/undo", post(desk::undo))
        .route("/console/{office}/counter", get(desk::counter).post(desk::act))
        .route("/console/{office}/counter/lists", get(desk::lists))
        .route("/console/{office}/live", get(live::stream))
        .route("/console/{office}/today", get(today::page))
        .route("/console/{office}/today/list", get(today::list))
        .route("/console/{office}/find", get(today::find_page).post(today::find))
        .route("/console/{office}/booking/{code}", get(today::booking))
        .route("/console/{office}/booking/{code}/why", post(today::say_why))
        .route("/console/{office}/booking/{code}/photo", get(today::photo))
        .route("/console/{office}/conversations", get(conversations::page).post(conversations::search))
        .route("/console/{office}/conversations/list", get(conversations::list))
        .route("/console/{office}/conversations/again", post(conversations::again))
        .route("/console/{office}/conversations/misread", get(conversations::misread))
        .route("/console/{office}/conversations/misread/case", post(conversations::case))
        .route("/console/{office}/conversations/{id}", get(conversations::talk))
        .route("/console/{office}/conversations/{id}/lines", get(conversations::lines))
        .route("/console/{office}/conversations/{id}/act", post(conversations::act))
        .route("/console/{office}/conversations/{id}/typing", post(conversations::typing))
        .route("/console/{office}/channels", get(channels::page))
        .route("/console/{office}/channels/act", post(channels::act))
        .route("/console/{office}/format", get(format::page).post(format::act))
        .route("/console/{office}/format/look", post(format::look))
        .route("/console/{office}/audit", get(audit::page))
        .route("/console/{office}/audit/csv", get(audit::export))
        .route("/console/{office}/audit/verify", post(audit::verify))
        .route("/console/{office}/settings", get(settings::form).post(settings::change))
        .route("/console/{office}/settings/holidays", get(settings::holidays).post(settings::change_holidays))
        .route("/console/{office}/settings/text", get(settings::text).post(settings::change_text))
        .route("/console/{office}/settings/versions", get(settings::versions))
        .route("/console/{office}/settings/versions/{id}", get(settings::version))
        .route("/console/{office}/settings/versions/{id}/restore", post(settings::restore))
        .route("/console/{office}/{*rest}", get(nothing).post(nothing))
        .layer(from_fn_with_state(Arc::clone(&console), whole))
        .layer(CsrfLayer::new().with_rejection_response(|_| {
            HttpResponse::builder().status(StatusCode::FORBIDDEN).body(Body::empty()).unwrap_or_default()
        }))
        .layer(from_fn_with_state(Arc::clone(&console), safe_only));
    pages.route("/console/assets/{version}/{name}", get(assets::send)).with_state(console)
}

/// What no route takes.
async fn nothing(asked: Asked) -> Response {
    missing(&asked.frame)
}

/// Refuses what others could read, and explains what the check of the form's origin refuses.
async fn safe_only(State(_): State<Console>, asked: Asked, request: Request, next: Next) -> Response {
    let (frame, t) = (&asked.frame, asked.frame.t);
    let remedy = match asked.transport {
        Transport::Plain => t.unsafe_plain_remedy,
        Transport::UnknownProxy => t.unsafe_proxy_remedy,
        Transport::Tls | Transport::Loopback => "",
    };
    if !asked.transport.is_safe() {
        return page::message(frame, StatusCode::FORBIDDEN, t.unsafe_title, t.unsafe_plain, remedy);
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN && response.headers().get(header::CONTENT_TYPE).is_none() {
        response = page::message(frame, StatusCode::FORBIDDEN, t.cross_title, t.cross, "");
    }
    if asked.transport == Transport::Tls {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    response
}

/// Takes a form whole before anything is done, and does it in a task of its own: a browser that hangs up cuts nothing in half.
async fn whole(State(console): State<Console>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // A large form is read of nobody who has not signed in.
    let is_large = holds_file(parts.uri.path()) && Signed::of_background(Asked::of(&parts), &console).await.is_ok();
    let bytes_max = if is_large { FILE_FORM_BYTES_MAX } else { FORM_BYTES_MAX };
    let Ok(read) = tokio::time::timeout(FORM_TIME, to_bytes(body, bytes_max)).await else {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    };
    let Ok(bytes) = read else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let request = Request::from_parts(parts, Body::from(bytes));
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Whether forms of a page hold a whole file.
fn holds_file(path: &str) -> bool {
    let section = path.strip_prefix("/console/").and_then(|rest| rest.split('/').nth(1));
    matches!(section, Some("format" | "settings"))
}
