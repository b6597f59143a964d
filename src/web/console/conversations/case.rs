//! A misread message as an example of the format that misreads it, with everybody in it masked. Whoever may change the format sees the
//! masked message beside the original, and then publishes it with the format's file as a version.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::rights::ReadsTalks;
use super::texts::{Texts, texts};
use crate::access::{OfficeView, text_mark};
use crate::domain::office::FormatId;
use crate::domain::staff::{Area, Level};
use crate::roster::FileProblem;
use crate::versions::{WHY_CHARS_MAX, format_text, put_format, with_example};
use crate::web::console::catalogue;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::messaging::CaseOfMessage;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::publishing::{NewFormat, Unpublished, publish_format};
use crate::web::console::state::Console;
use crate::web::console::visitor::Signed;

/// A message that becomes an example; with `do=publish`, of the part that was seen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct CaseForm {
    channel: String,
    message: String,
    #[serde(rename = "do")]
    wanted: String,
    why: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "console/conversations/case.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    channel: &'a str,
    message: &'a str,
    before: String,
    after: String,
    left: Vec<String>,
    example: Option<Example>,
    may_publish: bool,
    why: String,
    why_chars_max: usize,
    error: Option<&'static str>,
    problems: Vec<String>,
}

/// What would be added to a format's file.
struct Example {
    format: FormatId,
    part: String,
    /// Names it together with the file that it is added to.
    seen: String,
}

/// Why it was not published, and what is wrong with the office's files, where that is it.
type NotDone = (&'static str, Vec<String>);

/// A misread message as an example, masked, for whoever compares the two; publishes it where that was asked for.
pub(in crate::web::console) async fn case(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<ReadsTalks>,
    Form(form): Form<CaseForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let found = office.message_words(&form.channel, &form.message, &signed.asked.visitor).await?;
    let Some((before, at)) = found else { return Ok(missing(frame)) };
    let t = texts(frame.lang);
    let made = (console.messaging.make_case)(&office.formats(), office.office(), &before, office.office().date_at(at));
    let CaseOfMessage { text: after, left, example } = made;
    let Some((example, parent)) = with_file(&console, &office, example).await? else { return Ok(missing(frame)) };
    let may_publish = office.level(Area::Settings) >= Level::Write;
    let why = form.why.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut error, mut problems) = (None, Vec::new());
    if form.wanted == "publish" && may_publish {
        let wish = (example.as_ref().filter(|example| example.seen == form.seen), parent, why.as_str());
        match publish(&console, (&signed, &office), wish, t).await? {
            Ok(()) => {
                return Ok(lead(&format!("/console/{}/conversations/misread?done=case", office.id())));
            }
            Err((said, more)) => (error, problems) = (Some(said), more),
        }
    }
    let page = Page {
        frame,
        t,
        base: format!("/console/{}/conversations", office.id()),
        channel: &form.channel,
        message: &form.message,
        before,
        after,
        left: left.iter().map(|shape| catalogue::told(frame.lang, shape, "").what).collect(),
        example,
        may_publish,
        why,
        why_chars_max: WHY_CHARS_MAX,
        error,
        problems,
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

/// The example with the name of what it would change, and the version in force; `None` where no such office is in force.
async fn with_file(
    console: &Console,
    office: &OfficeView,
    example: Option<(FormatId, String)>,
) -> Result<Option<(Option<Example>, u32)>, Failure> {
    let Some(current) = (console.versions)().current(office.id()).await? else { return Ok(None) };
    let formats = office.formats();
    let example = example.and_then(|(id, part)| {
        let format = formats.iter().find(|format| *format.id() == id)?;
        let seen = text_mark(&format!("{part}\n{}", format_text(&current.files, format)));
        Some(Example { format: id, part, seen })
    });
    Ok(Some((example, current.version)))
}

/// Publishes an example that was seen.
async fn publish(
    console: &Console,
    (signed, office): (&Signed, &OfficeView),
    (example, parent, why): (Option<&Example>, u32, &str),
    t: &'static Texts,
) -> Result<Result<(), NotDone>, Failure> {
    let stale = || Ok(Err((t.case_stale, Vec::new())));
    let Some(Example { format: id, part, .. }) = example else { return stale() };
    let current = (console.versions)().current(office.id()).await?.filter(|current| current.version == parent);
    let Some(mut files) = current.map(|current| current.files) else { return stale() };
    let formats = office.formats();
    let Some(format) = formats.iter().find(|format| format.id() == id) else { return stale() };
    let Some(text) = with_example(format_text(&files, format), part) else {
        return Ok(Err((t.case_known, Vec::new())));
    };
    put_format(&mut files, id, text);
    let new = NewFormat { id, parent, files, why };
    Ok(publish_format(console, (signed, office), new).await?.map_err(|unpublished| match unpublished {
        Unpublished::Why => (t.case_why_wrong, Vec::new()),
        Unpublished::Same => (t.case_known, Vec::new()),
        Unpublished::Stale | Unpublished::Unknown => (t.case_stale, Vec::new()),
        Unpublished::Office(problems) => {
            let lang = signed.asked.frame.lang;
            let said = |FileProblem { what, remedy, .. }: FileProblem| catalogue::sentence(lang, &what, &remedy);
            (t.case_refused, problems.into_iter().map(said).collect())
        }
    }))
}
