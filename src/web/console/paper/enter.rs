//! Entering the ticks, one hour of the list at a time.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Days, NaiveDate, NaiveTime};
use rand::TryRng;
use rand::rngs::SysRng;
use serde::Deserialize;

use super::super::failure::Failure;
use super::super::in_office::{InOffice, WorksDay};
use super::super::page::{Frame, lead, show};
use super::super::state::Console;
use super::super::visitor::Signed;
use super::texts::{Texts, texts};
use crate::access::OfficeView;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::front_desk::{FrontDesk, PAPER_DAYS_BACK, PaperPerson, PaperRefused, PaperTick, Press};

/// Longest nonce of a form.
const NONCE_BYTES_MAX: usize = 64;
/// Bytes of a nonce: 128 bits.
const NONCE_BYTES: usize = 16;

/// `?date=2026-08-04&entered=12`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    date: String,
    entered: Option<usize>,
}

#[derive(Template)]
#[template(path = "console/paper/enter.html")]
struct Page<'a> {
    frame: &'a Frame,
    p: &'static Texts,
    base: String,
    date: NaiveDate,
    day: String,
    oldest: NaiveDate,
    today: NaiveDate,
    entered: Option<usize>,
    nonce: String,
    hours: Vec<Hour>,
}

struct Hour {
    hour: u8,
    rows: Vec<Row>,
}

/// Somebody of the list, with what was typed for them.
struct Row {
    key: String,
    number: String,
    name: String,
    code: String,
    /// What is entered already, in words.
    known: Option<String>,
    /// They are here, and may be ticked as served.
    may_be_served: bool,
    typed: Typed,
    error: Option<&'static str>,
}

/// What was typed for somebody.
#[derive(Default, Clone)]
struct Typed {
    came: bool,
    came_at: String,
    served: bool,
    served_at: String,
}

/// The form of a day.
pub(in crate::web::console) async fn form(
    State(console): State<Console>,
    place: InOffice<WorksDay>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let desk = place.front_desk(&console)?;
    let date = asked.date.parse().unwrap_or_else(|_| desk.date());
    filled((&place.signed, &place.office, &desk), date, &Mistakes { entered: asked.entered, ..Mistakes::default() })
        .await
}

/// What was wrong with a form that was sent.
#[derive(Default)]
struct Mistakes {
    entered: Option<usize>,
    typed: HashMap<String, Typed>,
    errors: HashMap<String, &'static str>,
}

/// Enters the ticks of a form. What cannot be entered is shown again with its reason; the rest is entered.
pub(in crate::web::console) async fn enter(
    State(console): State<Console>,
    place: InOffice<WorksDay>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let desk = place.front_desk(&console)?;
    let (frame, office) = (&place.signed.asked.frame, &place.office);
    let p = texts(frame.lang);
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let date = field("date").and_then(|date| date.parse().ok()).unwrap_or_else(|| desk.date());
    let mut mistakes = Mistakes { typed: typed(&fields), ..Mistakes::default() };
    let mut ticks = Vec::new();
    for (key, typed) in &mistakes.typed {
        match tick(key, typed) {
            Ok(Some(tick)) => ticks.push(tick),
            Ok(None) => {}
            Err(()) => {
                mistakes.errors.insert(key.clone(), p.bad_time);
            }
        }
    }
    ticks.sort_by_key(|tick| (tick.booking, tick.person));
    let nonce = field("nonce").filter(|nonce| (1..=NONCE_BYTES_MAX).contains(&nonce.len())).map(str::to_owned);
    let entered = desk.enter_paper(date, ticks, Press { nonce, version: None }).await?;
    if let Ok(entered) = entered {
        for (tick, refused) in entered.refused {
            mistakes.errors.insert(key_of(tick.booking, tick.person), reason(p, refused));
        }
        mistakes.entered = Some(entered.people);
    } else {
        let keys: Vec<String> = mistakes.typed.keys().cloned().collect();
        mistakes.errors.extend(keys.into_iter().map(|key| (key, p.refused_press)));
    }
    if mistakes.errors.is_empty() {
        let people = mistakes.entered.unwrap_or_default();
        return Ok(lead(&format!("/console/{}/paper/enter?date={date}&entered={people}", office.id())));
    }
    mistakes.typed.retain(|key, _| mistakes.errors.contains_key(key));
    filled((&place.signed, office, &desk), date, &mistakes).await
}

fn reason(p: &Texts, refused: PaperRefused) -> &'static str {
    match refused {
        PaperRefused::Day => p.refused_day,
        PaperRefused::Unknown => p.refused_unknown,
        PaperRefused::Entered => p.refused_entered,
        PaperRefused::Future => p.refused_future,
        PaperRefused::Order => p.refused_order,
    }
}

fn key_of(booking: i64, person: u32) -> String {
    format!("{booking}-{person}")
}

/// What was typed, by person: `came:17-0=on`, `came_at:17-0=09.12`.
fn typed(fields: &[(String, String)]) -> HashMap<String, Typed> {
    let mut all: HashMap<String, Typed> = HashMap::new();
    for (name, value) in fields {
        let Some((what, key)) = name.split_once(':') else { continue };
        let of = all.entry(key.to_owned()).or_default();
        match what {
            "came" => of.came = true,
            "came_at" => value.trim().clone_into(&mut of.came_at),
            "served" => of.served = true,
            "served_at" => value.trim().clone_into(&mut of.served_at),
            _ => {}
        }
    }
    all
}

/// The tick of somebody; `None` where nothing is ticked and no time is written. A time alone is a tick.
fn tick(key: &str, typed: &Typed) -> Result<Option<PaperTick>, ()> {
    let (came, served) = (typed.came || !typed.came_at.is_empty(), typed.served || !typed.served_at.is_empty());
    if !came && !served {
        return Ok(None);
    }
    let (booking, person) = key.split_once('-').ok_or(())?;
    Ok(Some(PaperTick {
        booking: booking.parse().map_err(|_| ())?,
        person: person.parse().map_err(|_| ())?,
        arrived: time(&typed.came_at)?,
        served: if served { Some(time(&typed.served_at)?) } else { None },
    }))
}

/// `09.12`, `9:12`, `0912`; nothing is no time.
fn time(text: &str) -> Result<Option<NaiveTime>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ':'));
    let padded = if digits.len() == 3 { format!("0{digits}") } else { digits };
    if !is_plain || padded.len() != 4 {
        return Err(());
    }
    NaiveTime::parse_from_str(&padded, "%H%M").map(Some).map_err(|_| ())
}

async fn filled(
    (signed, office, desk): (&Signed, &OfficeView, &FrontDesk),
    date: NaiveDate,
    mistakes: &Mistakes,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let (p, today) = (texts(frame.lang), desk.date());
    let event = AuditEvent::of(Act::ViewPaper).reaching(Scope::day(date));
    office.record_list(event, &signed.asked.visitor).await?;
    let day = desk.paper(date).await?;
    let row = |person: &PaperPerson| {
        let key = key_of(person.booking, person.person);
        let zone = office.office().zone;
        let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| zone.local(at).format("%H.%M").to_string());
        let came = person.state.filter(|state| state.has_come());
        let known = came.map(|_| {
            let served = at(person.ended_at).map(|at| format!(", {} {at}", p.served)).unwrap_or_default();
            format!("{} {}{served}", p.came, at(person.arrived_at).unwrap_or_default())
        });
        Row {
            number: person.number.clone(),
            name: person.name.as_ref().map_or_else(|| p.others.to_owned(), |name| name.as_str().to_owned()),
            code: person.code.to_string(),
            known,
            may_be_served: came.is_none_or(|state| state == crate::domain::visit::State::Arrived),
            typed: mistakes.typed.get(&key).cloned().unwrap_or_default(),
            error: mistakes.errors.get(&key).copied(),
            key,
        }
    };
    let hours = day.people.chunk_by(|one, other| one.hour == other.hour);
    let mut bytes = [0; NONCE_BYTES];
    let drawn = SysRng.try_fill_bytes(&mut bytes).map(|()| URL_SAFE_NO_PAD.encode(bytes));
    let page = Page {
        frame,
        p,
        base: format!("/console/{}/paper", office.id()),
        date,
        day: frame.date(date),
        oldest: today.checked_sub_days(Days::new(PAPER_DAYS_BACK)).unwrap_or(today),
        today,
        entered: mistakes.entered,
        nonce: drawn.unwrap_or_default(),
        hours: hours
            .filter_map(|of| Some(Hour { hour: of.first()?.hour, rows: of.iter().map(row).collect() }))
            .collect(),
    };
    let status = if mistakes.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(show(frame, status, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let at = |hour, minute| Ok(NaiveTime::from_hms_opt(hour, minute, 0));
        for text in ["09.12", "9.12", "09:12", "0912", "912"] {
            assert_eq!(time(text), at(9, 12), "{text}");
        }
        assert_eq!(time(""), Ok(None));
        for text in ["9", "25.00", "09.60", "pagi", "9,12", "09.12.30"] {
            assert_eq!(time(text), Err(()), "{text}");
        }
    }

    // Negative control: without `!came_at.is_empty()`, a time without its tick is lost without a word.
    #[test]
    fn a_time_without_a_tick_counts_and_an_empty_line_does_not() {
        let fields = |pairs: &[(&str, &str)]| {
            typed(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
        };
        let all = fields(&[("came_at:17-1", "09.12"), ("served_at:17-1", ""), ("came_at:18-0", ""), ("date", "x")]);
        let read = |key: &str| tick(key, &all[key]);
        let time = NaiveTime::from_hms_opt(9, 12, 0);
        assert_eq!(read("17-1"), Ok(Some(PaperTick { booking: 17, person: 1, arrived: time, served: None })));
        assert_eq!(read("18-0"), Ok(None));
    }
}
