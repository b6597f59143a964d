//! Check-in: a code that was scanned or typed becomes an arrival, somebody without one gets a number.

use askama::Template;
use axum::extract::{Form, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::failure::Failure;
use super::super::in_office::{InOffice, SeesDay, WorksDay};
use super::super::page::{Frame, lead, show};
use super::super::state::Console;
use super::forms::{ArriveForm, DeskQuery, UndoForm, WalkInForm};
use super::opened::{Opened, Works};
use super::press::{mark, named, press};
use super::rows::{Result as Pressed, Row, result, row};
use super::texts::Texts;
use super::words::{Said, Words};
use crate::access::OfficeView;
use crate::domain::person::Nama;
use crate::domain::visit::Reason;
use crate::front_desk::{Arrival, Done, Found, Press, Refusal};

#[derive(Template)]
#[template(path = "console/desk/check_in.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    office: &'a OfficeView,
    /// The address of the page.
    path: String,
    today: String,
    acts: bool,
    mark: String,
    outcome: Outcome,
    reasons: Vec<(&'static str, &'static str)>,
    entered: Vec<Row>,
}

/// What the last press led to.
enum Outcome {
    Nothing,
    Problem(Problem),
    Party(Party),
    Done(Pressed),
}

/// Why somebody was not entered.
struct Problem {
    said: Said,
    /// What was typed.
    typed: String,
    /// Whose booking it is, and when, where the code has one here.
    whose: Option<String>,
    /// The code that is probably meant.
    meant: Option<String>,
    /// Whether whoever asks may let them in all the same.
    may_admit: bool,
}

/// The people of a booking, to be ticked.
struct Party {
    code: String,
    when: String,
    priority: String,
    members: Vec<MemberRow>,
    admit: bool,
    is_unticked: bool,
}

struct MemberRow {
    person: u32,
    number: String,
    name: Option<String>,
    has_come: bool,
    is_ticked: bool,
}

/// A request to this page, as its handlers pass it on.
struct Asked<'a> {
    opened: &'a Opened,
    words: Words<'a>,
}

impl<'a> Asked<'a> {
    fn of(opened: &'a Opened, frame: &'a Frame) -> Self {
        Self { opened, words: Words::new(frame, opened.office.office().zone, opened.office.now()) }
    }

    fn path(&self) -> String {
        format!("/console/{}/check-in", self.opened.office.id().as_str())
    }

    async fn show(&self, status: StatusCode, outcome: Outcome) -> Result<Response, Failure> {
        let (opened, words) = (self.opened, &self.words);
        let waiting = opened.waiting().await?;
        let page = Page {
            frame: words.frame,
            t: words.t,
            office: &opened.office,
            path: self.path(),
            today: words.today(),
            acts: opened.acts(),
            mark: mark(),
            outcome,
            reasons: Reason::ALL.into_iter().map(|reason| (reason.name(), words.reason(reason))).collect(),
            entered: waiting.entered.iter().map(|one| row(opened, words, one)).collect(),
        };
        Ok(show(words.frame, status, &page))
    }

    /// Leads to what a press did, or says why nothing was done.
    async fn answer(
        &self,
        console: &Console,
        done: Result<Done, Refusal>,
        pressed: &Press,
        code: &str,
    ) -> Result<Response, Failure> {
        match done {
            Ok(_) => Ok(lead(&match &pressed.nonce {
                Some(nonce) => format!("{}?press={nonce}", self.path()),
                None => self.path(),
            })),
            Err(refusal) => {
                let problem = self.problem(console, &refusal, code).await?;
                self.show(StatusCode::UNPROCESSABLE_ENTITY, Outcome::Problem(problem)).await
            }
        }
    }

    async fn problem(&self, console: &Console, refusal: &Refusal, code: &str) -> Result<Problem, Failure> {
        let (opened, words) = (self.opened, &self.words);
        let names = console.access.office_names();
        let name = |id: &crate::domain::office::OfficeId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let meant = match refusal {
            Refusal::UnknownCode { closest: Some(code) } => Some(code.to_string()),
            _ => None,
        };
        // Whose it is, so that the officer can compare: identity decides, not a code.
        let found = match (refusal, &meant) {
            (Refusal::UnknownCode { .. }, None) => None,
            (_, meant) => opened.look_up(meant.as_deref().unwrap_or(code)).await?.ok(),
        };
        Ok(Problem {
            said: words.refusal(refusal, name),
            typed: code.trim().chars().take(TYPED_CHARS_SHOWN).collect(),
            whose: found.map(|found| self.whose(&found)),
            meant,
            may_admit: matches!(refusal, Refusal::Forfeited { .. }) && opened.decides(),
        })
    }

    /// Whether it must be said who of a booking is here: where there is somebody left to choose.
    fn needs_choice(&self, found: &Found) -> bool {
        let is_today = found.booking.slot.date == self.opened.office.office().date_at(self.opened.office.now());
        found.members.len() > 1 && is_today && found.members.iter().any(|member| !member.has_come())
    }

    fn whose(&self, found: &Found) -> String {
        let names = found.members.iter().filter_map(|member| self.opened.name(member.name.as_ref()));
        let when = self.words.slot(found.booking.slot.date, found.booking.slot.hour);
        let who: Vec<String> = names.chain([when]).collect();
        who.join(" · ")
    }

    fn party(&self, found: &Found, form: &ArriveForm) -> Party {
        let ticked = form.people();
        let is_first = form.chosen.is_empty();
        Party {
            code: found.booking.code.to_string(),
            when: self.words.slot(found.booking.slot.date, found.booking.slot.hour),
            priority: form.priority.clone(),
            members: found
                .members
                .iter()
                .map(|member| MemberRow {
                    person: member.person,
                    number: member.number.clone(),
                    name: self.opened.name(member.name.as_ref()),
                    has_come: member.has_come(),
                    is_ticked: is_first || ticked.contains(&member.person),
                })
                .collect(),
            admit: !form.admit.is_empty(),
            is_unticked: !is_first && ticked.is_empty(),
        }
    }
}

/// Characters of a code that are shown back: a scanner may have read something else altogether.
const TYPED_CHARS_SHOWN: usize = 40;

/// The page, with what a press did.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    mut request: InOffice<SeesDay>,
    FromQuery(query): FromQuery<DeskQuery>,
) -> Result<Response, Failure> {
    let opened = Opened::of(&console, &request)?;
    let frame = &mut request.signed.asked.frame;
    frame.runs_wasm = opened.acts();
    let asked = Asked::of(&opened, frame);
    let pressed = match named(&query.press) {
        Some(nonce) => opened.pressed(nonce).await?.map(|pressed| (nonce, pressed)),
        None => None,
    };
    let outcome = pressed.map_or(Outcome::Nothing, |(nonce, pressed)| {
        Outcome::Done(result(&opened, &asked.words, nonce, &pressed, opened.office.now()))
    });
    asked.show(StatusCode::OK, outcome).await
}

/// Enters the arrival of somebody with a booking; of a party, after it was said who is here.
pub(in crate::web::console) async fn arrive(
    State(console): State<Console>,
    mut request: InOffice<WorksDay>,
    Form(form): Form<ArriveForm>,
) -> Result<Response, Failure> {
    let works = Works::of(&console, &request)?;
    let (opened, frame) = (works.seen(), &mut request.signed.asked.frame);
    frame.runs_wasm = true;
    let asked = Asked::of(opened, frame);
    let people = form.people();
    let admit_late = !form.admit.is_empty() && opened.decides();
    if (form.chosen.is_empty() || people.is_empty())
        && let Ok(found) = opened.look_up(&form.code).await?
        && asked.needs_choice(&found)
    {
        return asked.show(StatusCode::OK, Outcome::Party(asked.party(&found, &form))).await;
    }
    let ticked: Vec<String> = people.iter().map(u32::to_string).collect();
    let holds = ["arrive", &form.code, &ticked.join(","), &form.priority, &form.admit];
    let pressed = press(&form.nonce, &holds, None);
    let priority = Reason::named(&form.priority);
    let arrival = Arrival { code: form.code.clone(), people, priority, admit_late };
    let done = works.desk().arrive(arrival, pressed.clone()).await?;
    asked.answer(&console, done, &pressed, &form.code).await
}

/// Gives a number to somebody without a booking.
pub(in crate::web::console) async fn walk_in(
    State(console): State<Console>,
    mut request: InOffice<WorksDay>,
    Form(form): Form<WalkInForm>,
) -> Result<Response, Failure> {
    let works = Works::of(&console, &request)?;
    let frame = &mut request.signed.asked.frame;
    frame.runs_wasm = true;
    let asked = Asked::of(works.seen(), frame);
    let text = form.name.trim();
    let name = Some(text).filter(|text| !text.is_empty()).map(Nama::read).transpose();
    let Ok(name) = name else {
        let said = Said { title: asked.words.frame.t.problem.to_owned(), text: asked.words.t.name_unread.to_owned() };
        let typed = text.chars().take(TYPED_CHARS_SHOWN).collect();
        let problem = Problem { said, typed, whose: None, meant: None, may_admit: false };
        return asked.show(StatusCode::UNPROCESSABLE_ENTITY, Outcome::Problem(problem)).await;
    };
    let pressed = press(&form.nonce, &["walk-in", &form.name, &form.priority], None);
    let done = works.desk().walk_in(name, Reason::named(&form.priority), pressed.clone()).await?;
    asked.answer(&console, done, &pressed, "").await
}

/// Takes back what a press of the last minute did.
pub(in crate::web::console) async fn undo(
    State(console): State<Console>,
    mut request: InOffice<WorksDay>,
    Form(form): Form<UndoForm>,
) -> Result<Response, Failure> {
    let works = Works::of(&console, &request)?;
    let frame = &mut request.signed.asked.frame;
    frame.runs_wasm = true;
    let asked = Asked::of(works.seen(), frame);
    let pressed = press(&form.nonce, &["undo", &form.of], None);
    let done = works.desk().undo_press(form.of, pressed.clone()).await?;
    asked.answer(&console, done, &pressed, "").await
}
