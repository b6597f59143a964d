//! The channels of an office, and what is done with one: tested, paused, resumed.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::texts::{Texts, texts};
use crate::access::{OfficeView, SeenChannel, SentOnDay};
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::message::ChannelId;
use crate::domain::price::Price;
use crate::domain::rate::Rate;
use crate::domain::staff::{Area, Level};
use crate::storage::ChannelState;
use crate::web::console::failure::Failure;
use crate::web::console::forms::Query;
use crate::web::console::in_office::{InOffice, Right};
use crate::web::console::messaging::ChannelSetup;
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

/// How long a provider may take to answer a test.
const TEST_TIME: Duration = Duration::from_secs(10);
/// Longest reason of a pause, in characters: a line of a list.
const REASON_CHARS_MAX: usize = 120;

/// Sees the channels.
pub(in crate::web::console) struct SeesChannels;
/// Tests, pauses and resumes channels.
pub(in crate::web::console) struct WorksChannels;

impl Right for SeesChannels {
    const AREA: Area = Area::Channels;
    const LEVEL: Level = Level::Read;
}

impl Right for WorksChannels {
    const AREA: Area = Area::Channels;
    const LEVEL: Level = Level::Write;
}

/// Does something with a channel.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct ActForm {
    #[serde(rename = "do")]
    act: String,
    channel: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "console/channels/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    channels: Vec<Channel>,
    may_act: bool,
    tested: Option<Tested>,
}

/// What a test said.
struct Tested {
    channel: String,
    sentence: &'static str,
    detail: String,
    is_good: bool,
}

/// A channel.
struct Channel {
    id: String,
    state: &'static str,
    class: &'static str,
    next: &'static str,
    since: String,
    reason: Option<String>,
    waiting: u64,
    held: u64,
    dead: u64,
    pace: String,
    rests: Option<String>,
    errors: Vec<Fault>,
    is_open: bool,
    days: Vec<Day>,
    total: Option<String>,
    has_price: bool,
}

/// What went wrong.
struct Fault {
    word: &'static str,
    detail: String,
    count: u64,
}

/// What was sent on a day.
struct Day {
    date: String,
    inside: u64,
    outside: u64,
    cost: Option<String>,
}

/// A state in a word, its class, and what it means.
fn state(t: &Texts, state: ChannelState) -> (&'static str, &'static str, &'static str) {
    match state {
        ChannelState::Open => (t.state_open, "on", t.open_next),
        ChannelState::Paused => (t.state_paused, "wait", t.paused_next),
        ChannelState::Broken => (t.state_broken, "wait", t.broken_next),
        ChannelState::Limited => (t.state_limited, "wait", t.limited_next),
    }
}

/// What went wrong, in words: the errors of a send begin alike for each of its kinds.
fn wrong(t: &Texts, error: &str) -> &'static str {
    let known = [
        ("throttled", t.wrong_throttled),
        ("passing fault", t.wrong_fault),
        ("outcome unknown", t.wrong_doubt),
        ("reply window closed", t.wrong_window),
        ("the time for free replies is over", t.wrong_window),
        ("refused", t.wrong_refused),
        ("the citizen wants no messages", t.wrong_opted_out),
        ("template refused", t.wrong_template),
        ("channel broken", t.wrong_broken),
        ("account limited", t.wrong_limited),
        ("too old", t.wrong_late),
        ("it would come too late", t.wrong_late),
    ];
    known.into_iter().find(|(begin, _)| error.starts_with(begin)).map_or(t.wrong_other, |(_, word)| word)
}

fn pace(t: &Texts, rate: Rate) -> String {
    match rate.every.num_microseconds().filter(|every| *every > 0) {
        None => t.pace_free.to_owned(),
        Some(every) => {
            let tenths = 10_000_000 / every;
            format!("{} {},{} {}", t.pace_some, tenths / 10, tenths % 10, t.pace_unit)
        }
    }
}

fn cost(price: &Price, inside: u64, outside: u64) -> String {
    format!("{} {}", price.inside.times(inside).and(price.outside.times(outside)), price.currency)
}

fn when(frame: &Frame, office: &OfficeView, at: DateTime<Utc>) -> String {
    let local = office.office().zone.local(at);
    format!("{}, {}", frame.plain_date(local.date()), local.format("%H.%M"))
}

fn channel(frame: &Frame, office: &OfficeView, (seen, setup): (SeenChannel, &ChannelSetup)) -> Channel {
    let t = texts(frame.lang);
    let SeenChannel { queue, errors, days } = seen;
    let (word, class, next) = state(t, queue.channel.state);
    let rate = setup.rate.unwrap_or(setup.gateway.capabilities().channel_rate);
    let price = setup.price.as_ref();
    let day = |day: &SentOnDay| Day {
        date: frame.date(day.date),
        inside: day.inside,
        outside: day.outside,
        cost: price.map(|price| cost(price, day.inside, day.outside)),
    };
    let (inside, outside) = days.iter().fold((0, 0), |(one, other), day| (one + day.inside, other + day.outside));
    let rests = Some(queue.channel.rest_until).filter(|until| *until > office.now());
    Channel {
        id: queue.channel.id.as_str().to_owned(),
        state: word,
        class,
        next,
        since: when(frame, office, queue.channel.since),
        reason: queue.channel.reason,
        waiting: queue.waiting,
        held: queue.held,
        dead: queue.dead,
        pace: pace(t, rate),
        rests: rests.map(|until| when(frame, office, until)),
        errors: errors.into_iter().map(|(detail, count)| Fault { word: wrong(t, &detail), detail, count }).collect(),
        is_open: queue.channel.state == ChannelState::Open,
        days: days.iter().map(day).collect(),
        total: price.map(|price| cost(price, inside, outside)),
        has_price: price.is_some(),
    }
}

async fn shown(
    (console, frame): (&Console, &Frame),
    office: &OfficeView,
    tested: Option<Tested>,
) -> Result<Response, Failure> {
    let own: Vec<ChannelId> = console.messaging.of(office.id()).map(|setup| setup.id.clone()).collect();
    let Some(all) = office.channels(&own).await? else { return Ok(missing(frame)) };
    let with_setup = |seen: SeenChannel| {
        let setup = console.messaging.channel(office.id(), seen.queue.channel.id.as_str())?;
        Some(channel(frame, office, (seen, setup)))
    };
    let page = Page {
        frame,
        t: texts(frame.lang),
        base: format!("/console/{}/channels", office.id()),
        channels: all.into_iter().filter_map(with_setup).collect(),
        may_act: office.level(Area::Channels) >= Level::Write,
        tested,
    };
    Ok(show(frame, StatusCode::OK, &page))
}

/// The channels of an office.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesChannels>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let mut frame = signed.asked.frame;
    let t = texts(frame.lang);
    frame.done = match query.done.as_str() {
        "paused" => Some(t.done_paused),
        "resumed" => Some(t.done_resumed),
        _ => None,
    };
    shown((&console, &frame), &office, None).await
}

/// Asks the provider whether a channel can send.
async fn test(t: &Texts, setup: &ChannelSetup) -> Tested {
    let asked = tokio::time::timeout(TEST_TIME, setup.gateway.probe(setup.id.key())).await;
    let (sentence, detail, is_good) = match asked {
        Ok(Ok(said)) => (t.can_send, said, true),
        Ok(Err(error)) => (t.cannot_send, error.to_string(), false),
        Err(_) => (t.no_answer, String::new(), false),
    };
    Tested { channel: setup.id.as_str().to_owned(), sentence, detail, is_good }
}

/// Tests, pauses or resumes a channel.
pub(in crate::web::console) async fn act(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksChannels>,
    Form(form): Form<ActForm>,
) -> Result<Response, Failure> {
    let (frame, visitor) = (&signed.asked.frame, &signed.asked.visitor);
    let Some(setup) = console.messaging.channel(office.id(), &form.channel) else { return Ok(missing(frame)) };
    let base = format!("/console/{}/channels", office.id());
    let t = texts(frame.lang);
    match form.act.as_str() {
        "test" => {
            office.record(AuditEvent::of(Act::TestChannel).about(Subject::channel(&setup.id)), visitor).await?;
            let tested = test(t, setup).await;
            shown((&console, frame), &office, Some(tested)).await
        }
        "pause" => {
            let reason: String = form.reason.trim().chars().take(REASON_CHARS_MAX).collect();
            let reason = if reason.is_empty() { t.pause_default.to_owned() } else { reason };
            office.set_channel(&setup.id, Some(&format!("{}: {reason}", signed.who.login())), visitor).await?;
            Ok(lead(&format!("{base}?done=paused")))
        }
        "resume" => {
            office.set_channel(&setup.id, None, visitor).await?;
            console.messaging.wake_courier.notify_one();
            Ok(lead(&format!("{base}?done=resumed")))
        }
        _ => Ok(missing(frame)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Lang;
    use crate::gateway::{Scope, SendError};

    // Negative control: with the entry for `refused` before that for the window, nothing changes; without it, this fails.
    #[test]
    fn every_error_of_a_send_has_words_of_its_own() {
        let t = texts(Lang::En);
        let why = || "x".to_owned();
        let all = [
            SendError::Throttled { scope: Scope::Channel, after_seconds: None, detail: why() },
            SendError::Transient(why()),
            SendError::Ambiguous(why()),
            SendError::WindowClosed(why()),
            SendError::Refused(why()),
            SendError::OptedOut(why()),
            SendError::TemplateRefused(why()),
            SendError::Misconfigured(why()),
            SendError::Limited(why()),
        ];
        let words: std::collections::BTreeSet<_> = all.iter().map(|error| wrong(t, &error.to_string())).collect();
        assert_eq!(words.len(), all.len(), "{words:?}");
        assert!(!words.contains(t.wrong_other));
    }

    #[test]
    fn a_pace_is_told_in_tenths() {
        let t = texts(Lang::En);
        assert_eq!(pace(t, Rate::one_in_seconds(4)), "at most about 0,2 messages a second");
        assert_eq!(pace(t, Rate::UNLIMITED), "without a limit");
    }
}
