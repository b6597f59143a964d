//! One conversation: as its citizen saw it, what each message was read as, how far each reply came, and the officer's answer.

use askama::Template;
use axum::extract::{Path, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::rights::SeesTalks;
use super::texts::{Texts, texts};
use super::words::{self, Read};
use crate::access::{Look, OfficeView, SeenLine, SeenTalk, SeenWords, Speaker};
use crate::conversation::Lang;
use crate::courier::Way;
use crate::domain::message::OtherKind;
use crate::domain::staff::{Area, Level};
use crate::domain::ticket::OFFICER_CHARS_MAX;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, Watching};
use crate::web::console::page::{Frame, missing, show};
use crate::web::console::state::Console;
use crate::web::console::today::bold_parts;

/// `?done=…` of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct TalkQuery {
    done: String,
}

#[derive(Template)]
#[template(path = "console/conversations/talk.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    path: String,
    heard: Option<String>,
    language: &'static str,
    said: Said<'a>,
    form: Option<AnswerForm<'a>>,
    problem: Option<Problem>,
    no_handover: bool,
}

/// Where an answer is written.
struct AnswerForm<'a> {
    ticket: i64,
    /// Marks the form: it answers once, however often it is sent.
    press: &'a str,
    typed: &'a str,
    letters_max: usize,
    way: String,
    /// Whether the answer does not go out at once, or costs something.
    is_late: bool,
    is_own: bool,
}

/// Why an answer was not sent.
pub(super) struct Problem {
    pub(super) text: String,
    pub(super) next: &'static str,
    /// Who looks after the conversation instead.
    pub(super) holder: Option<String>,
}

/// The conversation alone.
#[derive(Template)]
#[template(path = "console/conversations/lines.html")]
struct Part<'a> {
    said: Said<'a>,
}

struct Said<'a> {
    t: &'static Texts,
    base: String,
    talk: &'a SeenTalk,
    standing: String,
    holder: String,
    typing: String,
    lines: Vec<Line<'a>>,
    may_answer: bool,
}

/// Something that was said.
#[expect(clippy::struct_excessive_bools, reason = "each decides about a part of the template")]
struct Line<'a> {
    id: String,
    is_ours: bool,
    /// Its text, with what messengers show bold; `None` where it may not be seen.
    parts: Option<Vec<(bool, &'a str)>>,
    /// What stands for what is no text.
    mark: &'static str,
    when: String,
    read: Option<Read<'a>>,
    is_left: bool,
    /// How far it came.
    delivery: &'static str,
    is_bad: bool,
    is_unsent: bool,
    error: Option<&'a str>,
    /// The number of a reply that can be sent again.
    again: Option<i64>,
}

fn line<'a>(frame: &Frame, office: &OfficeView, (place, seen): (usize, &'a SeenLine)) -> Line<'a> {
    let t = texts(frame.lang);
    let is_ours = matches!(seen.by, Speaker::Office { .. });
    let (parts, mark) = match &seen.words {
        SeenWords::Masked => (None, ""),
        SeenWords::Text(text) if text.is_empty() && !seen.has_picture => (Some(Vec::new()), t.no_text),
        SeenWords::Text(text) if is_ours => (Some(bold_parts(text)), ""),
        SeenWords::Text(text) => (Some(vec![(false, text.as_str())]), ""),
        SeenWords::Other(OtherKind::Audio) => (Some(Vec::new()), t.voice),
        SeenWords::Other(_) => (Some(Vec::new()), t.other),
    };
    let mark = if seen.has_picture { t.picture } else { mark };
    let plain = Line {
        id: format!("l{}-{place}", seen.at.timestamp_micros()),
        is_ours,
        parts,
        mark,
        when: words::when(frame, office, seen.at),
        read: None,
        is_left: false,
        delivery: "",
        is_bad: false,
        is_unsent: false,
        error: None,
        again: None,
    };
    match &seen.by {
        Speaker::Citizen { message: _, read_as, unanswered } => {
            Line { read: read_as.as_ref().map(|as_| words::read(frame, t, as_)), is_left: *unanswered, ..plain }
        }
        Speaker::Office { id, state, delivery, error } => {
            let (delivery, is_bad) = words::delivery(t, state, *delivery);
            Line {
                id: format!("r{id}"),
                delivery,
                is_bad,
                is_unsent: matches!(state.as_str(), "waiting" | "claimed"),
                error: error.as_deref().filter(|_| is_bad || state != "sent"),
                again: is_bad.then_some(*id),
                ..plain
            }
        }
    }
}

impl<'a> Said<'a> {
    fn of(frame: &Frame, office: &OfficeView, (talk, me): (&'a SeenTalk, &str)) -> Self {
        let t = texts(frame.lang);
        let when = |at| words::when(frame, office, at);
        let standing = match &talk.ticket {
            None => t.no_ticket.to_owned(),
            Some(stored) => match stored.ticket.waiting_since {
                Some(since) => format!("{} {}.", t.with_officer, when(since)),
                None => t.with_officer_answered.to_owned(),
            },
        };
        let holder = match (&talk.holder, &talk.ticket) {
            (Some(holder), _) if holder.login == me => format!("{} {}.", t.own, when(holder.since)),
            (Some(holder), _) => format!("{} {}, {} {}.", t.other_holder, holder.login, t.since, when(holder.since)),
            (None, Some(_)) => t.nobody.to_owned(),
            (None, None) => String::new(),
        };
        let typing = talk.typing.join(", ");
        Self {
            t,
            base: format!("/console/{}", office.id()),
            standing,
            holder,
            typing: if typing.is_empty() { typing } else { format!("{typing} {}…", t.typing) },
            lines: talk.lines.iter().enumerate().map(|seen| line(frame, office, seen)).collect(),
            may_answer: office.level(Area::Conversations) >= Level::Write,
            talk,
        }
    }
}

/// How an answer would reach the citizen now; whether that is later, or as a template.
fn way(frame: &Frame, console: &Console, office: &OfficeView, talk: &SeenTalk) -> (String, bool) {
    let t = texts(frame.lang);
    let Some(channel) = console.messaging.channel(office.id(), talk.channel.as_str()) else {
        return (String::new(), false);
    };
    let Some(heard) = talk.heard_at else { return (String::new(), false) };
    let capabilities = channel.gateway.capabilities();
    match Way::of((capabilities, &channel.templates), (talk.lang, heard), office.now()) {
        Way::Free => {
            let until = capabilities.free_reply_window.map(|window| words::when(frame, office, heard + window));
            (until.map_or_else(String::new, |until| format!("{} {until}.", t.way_free)), false)
        }
        Way::Template(name) => (format!("{} “{name}”.", t.way_template), true),
        Way::Held => (t.way_held.to_owned(), true),
    }
}

/// What an answer form is shown again with.
#[derive(Default)]
pub(super) struct Again {
    pub(super) typed: String,
    pub(super) problem: Option<Problem>,
}

/// The page, for whoever has opened the conversation.
pub(super) fn answered(
    (console, frame, me): (&Console, &Frame, &str),
    office: &OfficeView,
    (id, talk): (i64, &SeenTalk),
    again: Again,
) -> Response {
    let t = texts(frame.lang);
    let base = format!("/console/{}/conversations", office.id());
    let may_answer = office.level(Area::Conversations) >= Level::Write;
    let no_handover = talk.ticket.is_none() && !office.office().policy.handover;
    let (way, is_late) = way(frame, console, office, talk);
    let form = (may_answer && !no_handover).then(|| AnswerForm {
        ticket: talk.ticket.as_ref().map_or(0, |stored| stored.ticket.id),
        press: &frame.nonce,
        typed: &again.typed,
        letters_max: OFFICER_CHARS_MAX,
        way,
        is_late,
        is_own: talk.holder.as_ref().is_some_and(|holder| holder.login == me),
    });
    let status = if again.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        frame,
        t,
        path: format!("{base}/{id}"),
        base,
        heard: talk.heard_at.map(|at| words::when(frame, office, at)),
        language: if talk.lang == Lang::En { t.language_en } else { t.language_id },
        said: Said::of(frame, office, (talk, me)),
        form,
        problem: again.problem,
        no_handover: no_handover && may_answer,
    };
    show(frame, status, &page)
}

/// The page. That it was opened is written down.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesTalks>,
    Path((_, id)): Path<(String, i64)>,
    FromQuery(query): FromQuery<TalkQuery>,
) -> Result<Response, Failure> {
    let mut frame = signed.asked.frame;
    let t = texts(frame.lang);
    frame.done = match query.done.as_str() {
        "answered" => Some(t.done_answered),
        "taken" => Some(t.done_taken),
        "left" => Some(t.done_left),
        "again" => Some(t.done_again),
        _ => None,
    };
    let found = office.conversation(id, (Look::Opens, &signed.asked.visitor)).await?;
    let Some(talk) = found else { return Ok(missing(&frame)) };
    Ok(answered((&console, &frame, signed.who.login()), &office, (id, &talk), Again::default()))
}

/// The conversation alone, for the page's script.
pub(in crate::web::console) async fn lines(
    Watching(InOffice { signed, office, .. }): Watching<SeesTalks>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let Some(talk) = office.conversation(id, (Look::Follows, &signed.asked.visitor)).await? else {
        return Ok(missing(frame));
    };
    let said = Said::of(frame, &office, (&talk, signed.who.login()));
    Ok(show(frame, StatusCode::OK, &Part { said }))
}
