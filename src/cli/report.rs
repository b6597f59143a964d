//! `antrean report`: what an office had to do, in numbers that name nobody.

use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::Serialize;

use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::office::office_known;
use super::shared::span::{between, day};
use super::shared::value::local;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::figures::{Classes, Figures, Numbers};
use crate::domain::office::{Office, OfficeId};
use crate::domain::tally::Span;
use crate::roster;
use crate::storage::{CountedAt, Storage};

/// Arguments of `antrean report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Of one office only, by id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// The first day [default: Monday of this week]
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<NaiveDate>,
    /// The last day [default: Sunday of this week]
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<NaiveDate>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    installation: Installation,
}

/// Numbers as JSON shows them.
#[derive(Debug, Serialize)]
struct Shown {
    messages: u64,
    refused: u64,
    misread: u64,
    places: u64,
    served: u64,
    absent: u64,
    unserved: u64,
}

impl From<Numbers> for Shown {
    fn from(of: Numbers) -> Self {
        let Numbers { messages, refused, misread, places, served, absent, unserved } = of;
        Self { messages, refused, misread, places, served, absent, unserved }
    }
}

#[derive(Debug, Serialize)]
struct ShownClasses {
    /// The longest time of each class, and how many fell into it.
    up_to: Vec<(i64, u64)>,
    longer: u64,
    never: u64,
    half_within: Option<i64>,
    nine_tenths_within: Option<i64>,
}

impl From<&Classes> for ShownClasses {
    fn from(of: &Classes) -> Self {
        let Classes { up_to, longer, never } = of.clone();
        Self { up_to, longer, never, half_within: of.within(50), nine_tenths_within: of.within(90) }
    }
}

#[derive(Debug, Serialize)]
struct Document {
    office: String,
    from: NaiveDate,
    to: NaiveDate,
    counted_at: Option<DateTime<Utc>>,
    total: Shown,
    days: Vec<(NaiveDate, Shown)>,
    hours: Vec<(u8, Shown)>,
    refusals: Vec<(String, u64)>,
    reply_seconds: ShownClasses,
    wait_minutes: ShownClasses,
}

/// Runs the command.
pub fn run(args: &ReportArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let now = args.installation.clock()?.now();
        if let Some(office) = &args.office {
            office_known(&storage, office).await?;
        }
        let mut documents = Vec::new();
        for stored in storage.offices().await? {
            if args.office.as_ref().is_some_and(|wanted| *wanted != stored.id) {
                continue;
            }
            let office = roster::read(&stored.file).map_err(|problems| {
                CommandError::Other(format!("the office `{}` cannot be read: {problems}", stored.id))
            })?;
            let today = office.date_at(now);
            let span = between(args.from, args.to, Span::week(today))?;
            let seen = AuditEvent::of(Act::ViewReport).at(&office.id);
            args.acting.record(&storage, seen.reaching(Scope::Words(format!("{} {}", span.first, span.last)))).await?;
            let (figures, counted) = reckoned(&storage, &office, span, today).await?;
            if args.json {
                documents.push(document(&office, &figures, counted));
            } else {
                if !documents.is_empty() {
                    println!();
                }
                print(&office, &figures, counted);
                documents.push(document(&office, &figures, counted));
            }
        }
        if args.json {
            let text = serde_json::to_string(&documents).map_err(|error| CommandError::Other(error.to_string()))?;
            println!("{text}");
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn reckoned(
    storage: &Storage,
    office: &Office,
    span: Span,
    today: NaiveDate,
) -> Result<(Figures, CountedAt), CommandError> {
    let (tallies, counted) = storage.tallies(&office.id, span).await?;
    let to_come = storage.taken_places(&office.id, span).await?;
    Ok((Figures::of(span, &tallies, &to_come, today), counted))
}

fn document(office: &Office, figures: &Figures, counted: CountedAt) -> Document {
    Document {
        office: office.id.as_str().to_owned(),
        from: figures.span.first,
        to: figures.span.last,
        counted_at: counted,
        total: figures.total.into(),
        days: figures.days.iter().map(|(day, of)| (*day, (*of).into())).collect(),
        hours: figures.hours.iter().map(|(hour, of)| (*hour, (*of).into())).collect(),
        refusals: figures.refusals.clone(),
        reply_seconds: (&figures.replies).into(),
        wait_minutes: (&figures.waits).into(),
    }
}

fn row(first: &str, of: Numbers) {
    let Numbers { messages, refused, misread, places, served, absent, unserved } = of;
    println!(
        "{first:<10}  {messages:>8}  {refused:>7}  {misread:>7}  {places:>6}  {served:>6}  {absent:>6}  {unserved:>8}"
    );
}

fn print(office: &Office, figures: &Figures, counted: CountedAt) {
    let counted =
        counted.map_or_else(|| "not counted yet".to_owned(), |at| format!("counted {}", local(at, office.zone)));
    println!("{}, {} to {} ({counted})", office.name, figures.span.first, figures.span.last);
    println!("{:<10}  MESSAGES  REFUSED  MISREAD  PLACES  SERVED  ABSENT  UNSERVED", "DAY");
    for (day, of) in figures.days.iter().filter(|(_, of)| *of != Numbers::default()) {
        row(&day.to_string(), *of);
    }
    row("all", figures.total);
    for (reason, count) in &figures.refusals {
        println!("{count:>8}  {reason}");
    }
    let within = |of: &Classes, unit: &str| match (of.within(50), of.within(90)) {
        _ if of.count() == 0 => "none".to_owned(),
        (Some(half), Some(most)) => format!("half within {half} {unit}, nine in ten within {most} {unit}"),
        (Some(half), None) => format!("half within {half} {unit}, one in ten longer than any class or never"),
        (None, _) => "more than half longer than any class or never".to_owned(),
    };
    println!("replies: {}", within(&figures.replies, "s"));
    println!("waits:   {}", within(&figures.waits, "min"));
}
