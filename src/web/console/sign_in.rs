//! Signing in and out, the language, and the fresh code that changes ask for.

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::forms::{ConfirmForm, LanguageForm, Query, SignInForm};
use super::page::{Frame, lead, show};
use super::state::Console;
use super::visitor::{Asked, Signed, back};
use crate::access::{Attempt, Confirmation, SignIn};
use crate::conversation::Lang;

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct Page<'a> {
    frame: &'a Frame,
    login: &'a str,
    back: &'a str,
    is_refused: bool,
    wait: Option<i64>,
}

/// The form, or for somebody who is signed in the first page.
pub(super) async fn page(asked: Asked, signed: Option<Signed>, FromQuery(query): FromQuery<Query>) -> Response {
    if signed.is_some() {
        return lead(back(&query.back));
    }
    let frame = asked.frame.with_done(&query.done);
    let page = Page { frame: &frame, login: "", back: back(&query.back), is_refused: false, wait: None };
    show(&frame, StatusCode::OK, &page)
}

/// Signs in.
pub(super) async fn sign_in(
    State(console): State<Console>,
    asked: Asked,
    Form(form): Form<SignInForm>,
) -> Result<Response, Failure> {
    let attempt = Attempt { login: &form.login, password: &form.password, code: &form.code };
    let wait = match console.access.sign_in(attempt, &asked.visitor).await? {
        SignIn::In(token) => {
            let cookie = asked.session_cookie(&token);
            return Ok(([(header::SET_COOKIE, cookie)], lead(back(&form.back))).into_response());
        }
        SignIn::Refused => None,
        SignIn::Wait(minutes) => Some(minutes),
    };
    let status = if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page =
        Page { frame: &asked.frame, login: &form.login, back: back(&form.back), is_refused: wait.is_none(), wait };
    Ok(show(&asked.frame, status, &page))
}

/// Ends the session.
pub(super) async fn sign_out(State(console): State<Console>, signed: Signed) -> Result<Response, Failure> {
    console.access.sign_out(&signed.who).await?;
    let cookie = signed.asked.session_cookie("");
    Ok(([(header::SET_COOKIE, cookie)], lead("/console/sign-in?done=out")).into_response())
}

/// Keeps the language.
pub(super) async fn language(asked: Asked, Form(form): Form<LanguageForm>) -> Response {
    let cookie = asked.language_cookie(Lang::of_code(&form.language));
    ([(header::SET_COOKIE, cookie)], lead(back(&form.back))).into_response()
}

/// Keeps the session: the page asks when somebody says that they are still there.
pub(super) async fn alive(_: Signed) -> StatusCode {
    StatusCode::NO_CONTENT
}

#[derive(Template)]
#[template(path = "console/confirm.html")]
struct ConfirmPage<'a> {
    frame: &'a Frame,
    back: &'a str,
    error: Option<String>,
}

/// Takes a fresh one-time code.
pub(super) async fn confirm(
    State(console): State<Console>,
    signed: Signed,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Failure> {
    let (frame, back) = (&signed.asked.frame, back(&form.back));
    let error = match console.access.confirm(&signed.who, &form.code).await? {
        Confirmation::Confirmed => return Ok(lead(&format!("{back}?done=confirmed"))),
        Confirmation::Wait(minutes) => format!("{}{minutes}{}", frame.t.wait_before, frame.t.wait_after),
        Confirmation::Refused | Confirmation::Weak(_) => frame.t.wrong_code.to_owned(),
    };
    Ok(show(frame, StatusCode::UNPROCESSABLE_ENTITY, &ConfirmPage { frame, back, error: Some(error) }))
}
