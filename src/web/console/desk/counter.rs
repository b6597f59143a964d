//! Calling from a counter: who is next, and what becomes of somebody who was called.

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::failure::Failure;
use super::super::in_office::{InOffice, SeesDay, Watching, WorksDay};
use super::super::page::{Frame, lead, show};
use super::super::state::Console;
use super::super::visitor::Signed;
use super::forms::{ActForm, DeskQuery};
use super::opened::{Opened, Works};
use super::press::{mark, named, press};
use super::rows::{Result as Pressed, Row, result, row};
use super::texts::Texts;
use super::words::{Said, Words};
use crate::access::OfficeView;
use crate::domain::visit::{
    CALL_AGAIN_SECONDS, CALLS_BEFORE_MISSED, COUNTERS_MAX, RECALLS_MAX, State as VisitState, read_number,
};
use crate::front_desk::{Closing, Done, FrontDesk, Press, Refusal, Standing, Waiting, Which};

#[derive(Template)]
#[template(path = "console/desk/counter.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    office: &'a OfficeView,
    /// The address of the page.
    path: String,
    today: String,
    acts: bool,
    mark: String,
    problem: Option<Said>,
    result: Option<Pressed>,
    here: Option<Here>,
    lists: Lists<'a>,
}

/// Who waits, who was set aside, which counters are open: what changes while nobody presses anything.
#[derive(Template)]
#[template(path = "console/desk/lists.html")]
struct Lists<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    path: String,
    decides: bool,
    mark: String,
    /// The counter of whoever looks.
    counter: Option<u32>,
    /// Open counters of others.
    others: Vec<Shift>,
    next: Vec<Row>,
    later: Vec<Row>,
    aside: Vec<Row>,
}

/// The counter that somebody works at.
struct Here {
    counter: u32,
    at: Option<AtCounter>,
}

/// Who is called or served there.
struct AtCounter {
    row: Row,
    is_called: bool,
    calls: u32,
    /// When they were called last, or came.
    since: String,
    /// From when on they may be called again, where that is not yet.
    again_from: Option<(String, i64)>,
    may_recall: bool,
    may_miss: bool,
}

/// An open counter.
struct Shift {
    counter: u32,
    by: String,
    since: String,
    /// Who is called or served there.
    number: Option<String>,
}

/// A request to this page.
struct Asked<'a> {
    opened: &'a Opened,
    words: Words<'a>,
    /// What the record calls whoever asks.
    login: &'a str,
}

impl<'a> Asked<'a> {
    fn of(opened: &'a Opened, signed: &'a Signed) -> Self {
        let words = Words::new(&signed.asked.frame, opened.office.office().zone, opened.office.now());
        Self { opened, words, login: signed.who.login() }
    }

    fn path(&self) -> String {
        format!("/console/{}/counter", self.opened.office.id().as_str())
    }

    /// The address with what a press did.
    fn after(&self, counter: Option<u32>, press: &Press) -> String {
        let at = counter.map(|counter| format!("at={counter}"));
        let press = press.nonce.as_ref().map(|nonce| format!("press={nonce}"));
        let query: Vec<String> = at.into_iter().chain(press).collect();
        if query.is_empty() { self.path() } else { format!("{}?{}", self.path(), query.join("&")) }
    }

    async fn show(
        &self,
        status: StatusCode,
        at: Option<u32>,
        (problem, result): (Option<Said>, Option<Pressed>),
    ) -> Result<Response, Failure> {
        let (opened, words) = (self.opened, &self.words);
        let waiting = opened.waiting().await?;
        let lists = self.lists(at, &waiting);
        let page = Page {
            frame: words.frame,
            t: words.t,
            office: &opened.office,
            path: self.path(),
            today: words.today(),
            acts: opened.acts(),
            mark: mark(),
            problem,
            result,
            here: lists.counter.map(|counter| self.here(counter, &waiting)),
            lists,
        };
        Ok(show(words.frame, status, &page))
    }

    /// The lists, and of the counters that whoever asks has open the one that is meant.
    fn lists(&self, at: Option<u32>, waiting: &Waiting) -> Lists<'a> {
        let (opened, words) = (self.opened, &self.words);
        let is_own = |by: &str| by == self.login && opened.acts();
        let own: Vec<u32> =
            waiting.counters.iter().filter(|shift| is_own(&shift.actor)).map(|shift| shift.counter).collect();
        let counter = at.filter(|at| own.contains(at)).or_else(|| own.first().copied());
        let rows = |all: &[Standing]| all.iter().map(|one| row(opened, words, one)).collect();
        Lists {
            frame: words.frame,
            t: words.t,
            path: self.path(),
            decides: opened.decides(),
            mark: mark(),
            counter,
            others: self.others(counter, waiting),
            next: rows(&waiting.next),
            later: rows(&waiting.later),
            aside: rows(&waiting.aside),
        }
    }

    fn here(&self, counter: u32, waiting: &Waiting) -> Here {
        let at = waiting.at_counters.iter().find(|one| one.visit.counter == Some(counter));
        Here { counter, at: at.map(|standing| self.at_counter(standing)) }
    }

    fn at_counter(&self, standing: &Standing) -> AtCounter {
        let visit = &standing.visit;
        let is_called = visit.state == VisitState::Called;
        let since = if is_called { visit.called_at } else { visit.served_at };
        let waited = visit.called_at.map_or(i64::MAX, |at| (self.opened.office.now() - at).num_seconds());
        let wait = CALL_AGAIN_SECONDS.saturating_sub(waited);
        let from = visit.called_at.map(|at| at + chrono::TimeDelta::seconds(CALL_AGAIN_SECONDS));
        let is_waiting = is_called && (1..=CALL_AGAIN_SECONDS).contains(&wait);
        AtCounter {
            row: row(self.opened, &self.words, standing),
            is_called,
            calls: visit.calls,
            since: since.map(|at| self.words.second(at)).unwrap_or_default(),
            again_from: from.filter(|_| is_waiting).map(|from| (self.words.second(from), wait)),
            may_recall: is_called && visit.calls <= RECALLS_MAX,
            may_miss: is_called && visit.calls >= CALLS_BEFORE_MISSED,
        }
    }

    fn others(&self, own: Option<u32>, waiting: &Waiting) -> Vec<Shift> {
        let number = |counter: u32| {
            let at = waiting.at_counters.iter().find(|one| one.visit.counter == Some(counter));
            at.map(|one| one.visit.number.clone())
        };
        let others = waiting.counters.iter().filter(|shift| Some(shift.counter) != own);
        others
            .map(|shift| Shift {
                counter: shift.counter,
                by: shift.actor.clone(),
                since: self.words.time(shift.opened_at),
                number: number(shift.counter),
            })
            .collect()
    }

    /// Says why nothing was done.
    async fn refuse(&self, at: Option<u32>, refusal: &Refusal) -> Result<Response, Failure> {
        let said = self.words.refusal(refusal, ToString::to_string);
        self.show(StatusCode::UNPROCESSABLE_ENTITY, at, (Some(said), None)).await
    }
}

/// The page, with what a press did.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    request: InOffice<SeesDay>,
    FromQuery(query): FromQuery<DeskQuery>,
) -> Result<Response, Failure> {
    let opened = Opened::of(&console, &request)?;
    let asked = Asked::of(&opened, &request.signed);
    let result = match named(&query.press) {
        Some(nonce) => {
            let pressed = opened.pressed(nonce).await?;
            pressed.map(|pressed| result(&opened, &asked.words, nonce, &pressed, opened.office.now()))
        }
        None => None,
    };
    asked.show(StatusCode::OK, counter_in(&query.at), (None, result)).await
}

/// The lists alone, which the page asks for when they changed.
pub(in crate::web::console) async fn lists(
    State(console): State<Console>,
    Watching(request): Watching<SeesDay>,
    FromQuery(query): FromQuery<DeskQuery>,
) -> Result<Response, Failure> {
    let opened = Opened::of(&console, &request)?;
    let asked = Asked::of(&opened, &request.signed);
    let waiting = opened.waiting().await?;
    let lists = asked.lists(counter_in(&query.at), &waiting);
    Ok(show(&request.signed.asked.frame, StatusCode::OK, &lists))
}

/// A counter as a form or an address writes it.
fn counter_in(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|counter| (1..=COUNTERS_MAX).contains(counter))
}

/// Does something at a counter.
pub(in crate::web::console) async fn act(
    State(console): State<Console>,
    request: InOffice<WorksDay>,
    Form(form): Form<ActForm>,
) -> Result<Response, Failure> {
    let works = Works::of(&console, &request)?;
    let (opened, desk) = (works.seen(), works.desk());
    let asked = Asked::of(opened, &request.signed);
    let Some(counter) = counter_in(&form.counter) else {
        let said = asked.words.no_counter(COUNTERS_MAX);
        return asked.show(StatusCode::UNPROCESSABLE_ENTITY, None, (Some(said), None)).await;
    };
    match form.what.as_str() {
        "open" => match desk.open_counter(counter).await? {
            Ok(()) => Ok(lead(&asked.after(Some(counter), &Press::default()))),
            Err(refusal) => asked.refuse(None, &refusal).await,
        },
        "close" | "free" => {
            let of_others = form.what == "free" && opened.decides();
            match desk.close_counter(counter, Closing { park: of_others, of_others }).await? {
                // Closed twice is closed.
                Ok(_) | Err(Refusal::CounterClosed { .. }) => Ok(lead(&asked.path())),
                Err(refusal) => asked.refuse(Some(counter), &refusal).await,
            }
        }
        _ => {
            let (counter_text, holds) =
                (counter.to_string(), [&form.what, &form.version, &form.number, &form.to, &form.of]);
            let holds: Vec<&str> = holds.into_iter().map(String::as_str).chain([counter_text.as_str()]).collect();
            let pressed = press(&form.nonce, &holds, form.version.parse().ok());
            match verb(desk, &form, counter, pressed.clone()).await? {
                Ok(_) => Ok(lead(&asked.after(Some(counter), &pressed))),
                Err(refusal) => asked.refuse(Some(counter), &refusal).await,
            }
        }
    }
}

/// Does what is done to a visit. A verb that is none of ours does nothing.
async fn verb(desk: &FrontDesk, form: &ActForm, counter: u32, press: Press) -> Result<Result<Done, Refusal>, Failure> {
    let at = Which::At(counter);
    let to = counter_in(&form.to).unwrap_or_default();
    Ok(match form.what.as_str() {
        "call" => desk.call_next(counter, press).await?,
        "recall" => desk.recall(at, press).await?,
        "came" => desk.came(at, press).await?,
        "missed" => desk.missed(at, press).await?,
        "park" => desk.park(at, press).await?,
        "redirect" if to > 0 => desk.redirect(at, to, press).await?,
        "finish" => desk.finish(at, press).await?,
        "return" => match read_number(&form.number) {
            Some(number) => desk.put_back(number, press).await?,
            None => Err(Refusal::UnknownNumber { number: form.number.clone() }),
        },
        "undo" => desk.undo_press(form.of.clone(), press).await?,
        _ => Err(Refusal::NobodyHere { counter }),
    })
}
