//! Recovery codes, shown once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::failure::Failure;
use super::page::{Frame, lead, show};
use super::state::Console;
use super::visitor::Signed;

#[derive(Template)]
#[template(path = "console/recovery.html")]
struct Page<'a> {
    frame: &'a Frame,
    codes: &'a [String],
}

/// The page with new codes.
pub(super) fn shown(frame: &Frame, codes: &[String]) -> Response {
    show(frame, StatusCode::OK, &Page { frame, codes })
}

/// Makes new codes.
pub(super) async fn renew(State(console): State<Console>, signed: Signed) -> Result<Response, Failure> {
    Ok(match console.access.new_recovery_codes(&signed.who).await? {
        Some(codes) => shown(&signed.asked.frame, &codes),
        None => lead("/console/account"),
    })
}
