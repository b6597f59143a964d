//! One-time links: opened by their token, which a browser never sends with an address, and used up by a password and a code.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use super::forms::LinkForm;
use super::page::{Frame, lead, show};
use super::picture::{Picture, picture};
use super::recovery;
use super::state::Console;
use super::visitor::Asked;
use crate::access::{self, OpenLink, Used, Weak};

#[derive(Template)]
#[template(path = "console/link.html")]
struct Page<'a> {
    frame: &'a Frame,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "console/enrol.html")]
struct EnrolPage<'a> {
    frame: &'a Frame,
    link: &'a str,
    login: &'a str,
    name: &'a str,
    /// The seed in groups of four signs, where an authenticator is enrolled.
    seed: Option<String>,
    picture: Option<Picture>,
    error: Option<String>,
}

/// The form for a link; the page's script sends it at once where the address has a token.
pub(super) async fn page(asked: Asked) -> Response {
    show(&asked.frame, StatusCode::OK, &Page { frame: &asked.frame, is_over: false })
}

/// Shows what a link is good for.
pub(super) async fn open(
    State(console): State<Console>,
    asked: Asked,
    Form(form): Form<LinkForm>,
) -> Result<Response, Failure> {
    let frame = &asked.frame;
    Ok(match console.access.open_link(&form.link).await? {
        Some(open) => enrol(frame, &form.link, &open, None),
        None => over(frame),
    })
}

/// Uses a link up.
pub(super) async fn finish(
    State(console): State<Console>,
    asked: Asked,
    Form(form): Form<LinkForm>,
) -> Result<Response, Failure> {
    let (frame, t) = (&asked.frame, asked.frame.t);
    let used = console.access.use_link(&form.link, (&form.password, &form.code), &asked.visitor).await?;
    let error = match used {
        Used::In { token, recovery } => {
            let cookie = asked.session_cookie(&token);
            if recovery.is_empty() {
                return Ok(([(header::SET_COOKIE, cookie)], lead("/console")).into_response());
            }
            return Ok(([(header::SET_COOKIE, cookie)], recovery::shown(frame, &recovery)).into_response());
        }
        Used::Over => return Ok(over(frame)),
        Used::Weak(weak) => weakness(frame, weak).to_owned(),
        Used::WrongCode => t.wrong_code.to_owned(),
        Used::Wait(minutes) => format!("{}{minutes}{}", t.wait_before, t.wait_after),
    };
    Ok(match console.access.open_link(&form.link).await? {
        Some(open) => enrol(frame, &form.link, &open, Some(error)),
        None => over(frame),
    })
}

/// What is wrong with a password, in words.
pub(super) fn weakness(frame: &Frame, weak: Weak) -> &'static str {
    match weak {
        Weak::Short => frame.t.weak_short,
        Weak::Long => frame.t.weak_long,
        Weak::Guessable => frame.t.weak_guessable,
    }
}

fn over(frame: &Frame) -> Response {
    show(frame, StatusCode::UNPROCESSABLE_ENTITY, &Page { frame, is_over: true })
}

fn enrol(frame: &Frame, link: &str, open: &OpenLink, error: Option<String>) -> Response {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let seed = open.seed();
    let grouped = |seed: &str| {
        let signs: Vec<char> = seed.chars().collect();
        signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    };
    let page = EnrolPage {
        frame,
        link,
        login: open.login(),
        name: open.name(),
        seed: seed.map(grouped),
        picture: seed.and_then(|seed| picture(&access::uri(open.login(), seed))),
        error,
    };
    show(frame, status, &page)
}
