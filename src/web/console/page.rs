//! The frame of every page, its templates' common words, and the headers that it is sent with.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike, NaiveDate};
use rand::TryRng;
use rand::rngs::SysRng;

use super::areas::{self, Inside};
use super::texts::{Texts, texts};
use crate::access::{OfficeView, SignedIn};
use crate::conversation::Lang;
use crate::domain::staff::{Level, Role};

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS_ID: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Bytes of a page's nonce: 128 bits.
const NONCE_BYTES: usize = 16;

/// What every page shows around its content.
pub(super) struct Frame {
    /// The language.
    pub(super) lang: Lang,
    /// Its sentences.
    pub(super) t: &'static Texts,
    /// The address of this page, to come back to.
    pub(super) path: String,
    /// The name of whoever is signed in.
    pub(super) name: Option<String>,
    /// Whether they may see the staff.
    pub(super) sees_people: bool,
    /// In how many seconds their session ends.
    pub(super) ends_in: i64,
    /// What was just done.
    pub(super) done: Option<&'static str>,
    /// Whether that was not what they wanted.
    pub(super) is_note: bool,
    /// Whether the page's script may compile WebAssembly: the reader of the camera's pictures does.
    pub(super) runs_wasm: bool,
    /// Marks the scripts that are ours.
    pub(super) nonce: String,
    /// The office that this page is about, with its navigation.
    pub(super) inside: Option<Inside>,
}

impl Frame {
    /// The frame of a page for somebody who is not known yet.
    pub(super) fn new(lang: Lang, path: String) -> Self {
        let mut bytes = [0; NONCE_BYTES];
        // Without random numbers no script runs, and the page works without.
        let nonce = SysRng.try_fill_bytes(&mut bytes).map(|()| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        Self {
            lang,
            t: texts(lang),
            path,
            name: None,
            sees_people: false,
            ends_in: 0,
            done: None,
            is_note: false,
            runs_wasm: false,
            nonce,
            inside: None,
        }
    }

    /// The frame of a page about an office.
    pub(super) fn enter(&mut self, office: &OfficeView) {
        self.inside = Some(areas::inside(self.t, &self.path, office));
    }

    /// The frame for somebody who is signed in.
    pub(super) fn sign(&mut self, who: &SignedIn) {
        self.name = Some(who.name().to_owned());
        self.sees_people = who.may_manage(Level::Read);
        self.ends_in = who.ends_in_seconds();
    }

    /// Notes what was just done, by the word in the address.
    pub(super) fn with_done(mut self, word: &str) -> Self {
        let t = self.t;
        self.is_note = word == "ended";
        self.done = match word {
            "password" => Some(t.done_password),
            "session" => Some(t.done_session),
            "out" => Some(t.done_sign_out),
            "confirmed" => Some(t.done_confirmed),
            "saved" => Some(t.done_saved),
            "ended" => Some(t.ended),
            _ => None,
        };
        self
    }

    /// The ISO 639-1 code of the language.
    pub(super) fn code(&self) -> &'static str {
        self.lang.code()
    }

    /// The code of the other language.
    pub(super) fn other_code(&self) -> &'static str {
        match self.lang {
            Lang::Id => Lang::En.code(),
            Lang::En => Lang::Id.code(),
        }
    }

    /// Whether this page is at, or below, an address.
    pub(super) fn is_at(&self, path: &str) -> bool {
        areas::is_at(&self.path, path)
    }

    /// Whether this page is one of an office's.
    pub(super) fn is_in_office(&self) -> bool {
        let first = self.path.strip_prefix("/console/").and_then(|rest| rest.split('/').next());
        first.is_some_and(|first| {
            !matches!(first, "" | "offices" | "people" | "account" | "confirm" | "link" | "sign-in")
        })
    }

    /// A role in the language.
    pub(super) fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Officer => self.t.role_officer,
            Role::Supervisor => self.t.role_supervisor,
            Role::Auditor => self.t.role_auditor,
            Role::Administrator => self.t.role_administrator,
        }
    }

    /// A day in words, with the month.
    pub(super) fn date(&self, date: NaiveDate) -> String {
        let weekdays = match self.lang {
            Lang::Id => WEEKDAYS_ID,
            Lang::En => WEEKDAYS_EN,
        };
        let weekday = weekdays
            .get(date.weekday().num_days_from_monday().try_into().unwrap_or(0_usize))
            .copied()
            .unwrap_or_default();
        format!("{weekday}, {}", self.plain_date(date))
    }

    /// The same without the day of the week.
    pub(super) fn plain_date(&self, date: NaiveDate) -> String {
        let at = |names: [&'static str; 12], number: u32| {
            names.get(usize::try_from(number).unwrap_or_default()).copied().unwrap_or_default()
        };
        let months = match self.lang {
            Lang::Id => MONTHS_ID,
            Lang::En => MONTHS_EN,
        };
        format!("{} {} {}", date.day(), at(months, date.month0()), date.year())
    }

    /// A month in words, with its year.
    pub(super) fn month(&self, date: NaiveDate) -> String {
        let whole = self.plain_date(date);
        whole.split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned())
    }

    fn policy(&self) -> String {
        let scripts = if self.nonce.is_empty() { "'none'".to_owned() } else { format!("'nonce-{}'", self.nonce) };
        let wasm = if self.runs_wasm && !self.nonce.is_empty() { " 'wasm-unsafe-eval'" } else { "" };
        format!(
            "default-src 'none'; script-src {scripts}{wasm}; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
             trusted-types htmx"
        )
    }
}

/// Sends a page.
pub(super) fn show(frame: &Frame, status: StatusCode, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a template could not be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let policy = HeaderValue::from_str(&frame.policy()).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, html).into_response()
}

/// A page of one sentence.
#[derive(Template)]
#[template(path = "console/message.html")]
struct Message<'a> {
    frame: &'a Frame,
    title: &'a str,
    text: &'a str,
    remedy: &'a str,
}

/// A page that says one thing, and what to do.
pub(super) fn message(frame: &Frame, status: StatusCode, title: &str, text: &str, remedy: &str) -> Response {
    show(frame, status, &Message { frame, title, text, remedy })
}

/// The page for what is not there, or not for whoever asks.
pub(super) fn missing(frame: &Frame) -> Response {
    message(frame, StatusCode::NOT_FOUND, frame.t.missing_title, frame.t.missing, "")
}

/// Leads to another page with GET.
pub(super) fn lead(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}
