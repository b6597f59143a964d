//! The office's files as text.

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::response::Response;
use serde::Deserialize;

use super::draft::{Draft, Head, Outcome, Posted, SeesSettings, Wish, WorksSettings, posted, settle};
use crate::access::OfficeView;
use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::roster::FileProblem;
use crate::storage::StoredOffice;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// The id of the field of the text.
const TEXT: &str = "text";

/// `?file=…&done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Query {
    /// The place of the file among those that can be changed.
    file: usize,
    done: String,
}

#[derive(Template)]
#[template(path = "console/settings/text.html")]
struct Page<'a> {
    frame: &'a Frame,
    head: Head,
    /// The files, and whether each is the one that is shown.
    names: Vec<(String, bool)>,
    name: String,
    text: String,
    draft: Draft,
}

/// The files that can be changed here: those that an office extends belong to others too.
fn editable(files: &mut OfficeFiles) -> impl Iterator<Item = &mut TextFile> {
    std::iter::once(&mut files.office).chain(&mut files.formats).chain(&mut files.calendars)
}

/// The file of that name, else the office file.
fn named(files: &mut OfficeFiles, name: &str) -> TextFile {
    let office = files.office.clone();
    editable(files).find(|file| file.name == name).map_or(office, |file| file.clone())
}

/// One of the files.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    request: InOffice<SeesSettings>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let InOffice { signed, office, .. } = request;
    let frame = signed.asked.frame.with_done(&query.done);
    let Some(mut current) = (console.versions)().current(office.id()).await? else { return Ok(missing(&frame)) };
    let office_file = current.files.office.clone();
    let file = editable(&mut current.files).nth(query.file).map_or(office_file, |file| file.clone());
    Ok(shown(&frame, (&office, &mut current), file, Draft::default()))
}

/// Checks or publishes the text of one of the files.
pub(in crate::web::console) async fn change(
    State(console): State<Console>,
    request: InOffice<WorksSettings>,
    Form(form): Form<Posted>,
) -> Result<Response, Failure> {
    let (frame, office) = (&request.signed.asked.frame, &request.office);
    let Some(mut current) = (console.versions)().current(office.id()).await? else { return Ok(missing(frame)) };
    let parent = posted(&form, "parent").parse().unwrap_or(current.version);
    let name = named(&mut current.files, posted(&form, "file")).name;
    // Browsers send the line ends of a form, not those of the file.
    let text = posted(&form, TEXT).replace("\r\n", "\n");
    let mut files = current.files.clone();
    if let Some(file) = editable(&mut files).find(|file| file.name == name) {
        let has_carriage_returns = file.text.contains("\r\n");
        file.text = if has_carriage_returns { text.replace('\n', "\r\n") } else { text.clone() };
    }
    let place = |problem: &FileProblem| if problem.file == name { TEXT.to_owned() } else { String::new() };
    let wish = Wish { current: &current, parent, files, form: &form, is_joined: false, place: &place };
    match settle(&console, &request, wish).await? {
        Outcome::Published => Ok(lead(&format!("/console/{}/settings/text?done=saved", office.id()))),
        Outcome::Shown(draft) => Ok(shown(frame, (office, &mut current), TextFile { name: name.clone(), text }, draft)),
    }
}

fn shown(frame: &Frame, (office, current): (&OfficeView, &mut StoredOffice), file: TextFile, draft: Draft) -> Response {
    let head = Head::of(frame, office, "text", current.version);
    let names = editable(&mut current.files).map(|other| (other.name.clone(), other.name == file.name)).collect();
    let TextFile { name, text } = file;
    let status = draft.status();
    show(frame, status, &Page { frame, head, names, name, text, draft })
}
