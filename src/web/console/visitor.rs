//! Who asks, in which language, and how their request came.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::connection::Transport;
use super::failure::Failure;
use super::page::Frame;
use super::state::Console;
use crate::access::{SignedIn, Visitor};
use crate::conversation::Lang;
use crate::web::middleware::RequestContext;

/// The cookie with the language.
const LANGUAGE_COOKIE: &str = "antrean-language";
/// Most letters of an address that somebody is led back to.
const BACK_LETTERS_MAX: usize = 120;

/// A request, whoever sends it.
pub(super) struct Asked {
    /// The page's frame, in the language of the visitor.
    pub(super) frame: Frame,
    /// How it came.
    pub(super) transport: Transport,
    /// From where.
    pub(super) visitor: Visitor,
    /// The host that it was sent to.
    pub(super) host: String,
    token: Option<String>,
    method: Method,
}

/// A request of somebody who is signed in.
pub(super) struct Signed {
    /// The request.
    pub(super) asked: Asked,
    /// Who.
    pub(super) who: SignedIn,
}

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A path of the console that somebody may be led back to; anything else leads to its first page.
pub(super) fn back(path: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    let is_ours = path == "/console" || path.starts_with("/console/");
    if is_ours && path.len() <= BACK_LETTERS_MAX && path.chars().all(is_plain) { path } else { "/console" }
}

/// A browser in a few words: its name and its system.
fn browser(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

impl Signed {
    /// The same, with a page that says what was just done.
    pub(super) fn with_done(mut self, word: &str) -> Self {
        self.asked.frame = self.asked.frame.with_done(word);
        self
    }
}

impl Signed {
    /// Whoever sent what a page asks by itself: it does not count as use of their session.
    ///
    /// # Errors
    /// 401 where nobody is signed in, for the page's script to see.
    pub(super) async fn of_background(mut asked: Asked, console: &Console) -> Result<Self, Response> {
        let found = match &asked.token {
            Some(token) => console.access.known(token).await.map_err(|error| Failure(error).into_response())?,
            None => None,
        };
        let Some(who) = found else { return Err(StatusCode::UNAUTHORIZED.into_response()) };
        asked.frame.sign(&who);
        Ok(Self { asked, who })
    }

    /// The token that they came with.
    pub(super) fn token(&self) -> &str {
        self.asked.token.as_deref().unwrap_or_default()
    }
}

impl Asked {
    pub(super) fn of(parts: &Parts) -> Self {
        let headers = &parts.headers;
        let context = parts.extensions.get::<RequestContext>();
        let transport = context.map_or(Transport::Plain, |context| Transport::of(context, headers));
        let network = context.and_then(|context| context.client.address).map(crate::web::protection::network_of);
        let lang = Lang::of_code(cookie(headers, LANGUAGE_COOKIE).unwrap_or_default());
        let said = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            frame: Frame::new(lang, back(parts.uri.path()).to_owned()),
            transport,
            visitor: Visitor {
                network: network.as_ref().map_or_else(|| "?".to_owned(), IpAddr::to_string),
                browser: browser(headers),
            },
            host: said(header::HOST).unwrap_or_default().to_owned(),
            token: cookie(headers, transport.cookie_name()).map(str::to_owned),
            method: parts.method.clone(),
        }
    }

    /// The cookie that begins a session, or ends it where the token is empty.
    pub(super) fn session_cookie(&self, token: &str) -> HeaderValue {
        let ends = if token.is_empty() { "; Max-Age=0" } else { "" };
        let text = format!("{}={token}; {}{ends}", self.transport.cookie_name(), self.transport.cookie_attributes());
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The cookie that keeps a language.
    pub(super) fn language_cookie(&self, lang: Lang) -> HeaderValue {
        let text =
            format!("{LANGUAGE_COOKIE}={}; {}; Max-Age=31536000", lang.code(), self.transport.cookie_attributes());
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// Leads to the sign-in, and after it back to where somebody was.
    fn to_sign_in(&self) -> Response {
        let had_session = if self.token.is_some() { "&done=ended" } else { "" };
        let back = if self.method == Method::GET { self.frame.path.as_str() } else { "/console" };
        let address = format!("/console/sign-in?back={back}{had_session}");
        (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
    }
}

impl FromRequestParts<Console> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Console) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

impl FromRequestParts<Console> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Self::Rejection> {
        let mut asked = Asked::of(parts);
        let Some(token) = asked.token.clone() else { return Err(asked.to_sign_in()) };
        let found = console.access.resume(&token).await.map_err(|error| Failure(error).into_response())?;
        let Some(who) = found else { return Err(asked.to_sign_in()) };
        asked.frame.sign(&who);
        Ok(Self { asked, who })
    }
}

impl OptionalFromRequestParts<Console> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Option<Self>, Self::Rejection> {
        let mut asked = Asked::of(parts);
        let Some(token) = asked.token.clone() else { return Ok(None) };
        let found = console.access.resume(&token).await.map_err(|error| Failure(error).into_response())?;
        Ok(found.map(|who| {
            asked.frame.sign(&who);
            Self { asked, who }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `starts_with("/console")` alone, `/console.evil.example` leads away.
    #[test]
    fn nobody_is_led_away_from_the_console() {
        for path in ["/console", "/console/bogor", "/console/people/12"] {
            assert_eq!(back(path), path);
        }
        for path in
            ["//evil.example", "https://evil.example", "/console.evil.example", "/console/\\evil", "/console/?a=b", ""]
        {
            assert_eq!(back(path), "/console", "{path}");
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; antrean-session=xyz; b=antrean-session=q"));
        assert_eq!(cookie(&headers, "antrean-session"), Some("xyz"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
