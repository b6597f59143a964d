//! For whoever looks after several offices: where it is full, where it is stuck, whose format is misread most. The list is sorted by
//! its headings, which are links.

use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::texts::{Texts, texts};
use crate::access::{OfficeHealth, OfficeView};
use crate::domain::audit::{Act, AuditEvent};
use crate::web::console::failure::Failure;
use crate::web::console::page::{Frame, show};
use crate::web::console::state::Console;
use crate::web::console::visitor::Signed;

/// Fewest messages of an office for its share of misread ones to say something.
const MESSAGES_MIN: u64 = 20;

/// `?sort=queue`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    sort: String,
}

/// A column that the list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Office,
    Full,
    Messages,
    Misread,
    Refused,
    Reply,
    Queue,
    Absent,
    Last,
}

impl Column {
    const ALL: [Self; 9] = [
        Self::Office,
        Self::Full,
        Self::Messages,
        Self::Misread,
        Self::Refused,
        Self::Reply,
        Self::Queue,
        Self::Absent,
        Self::Last,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Full => "full",
            Self::Messages => "messages",
            Self::Misread => "misread",
            Self::Refused => "refused",
            Self::Reply => "reply",
            Self::Queue => "queue",
            Self::Absent => "absent",
            Self::Last => "last",
        }
    }

    fn label(self, t: &Texts) -> &'static str {
        match self {
            Self::Office => t.office,
            Self::Full => t.full,
            Self::Messages => t.messages,
            Self::Misread => t.misread,
            Self::Refused => t.refused,
            Self::Reply => t.reply,
            Self::Queue => t.queue,
            Self::Absent => t.absent,
            Self::Last => t.last,
        }
    }

    /// What the list is sorted by: whatever needs a look comes first.
    fn key(self, health: &OfficeHealth) -> Reverse<i64> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let total = health.report.figures.total;
        Reverse(match self {
            Self::Office => 0,
            Self::Full => health.fullest.map_or(-1, |(_, percent)| number(percent)),
            Self::Messages => number(total.messages),
            Self::Misread => number(per_mille(total.misread, total.messages)),
            Self::Refused => number(total.refused),
            // Where more than half took longer than any class, it is worst.
            Self::Reply if health.report.figures.replies.count() == 0 => -1,
            Self::Reply => health.report.figures.replies.within(50).unwrap_or(i64::MAX),
            Self::Queue => stuck(health),
            Self::Absent => number(total.absent),
            // The longest silence first.
            Self::Last => health.last_message.map_or(i64::MAX, |(date, hour)| {
                -(i64::from(chrono::Datelike::num_days_from_ce(&date)) * 24 + i64::from(hour))
            }),
        })
    }
}

/// So many of a thousand.
fn per_mille(part: u64, of: u64) -> u64 {
    (part * 1_000).checked_div(of).unwrap_or_default()
}

/// How badly an office is stuck: the age of its oldest reply, and a channel that does not send before all ages.
fn stuck(health: &OfficeHealth) -> i64 {
    const CHANNEL: i64 = 1 << 40;
    let age = health.queue.since.map_or(0, |since| -since.timestamp());
    let waits = if health.queue.since.is_some() { CHANNEL / 2 + age } else { 0 };
    let stopped = if health.queue.stopped.is_empty() { 0 } else { CHANNEL };
    stopped + waits
}

/// A heading.
struct Heading {
    name: &'static str,
    label: &'static str,
    /// Its address; none: it is what the list is sorted by.
    address: Option<String>,
    order: &'static str,
}

/// An office in the list.
struct Row {
    id: String,
    name: String,
    full: String,
    messages: u64,
    misread: String,
    refused: u64,
    reply: String,
    queue: String,
    absent: u64,
    channel: String,
    channel_class: &'static str,
    last: String,
}

/// One of the three that need a look.
struct Worst {
    label: &'static str,
    name: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "console/ministry/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    headings: Vec<Heading>,
    rows: Vec<Row>,
    worst: Vec<Worst>,
}

/// Every office that somebody sees reports of.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    signed: Signed,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let t = texts(frame.lang);
    let sorted = Column::ALL.into_iter().find(|column| column.name() == asked.sort).unwrap_or(Column::Office);
    console.access.record(&signed.who, &AuditEvent::of(Act::ViewReport), &signed.asked.visitor).await?;
    let mut offices = console.access.healths(&signed.who).await?;
    let worst = worst(frame, t, &offices);
    // They come by name, and stay so among equals.
    offices.sort_by_key(|(_, health)| sorted.key(health));
    let heading = |column: Column| Heading {
        name: column.name(),
        label: column.label(t),
        address: (column != sorted).then(|| format!("/console/offices?sort={}", column.name())),
        order: if column == Column::Office { "ascending" } else { "descending" },
    };
    let page = Page {
        frame,
        t,
        headings: Column::ALL.into_iter().map(heading).collect(),
        rows: offices.iter().map(|(office, health)| row(frame, t, office, health)).collect(),
        worst,
    };
    Ok(show(frame, StatusCode::OK, &page))
}

fn full(frame: &Frame, t: &Texts, health: &OfficeHealth) -> String {
    health.fullest.map_or_else(|| t.nothing.to_owned(), |(day, percent)| format!("{percent} %, {}", frame.date(day)))
}

fn misread(health: &OfficeHealth) -> String {
    let total = health.report.figures.total;
    let share = per_mille(total.misread, total.messages);
    format!("{} ({},{} %)", total.misread, share / 10, share % 10)
}

fn at(office: &OfficeView, at: DateTime<Utc>) -> String {
    office.office().zone.local(at).format("%d-%m %H.%M").to_string()
}

fn queue(t: &Texts, office: &OfficeView, health: &OfficeHealth) -> String {
    let queue = &health.queue;
    queue.since.map_or_else(|| "0".to_owned(), |since| format!("{}, {} {}", queue.waiting, t.since, at(office, since)))
}

fn channel(t: &Texts, health: &OfficeHealth) -> (String, &'static str) {
    let word = |state: &str| match state {
        "paused" => t.paused,
        "limited" => t.limited,
        _ => t.broken,
    };
    let stopped = &health.queue.stopped;
    if stopped.is_empty() {
        return (t.sends.to_owned(), "on");
    }
    let said = stopped.iter().map(|(channel, state)| format!("{channel}: {}", word(state)));
    (said.collect::<Vec<_>>().join(", "), "wait")
}

fn row(frame: &Frame, t: &Texts, office: &OfficeView, health: &OfficeHealth) -> Row {
    let figures = &health.report.figures;
    let (channel, channel_class) = channel(t, health);
    let reply = match figures.replies.within(50) {
        Some(seconds) => format!("{seconds} {}", t.second),
        None => t.nothing.to_owned(),
    };
    Row {
        id: office.id().as_str().to_owned(),
        name: office.name().to_owned(),
        full: full(frame, t, health),
        messages: figures.total.messages,
        misread: misread(health),
        refused: figures.total.refused,
        reply,
        queue: queue(t, office, health),
        absent: figures.total.absent,
        channel,
        channel_class,
        last: health
            .last_message
            .map_or_else(|| t.no_messages.to_owned(), |(day, hour)| format!("{}, {hour:02}.00", frame.plain_date(day))),
    }
}

/// The three that need a look, where there are any.
fn worst(frame: &Frame, t: &Texts, offices: &[(OfficeView, OfficeHealth)]) -> Vec<Worst> {
    let largest = |column: Column, counts: fn(&OfficeHealth) -> bool| {
        offices.iter().filter(|(_, health)| counts(health)).min_by_key(|(_, health)| column.key(health))
    };
    let mut worst = Vec::new();
    if let Some((office, health)) = largest(Column::Full, |health| health.fullest.is_some()) {
        worst.push(Worst { label: t.worst_full, name: office.name().to_owned(), detail: full(frame, t, health) });
    }
    match largest(Column::Queue, |health| stuck(health) > 0) {
        Some((office, health)) => {
            let (channel, _) = channel(t, health);
            let detail = format!("{}; {channel}", queue(t, office, health));
            worst.push(Worst { label: t.worst_stuck, name: office.name().to_owned(), detail });
        }
        None => worst.push(Worst { label: t.worst_stuck, name: t.all_well.to_owned(), detail: String::new() }),
    }
    let enough = |health: &OfficeHealth| {
        let total = health.report.figures.total;
        total.messages >= MESSAGES_MIN && total.misread > 0
    };
    if let Some((office, health)) = largest(Column::Misread, enough) {
        let detail = format!("{} {}", misread(health), t.of_messages);
        worst.push(Worst { label: t.worst_misread, name: office.name().to_owned(), detail });
    }
    worst
}
