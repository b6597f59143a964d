//! The versions of an office: who published each, what it changed, and how one comes back.

use askama::Template;
use axum::extract::{Form, Path, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::draft::{
    Head, Posted, Problem, SeesSettings, Sentence, WorksSettings, moment, posted, problems, sentences, why_of,
};
use super::texts::texts;
use crate::access::OfficeView;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::office_files::TextFile;
use crate::storage::{Origin, StoredVersion, VersionHead};
use crate::versions::{PublishError, WHY_CHARS_MAX, difference};
use crate::web::console::failure::Failure;
use crate::web::console::forms::Query;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// Versions on the page: the latest; `antrean office versions` lists all.
const LISTED_MAX: usize = 100;

#[derive(Template)]
#[template(path = "console/settings/versions.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    head: Head,
    rows: Vec<Row>,
}

/// A version in the list.
struct Row {
    version: u32,
    at: String,
    who: String,
    why: String,
    how: String,
}

#[derive(Template)]
#[template(path = "console/settings/version.html")]
struct OnePage<'a> {
    frame: &'a Frame,
    head: Head,
    row: Row,
    /// The version before it, with what it changed.
    before: Option<(u32, Vec<Sentence>)>,
    /// How it differs from what is in force; none of that one itself.
    now: Option<Vec<Sentence>>,
    files: Vec<TextFile>,
    problems: Vec<Problem>,
    why: String,
}

fn row(frame: &Frame, office: &OfficeView, head: &VersionHead) -> Row {
    let s = texts(frame.lang);
    let how = match (head.origin, head.came_from) {
        (Origin::File, _) => s.by_file.to_owned(),
        (Origin::Page, _) => s.by_page.to_owned(),
        (Origin::RollBack, from) => format!("{} {}", s.by_rollback, from.unwrap_or_default()),
    };
    let who = if head.actor.is_empty() { s.unknown_who.to_owned() } else { head.actor.clone() };
    Row { version: head.version, at: moment(office, head.at), who, why: head.why.clone(), how }
}

/// The versions, the latest first.
pub(in crate::web::console) async fn list(
    State(console): State<Console>,
    request: InOffice<SeesSettings>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let InOffice { signed, office, .. } = request;
    let frame = signed.asked.frame.with_done(&query.done);
    let heads = (console.versions)().list(office.id()).await?;
    let in_force = heads.first().map_or(0, |head| head.version);
    let rows = heads.iter().take(LISTED_MAX).map(|head| row(&frame, &office, head)).collect();
    let head = Head::of(&frame, &office, "versions", in_force);
    Ok(show(&frame, StatusCode::OK, &ListPage { frame: &frame, head, rows }))
}

/// One version.
pub(in crate::web::console) async fn one(
    State(console): State<Console>,
    request: InOffice<SeesSettings>,
    Path((_, id)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    shown(&console, (&request.signed.asked.frame, &request.office), id, (Vec::new(), String::new())).await
}

/// Brings one back.
pub(in crate::web::console) async fn restore(
    State(console): State<Console>,
    request: InOffice<WorksSettings>,
    Path((_, id)): Path<(String, u32)>,
    Form(form): Form<Posted>,
) -> Result<Response, Failure> {
    let (frame, office) = (&request.signed.asked.frame, &request.office);
    let parent = posted(&form, "parent").parse().unwrap_or_default();
    let (why, actor) = (why_of(&form), request.signed.who.login());
    let why = why.as_str();
    if why.is_empty() || why.chars().count() > WHY_CHARS_MAX {
        let said = problems(frame.lang, PublishError::Why, &|_| String::new())?;
        return shown(&console, (frame, office), id, (said, why.to_owned())).await;
    }
    let event = AuditEvent::of(Act::RollBack).about(Subject::office(office.id())).because(why);
    let version = Scope::Words(format!("version {id}"));
    office.record(event.reaching(version), &request.signed.asked.visitor).await?;
    match (console.versions)().roll_back(office.id(), (parent, id), (why, actor)).await {
        Ok(_) => {
            console.desk.refresh_offices().await?;
            Ok(lead(&format!("/console/{}/settings/versions?done=saved", office.id())))
        }
        Err(PublishError::Unknown) => Ok(missing(frame)),
        Err(error) => {
            let said = problems(frame.lang, error, &|_| String::new())?;
            shown(&console, (frame, office), id, (said, why.to_owned())).await
        }
    }
}

async fn shown(
    console: &Console,
    (frame, office): (&Frame, &OfficeView),
    number: u32,
    (problems, why): (Vec<Problem>, String),
) -> Result<Response, Failure> {
    let versions = (console.versions)();
    let Some(version) = versions.version(office.id(), number).await? else { return Ok(missing(frame)) };
    let heads = versions.list(office.id()).await?;
    let in_force = heads.first().map_or(number, |head| head.version);
    let earlier = heads.iter().find(|head| head.version < number).map(|head| head.version);
    let between = |one: &StoredVersion, other: &StoredVersion| {
        sentences(frame.lang, &difference((&one.file, &one.files), (&other.file, &other.files)))
    };
    let before = match earlier {
        Some(earlier) => versions.version(office.id(), earlier).await?,
        None => None,
    };
    let before = before.map(|before| (before.head.version, between(&before, &version)));
    let now = if in_force == number { None } else { versions.version(office.id(), in_force).await? };
    let page = OnePage {
        frame,
        head: Head::of(frame, office, "versions", in_force),
        row: row(frame, office, &version.head),
        now: now.map(|now| between(&version, &now)),
        before,
        files: version.files.all().cloned().collect(),
        problems,
        why,
    };
    let status = if page.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(show(frame, status, &page))
}
