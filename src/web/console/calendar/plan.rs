//! What a change means, before it is made: everybody whom it concerns, one choice for each or for all, and every message with its cost.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::people::Seen;
use super::texts::{Texts, texts};
use super::wish::Filled;
use super::{month, words};
use crate::access::OfficeView;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::booking::State as BookingState;
use crate::domain::displaced::Remedy;
use crate::front_desk::{Affected, CalendarAction, CalendarMade, CalendarPlan, OfficeCalendar};
use crate::web::console::desk;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, WorksCalendar};
use crate::web::console::page::{Frame, lead, show};
use crate::web::console::state::Console;

#[derive(Template)]
#[template(path = "console/calendar/plan.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    filled: &'a Filled,
    what: &'static str,
    /// Each date with the hours that it has afterwards.
    dates: Vec<(String, String)>,
    rows: Vec<Row>,
    options: [(&'static str, &'static str); 4],
    all: &'static str,
    corrected: Vec<(Seen, String)>,
    messages: usize,
    cost: String,
    revision: u32,
    nonce: String,
    error: Option<&'static str>,
}

/// Somebody whom the change displaces.
struct Row {
    seen: Seen,
    when: String,
    told: String,
    reach: String,
    chosen: &'static str,
    becomes: String,
    note: Option<&'static str>,
    message: Option<String>,
}

fn options(t: &'static Texts) -> [(&'static str, &'static str); 4] {
    [("move", t.move_them), ("tell", t.tell), ("cancel", t.cancel), ("keep", t.keep)]
}

/// What a change would mean.
pub(in crate::web::console) async fn preview(
    State(console): State<Console>,
    place: InOffice<WorksCalendar>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    planned((&console, &place), Filled::of(fields), None).await
}

/// Makes it.
pub(in crate::web::console) async fn make(
    State(console): State<Console>,
    place: InOffice<WorksCalendar>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (calendar, filled) = (place.calendar(&console)?, Filled::of(fields));
    let (frame, office) = (&place.signed.asked.frame, &place.office);
    let t = texts(frame.lang);
    let wish = match filled.wish(t) {
        Ok(wish) => wish,
        Err(error) => return month::shown((frame, office, &calendar), (false, None), (filled, Some(error))).await,
    };
    let (revision, remedies) = (filled.revision.parse().ok(), filled.to_save());
    // Written down before it is done: what is not written down is not done.
    let reached = match wish.action {
        CalendarAction::TakeBack(id) => Scope::Words(format!("change {id}")),
        _ => Scope::Days(wish.from, wish.until),
    };
    let event = AuditEvent::of(Act::ChangeCalendar).about(Subject::office(office.id())).reaching(reached);
    let event = event.because(&wish.reason);
    office.record(event, &place.signed.asked.visitor).await?;
    match calendar.make(&wish, &remedies, (revision, filled.press())).await? {
        Ok(CalendarMade::Made(id)) => Ok(lead(&format!("/console/{}/calendar/changes/{id}", office.id()))),
        Ok(CalendarMade::Undecided(_)) => planned((&console, &place), filled, Some(t.refused_undecided)).await,
        Err(refused) => planned((&console, &place), filled, Some(words::refused(t, refused))).await,
    }
}

/// The page of a plan; where there is none, the calendar with the reason.
pub(super) async fn planned(
    (console, place): (&Console, &InOffice<WorksCalendar>),
    filled: Filled,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let calendar = place.calendar(console)?;
    let (frame, office) = (&place.signed.asked.frame, &place.office);
    let t = texts(frame.lang);
    let refused = |filled: Filled, why: &'static str| {
        let at = filled.from.parse().ok();
        let of = (frame, office, &calendar);
        async move { month::shown(of, (false, at), (filled, Some(why))).await }
    };
    let wish = match filled.wish(t) {
        Ok(wish) => wish,
        Err(why) => return refused(filled, why).await,
    };
    let plan = match calendar.plan(&wish, &filled.to_look()).await? {
        Ok(plan) => plan,
        Err(why) => return refused(filled, error.unwrap_or(words::refused(t, why))).await,
    };
    let bookings =
        plan.affected.iter().map(|one| one.booking.id).chain(plan.corrected.iter().map(|one| one.booking.id));
    let seen = Scope::Bookings(bookings.collect());
    office.record_list(AuditEvent::of(Act::ViewList).reaching(seen), &place.signed.asked.visitor).await?;
    let page = page((frame, office, &calendar), &plan, (&filled, error));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

fn page<'a>(
    (frame, office, calendar): (&'a Frame, &OfficeView, &OfficeCalendar),
    plan: &CalendarPlan,
    (filled, error): (&'a Filled, Option<&'static str>),
) -> Page<'a> {
    let t = texts(frame.lang);
    let hours = |date| {
        let hours = plan.hours_after(calendar.holidays(), date);
        let hour = |(hour, seats): &(u8, u32)| format!("{hour:02}.00 ({seats})");
        if hours.is_empty() { t.closed.to_owned() } else { hours.iter().map(hour).collect::<Vec<_>>().join(", ") }
    };
    let mut costs: Vec<String> = plan.costs.iter().map(|cost| format!("{} {}", cost.currency, cost.amount)).collect();
    if plan.unpriced > 0 {
        costs.push(format!("{} {}", plan.unpriced, t.cost_unknown));
    }
    let messages = plan.affected.iter().filter(|one| one.message.is_some()).count() + plan.corrected.len();
    Page {
        frame,
        t,
        base: format!("/console/{}/calendar", office.id()),
        filled,
        what: match filled.action.as_str() {
            "open" => t.open,
            "seats" => t.capacity,
            "back" => t.take_back,
            _ => t.close,
        },
        dates: plan.dates().into_iter().map(|date| (frame.date(date), hours(date))).collect(),
        rows: plan.affected.iter().map(|one| row(t, (frame, office), filled, one)).collect(),
        options: options(t),
        all: filled.all().name(),
        corrected: plan.corrected.iter().map(|one| (Seen::of(office, &one.booking), one.message.clone())).collect(),
        messages,
        cost: if costs.is_empty() { t.cost_none.to_owned() } else { costs.join(", ") },
        revision: plan.revision(),
        nonce: if filled.nonce.is_empty() { desk::mark() } else { filled.nonce.clone() },
        error,
    }
}

fn row(t: &'static Texts, (frame, office): (&Frame, &OfficeView), filled: &Filled, one: &Affected) -> Row {
    let slot = one.booking.slot;
    let told = one.told.map_or_else(String::new, |told| {
        format!("{} {}", words::delivery(t, told.delivery), words::moment(office.office(), told.at))
    });
    Row {
        seen: Seen::of(office, &one.booking),
        when: format!("{} {:02}.00", frame.plain_date(slot.date), slot.hour),
        told,
        reach: words::reach(t, office.office(), one),
        chosen: filled.chosen(&one.booking.code).map_or("", Remedy::name),
        becomes: becomes(t, frame, one),
        note: one.has_priority.then_some(t.priority),
        message: one.message.clone(),
    }
}

fn becomes(t: &'static Texts, frame: &Frame, one: &Affected) -> String {
    let word = match one.remedy {
        _ if one.is_here => t.is_here,
        None | Some(Remedy::Keep) => t.is_kept,
        Some(_) if one.booking.state == BookingState::Held => t.hold_ends,
        Some(Remedy::Tell) => t.is_told,
        Some(Remedy::Cancel) => t.is_cancelled,
        Some(Remedy::Move) => match one.to {
            Some(to) => return format!("{} {} {:02}.00", t.moves_to, frame.date(to.date), to.hour),
            None => t.no_room,
        },
    };
    word.to_owned()
}
