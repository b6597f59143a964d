//! The page, its file, and its button.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::csv::written;
use super::texts::{Texts, texts};
use super::words;
use crate::access::{CheckedTrail, OfficeView};
use crate::domain::audit::Act;
use crate::domain::staff::{Area, Level};
use crate::storage::{AuditFilter, AuditRow};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Right};
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// Rows of a page.
const ROWS: u32 = 50;
/// Most rows of a file: more is what the filter is for.
const FILE_ROWS_MAX: u32 = 100_000;
/// Digits of a hash that are shown in a group.
const HASH_GROUP: usize = 8;

/// Sees the trail, maybe without whom it is about.
pub(in crate::web::console) struct SeesAudit;

impl Right for SeesAudit {
    const AREA: Area = Area::Audit;
    const LEVEL: Level = Level::Masked;
}

/// `?by=rina&act=view_photo&from=2026-11-01&to=2026-11-30&before=1042`; what is empty filters nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    by: String,
    act: String,
    from: String,
    to: String,
    before: String,
}

/// What was asked for, as far as it can be read.
struct Filter {
    login: String,
    act: Option<Act>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    before: Option<i64>,
    is_date_wrong: bool,
}

impl Filter {
    fn of(office: &OfficeView, asked: &Asked) -> Self {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<NaiveDate>().map(Some),
        };
        let (from, to) = (day(&asked.from), day(&asked.to));
        let is_date_wrong = from.is_err() || to.is_err();
        let midnight = |date: NaiveDate| office.office().zone.instant(date.and_time(NaiveTime::MIN));
        let to = to.ok().flatten().and_then(|date| date.succ_opt());
        Self {
            login: asked.by.trim().to_lowercase(),
            act: Act::read(&asked.act),
            since: from.ok().flatten().map(midnight),
            until: to.map(midnight),
            before: asked.before.parse().ok(),
            is_date_wrong,
        }
    }

    fn of_storage(&self, limit: u32) -> AuditFilter<'_> {
        AuditFilter {
            office: None,
            login: Some(self.login.as_str()).filter(|login| !login.is_empty()),
            act: self.act,
            since: self.since,
            until: self.until,
            before: self.before,
            limit,
        }
    }

    /// What was asked for as part of an address, without the page.
    fn query(asked: &Asked) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("by", &asked.by), ("act", &asked.act), ("from", &asked.from), ("to", &asked.to)] {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        query.finish()
    }
}

#[derive(Template)]
#[template(path = "console/audit/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    path: String,
    asked: &'a Asked,
    acts: Vec<Choice>,
    error: Option<&'static str>,
    check: Check,
    rows: Vec<Row>,
    /// The address of the next page.
    older: Option<String>,
    /// The address of the first page, on another one.
    newest: Option<String>,
    file: String,
}

/// An act to choose.
struct Choice {
    name: &'static str,
    words: &'static str,
    is_chosen: bool,
}

/// What the last verification found.
struct Check {
    fault: Option<String>,
    rows: i64,
    at: String,
    /// The number and hash of the last row, in groups that can be compared.
    head: String,
}

/// An entry.
struct Row {
    id: i64,
    at: String,
    login: String,
    network: String,
    what: String,
    about: String,
    /// The address of the booking that it was about, for somebody who may open it.
    link: Option<String>,
    why: String,
}

fn check(office: &OfficeView, checked: &CheckedTrail) -> Check {
    let head = &checked.found.head;
    let groups: Vec<&str> =
        head.hash.as_bytes().chunks(HASH_GROUP).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    Check {
        fault: checked.found.fault.clone(),
        rows: head.number,
        at: moment(office, checked.at),
        head: format!("{}: {}", head.number, groups.join(" ")),
    }
}

fn moment(office: &OfficeView, at: DateTime<Utc>) -> String {
    office.office().zone.local(at).format("%d-%m-%Y %H.%M.%S").to_string()
}

fn row(frame: &Frame, t: &Texts, office: &OfficeView, row: &AuditRow) -> Row {
    let may_open = office.level(Area::Day) >= Level::Masked;
    let link = row.code.as_ref().filter(|_| may_open).map(|code| format!("/console/{}/booking/{code}", office.id()));
    Row {
        id: row.id,
        at: moment(office, row.at),
        login: row.login.clone(),
        network: row.network.clone(),
        what: words::act_of(frame.lang, row),
        about: words::about(frame, t, row),
        link,
        why: row.why.clone(),
    }
}

/// The page.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesAudit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let t = texts(frame.lang);
    let filter = Filter::of(&office, &asked);
    // One more than is shown tells whether there are others.
    let found = office.trail(filter.of_storage(ROWS + 1), &signed.asked.visitor).await?;
    let Some(mut found) = found else { return Ok(missing(frame)) };
    let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let has_more = found.len() > shown;
    found.truncate(shown);
    let path = format!("/console/{}/audit", office.id());
    let query = Filter::query(&asked);
    let address = |more: Option<i64>| {
        let before = more.map(|before| format!("before={before}"));
        let parts: Vec<&str> = [query.as_str(), before.as_deref().unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() { path.clone() } else { format!("{path}?{}", parts.join("&")) }
    };
    let choice = |act: &Act| Choice {
        name: act.name(),
        words: words::act(frame.lang, *act),
        is_chosen: filter.act == Some(*act),
    };
    let page = Page {
        frame,
        t,
        acts: Act::ALL.iter().map(choice).collect(),
        error: filter.is_date_wrong.then_some(t.wrong_date),
        check: check(&office, &console.access.checked_trail(false).await?),
        older: found.last().filter(|_| has_more).map(|last| address(Some(last.id))),
        newest: filter.before.map(|_| address(None)),
        file: if query.is_empty() { format!("{path}/csv") } else { format!("{path}/csv?{query}") },
        rows: found.iter().map(|one| row(frame, t, &office, one)).collect(),
        path,
        asked: &asked,
    };
    let status = if page.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

/// The same as a file. That it was taken is recorded.
pub(in crate::web::console) async fn export(
    InOffice { signed, office, .. }: InOffice<SeesAudit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let filter = Filter::of(&office, &asked);
    let found = office.export_trail(filter.of_storage(FILE_ROWS_MAX), &signed.asked.visitor).await?;
    let Some(file) = found.and_then(|rows| written(&rows)) else { return Ok(missing(&signed.asked.frame)) };
    let name = format!("attachment; filename=\"audit-{}.csv\"", office.id());
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"))),
    ];
    Ok((headers, file).into_response())
}

/// Verifies the whole trail now.
pub(in crate::web::console) async fn verify(
    State(console): State<Console>,
    InOffice { office, .. }: InOffice<SeesAudit>,
) -> Result<Response, Failure> {
    console.access.checked_trail(true).await?;
    Ok(lead(&format!("/console/{}/audit", office.id())))
}
