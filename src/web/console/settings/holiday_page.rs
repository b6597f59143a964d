//! The holidays of a year: as lines, or read from a file in which others publish them.

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::draft::{Draft, Head, Outcome, Posted, Problem, SeesSettings, Wish, WorksSettings, posted, settle};
use super::holidays;
use crate::access::OfficeView;
use crate::roster::{FileProblem, OwnFiles};
use crate::storage::StoredOffice;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::InOffice;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// The id of the field of the days.
const DAYS: &str = "days";
/// Years that can be chosen before and after this one.
const YEARS_AROUND: i32 = 2;

/// `?year=…&done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Query {
    year: Option<i32>,
    done: String,
}

#[derive(Template)]
#[template(path = "console/settings/holidays.html")]
struct Page<'a> {
    frame: &'a Frame,
    head: Head,
    /// The years, and whether each is the one that is shown.
    years: Vec<(i32, bool)>,
    year: i32,
    is_known: bool,
    is_own: bool,
    days: String,
    rows: usize,
    /// What was pasted to be read.
    pasted: String,
    /// How many days were read from it.
    read: Option<usize>,
    draft: Draft,
}

/// What a page of a year shows.
struct Shown {
    year: i32,
    days: String,
    pasted: String,
    read: Option<usize>,
    draft: Draft,
}

/// The holidays of a year.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    request: InOffice<SeesSettings>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let InOffice { signed, office, .. } = request;
    let frame = signed.asked.frame.with_done(&query.done);
    let Some(current) = (console.versions)().current(office.id()).await? else { return Ok(missing(&frame)) };
    let year = query.year.filter(|year| years(&office).contains(year)).unwrap_or(this_year(&office));
    let calendar = console.desk.roster();
    let days = holidays::lines(&holidays::of(calendar.calendar_of(office.id()), year));
    let shown = Shown { year, days, pasted: String::new(), read: None, draft: Draft::default() };
    Ok(show_year(&console, (&frame, &office), &current, shown))
}

/// Reads a pasted file, or checks or publishes the days.
pub(in crate::web::console) async fn change(
    State(console): State<Console>,
    request: InOffice<WorksSettings>,
    Form(form): Form<Posted>,
) -> Result<Response, Failure> {
    let (frame, office) = (&request.signed.asked.frame, &request.office);
    let Some(current) = (console.versions)().current(office.id()).await? else { return Ok(missing(frame)) };
    let year = posted(&form, "year").parse().ok().filter(|year| years(office).contains(year));
    let year = year.unwrap_or(this_year(office));
    let days = posted(&form, DAYS).to_owned();
    let shown = |draft: Draft| Shown { year, days: days.clone(), pasted: String::new(), read: None, draft };
    if posted(&form, "do") == "import" {
        let pasted = posted(&form, "pasted").to_owned();
        let read = holidays::import(&pasted, year);
        let problem = Problem {
            field: "pasted".to_owned(),
            what: Head::of(frame, office, "", 0).s.import_none.to_owned(),
            remedy: String::new(),
        };
        let shown = if read.is_empty() {
            Shown { pasted, ..shown(Draft { problems: vec![problem], ..Draft::default() }) }
        } else {
            Shown { days: holidays::lines(&read), read: Some(read.len()), ..shown(Draft::default()) }
        };
        return Ok(show_year(&console, (frame, office), &current, shown));
    }
    let wanted = match holidays::read_lines(&days, year) {
        Ok(wanted) => wanted,
        Err(lines) => {
            let s = Head::of(frame, office, "", 0).s;
            let problem = |line: String| Problem {
                field: DAYS.to_owned(),
                what: format!("{}: {line}", s.bad_line),
                remedy: s.list_hint.to_owned(),
            };
            let problems = lines.into_iter().map(problem).collect();
            let draft = Draft { is_checked: true, problems, ..Draft::default() };
            return Ok(show_year(&console, (frame, office), &current, shown(draft)));
        }
    };
    let mut files = current.files.clone();
    let roster = console.desk.roster();
    // What is as for all offices is no change.
    let is_shared = holidays::of(roster.calendar_of(office.id()), year) == wanted;
    if !is_shared && let Err(error) = holidays::write(&mut files, year, &wanted) {
        let problem = Problem { field: DAYS.to_owned(), what: error.to_string(), remedy: String::new() };
        let draft = Draft { is_checked: true, problems: vec![problem], ..Draft::default() };
        return Ok(show_year(&console, (frame, office), &current, shown(draft)));
    }
    let parent = posted(&form, "parent").parse().unwrap_or(current.version);
    let place = |problem: &FileProblem| {
        if problem.file.ends_with(&format!("{year}.toml")) { DAYS.to_owned() } else { String::new() }
    };
    let wish = Wish { current: &current, parent, files, form: &form, is_joined: false, place: &place };
    match settle(&console, &request, wish).await? {
        Outcome::Published => Ok(lead(&format!("/console/{}/settings/holidays?year={year}&done=saved", office.id()))),
        Outcome::Shown(draft) => Ok(show_year(&console, (frame, office), &current, shown(draft))),
    }
}

fn this_year(office: &OfficeView) -> i32 {
    office.office().date_at(office.now()).year()
}

fn years(office: &OfficeView) -> std::ops::RangeInclusive<i32> {
    let this = this_year(office);
    this - YEARS_AROUND..=this + YEARS_AROUND
}

fn show_year(
    console: &Console,
    (frame, office): (&Frame, &OfficeView),
    current: &StoredOffice,
    shown: Shown,
) -> Response {
    let Shown { year, days, pasted, read, draft } = shown;
    let roster = console.desk.roster();
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let own = OwnFiles::read(&current.files).unwrap_or_default();
    let is_own = own.holidays().any(|(date, _)| date.year() == year);
    let page = Page {
        frame,
        head: Head::of(frame, office, "holidays", current.version),
        years: years(office).map(|other| (other, other == year)).collect(),
        year,
        is_known: roster.calendar_of(office.id()).knows(first),
        is_own,
        rows: days.lines().count().saturating_add(3).clamp(6, 40),
        days,
        pasted,
        read,
        draft,
    };
    let status = page.draft.status();
    show(frame, status, &page)
}
