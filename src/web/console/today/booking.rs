//! A booking with everything that belongs to it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::words::{self, standing};
use crate::access::{OfficeView, Said, SeenBooking, SeenMember, SeenPhoto};
use crate::domain::attendance::Attendance;
use crate::domain::booking::State as BookingState;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesDay};
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;
use crate::web::console::texts::today::{Texts, texts};

#[derive(Template)]
#[template(path = "console/today/booking.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    booking: &'a SeenBooking,
    date: String,
    asked: Option<String>,
    made: String,
    state: &'static str,
    until: Option<String>,
    /// Whether its reminder has to be answered, and was.
    attendance: Option<String>,
    members: Vec<Member<'a>>,
    /// What was said; `None` for somebody who may not read it.
    talk: Option<Vec<Line<'a>>>,
    has_photo: bool,
    /// Whether its key is missing.
    is_locked: bool,
    is_other_day: bool,
}

/// One of its people.
struct Member<'a> {
    seen: &'a SeenMember,
    born: Option<String>,
    word: &'static str,
    class: &'static str,
    steps: Vec<String>,
}

/// Something that was said.
struct Line<'a> {
    said: &'a Said,
    /// Its text, with what messengers show bold.
    parts: Vec<(bool, &'a str)>,
    when: String,
    /// Where it did not get through, why.
    remark: &'static str,
}

fn step(t: &Texts, office: &OfficeView, step: &crate::access::SeenStep) -> String {
    let counter = step.counter.map(|counter| format!(", {} {counter}", t.counter)).unwrap_or_default();
    format!("{} {}{counter} ({})", words::time(office.office(), step.at), words::action(t, step.action), step.by)
}

fn attendance(t: &Texts, office: &OfficeView, booking: &SeenBooking, attendance: Attendance) -> String {
    match attendance {
        Attendance::Announced => t.answer_announced.to_owned(),
        Attendance::Confirmed => t.answer_confirmed.to_owned(),
        Attendance::Asked { until } => {
            let is_released = booking.state == BookingState::Cancelled;
            let words = if is_released { t.answer_missed } else { t.answer_asked };
            let local = office.office().zone.local(until);
            format!("{words} {}", local.format("%d-%m-%Y %H.%M"))
        }
    }
}

fn member<'a>(frame: &Frame, t: &Texts, office: &OfficeView, seen: &'a SeenMember) -> Member<'a> {
    let (word, class) = seen.standing.map_or((t.no_place, "st-gone"), |at| standing(t, at));
    let steps = seen.steps.iter().map(|one| step(t, office, one)).collect();
    Member { seen, born: seen.person.born.map(|born| frame.plain_date(born)), word, class, steps }
}

fn line<'a>(frame: &Frame, t: &Texts, office: &OfficeView, said: &'a Said) -> Line<'a> {
    let local = office.office().zone.local(said.at);
    let remark = match said.state.as_deref() {
        None | Some("sent") => "",
        Some("held") => t.sent_held,
        Some("dead" | "expired") => t.sent_failed,
        Some(_) => t.sent_waiting,
    };
    let parts = if said.by_office { words::bold_parts(&said.text) } else { vec![(false, said.text.as_str())] };
    Line { said, parts, when: format!("{}, {}", frame.plain_date(local.date()), local.format("%H.%M")), remark }
}

/// Why somebody looks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct WhyForm {
    why: String,
}

#[derive(Template)]
#[template(path = "console/today/why.html")]
struct WhyPage<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    /// The address of the booking.
    path: String,
    why: &'a str,
    error: Option<&'static str>,
}

fn ask_why(frame: &Frame, office: &OfficeView, code: &str, said: Option<&str>) -> Response {
    let t = texts(frame.lang);
    let path = format!("/console/{}/booking/{code}", office.id());
    let page = WhyPage { frame, t, path, why: said.unwrap_or_default(), error: said.map(|_| t.unexplained) };
    show(frame, if said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// Takes why somebody opens a booking, at an office that asks, and leads to it.
pub(in crate::web::console) async fn say_why(
    InOffice { signed, office, .. }: InOffice<SeesDay>,
    Path((_, code)): Path<(String, String)>,
    Form(form): Form<WhyForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    Ok(match office.say_why(&code, &form.why).await? {
        None => missing(frame),
        Some(false) => ask_why(frame, &office, &code, Some(form.why.trim())),
        Some(true) => lead(&format!("/console/{}/booking/{code}", office.id())),
    })
}

/// The page. That it was opened is recorded. An office that asks why is told first.
pub(in crate::web::console) async fn booking(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesDay>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    if office.must_say_why(&code).await? {
        return Ok(ask_why(frame, &office, &code, None));
    }
    let Some(booking) = office.booking(&code, &signed.asked.visitor).await? else { return Ok(missing(frame)) };
    let t = texts(frame.lang);
    let made = office.office().zone.local(booking.created_at);
    let page = Page {
        frame,
        t,
        base: format!("/console/{}", office.id()),
        date: frame.date(booking.date),
        asked: booking.asked.map(|asked| frame.date(asked)),
        made: format!("{}, {}", frame.date(made.date()), made.format("%H.%M")),
        state: words::state(t, booking.state, booking.is_lapsed),
        attendance: booking.attendance.map(|one| attendance(t, &office, &booking, one)),
        until: booking.hold_until.map(|until| words::time(office.office(), until)),
        members: booking.members.iter().map(|one| member(frame, t, &office, one)).collect(),
        talk: booking.said.as_ref().map(|all| all.iter().map(|one| line(frame, t, &office, one)).collect()),
        has_photo: matches!(booking.photo, SeenPhoto::Here(_)),
        is_locked: matches!(booking.photo, SeenPhoto::Here(Some(key)) if !console.photos.has_key(key)),
        is_other_day: booking.photo == SeenPhoto::OtherDay,
        booking: &booking,
    };
    Ok(show(frame, StatusCode::OK, &page))
}
