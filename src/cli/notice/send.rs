//! `antrean notice send`: a message to everybody booked on a day, with its reach and its cost beforehand.

use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde_json::json;

use crate::app;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::counted;
use crate::config::{Amount, ChannelConfig, Config};
use crate::conversation::{Lang, NoticeContent, Outcome};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::fingerprint;
use crate::domain::message::ChannelId;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::gateway::Gateways;
use crate::reply::{self, Scene};
use crate::roster;
use crate::storage::{Reader, Storage};

/// Longest message, in characters: with what stands around it, it fits into one template's parameter.
const TEXT_CHARS_MAX: usize = 500;

/// The message.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// The office, by id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: OfficeId,
    /// The day whose visitors are meant: 2026-08-10 or 10-08-2026
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: NaiveDate,
    /// What to say, at most 500 characters
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// Send it; without this it is only shown, with its reach and its cost
    #[arg(long)]
    yes: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let read = |form| NaiveDate::parse_from_str(text, form).ok();
    read("%Y-%m-%d").or_else(|| read("%d-%m-%Y")).ok_or_else(|| "not a day; write 2026-08-10 or 10-08-2026".to_owned())
}

/// How many would get it, and how.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reach {
    /// As a message inside of the window for free replies, or where there is no such window.
    inside: u64,
    /// As a template outside of it.
    outside: u64,
    /// Not before they write again: outside, and no template in their language.
    held: u64,
    /// Never: they want no messages that they did not ask for.
    opted_out: u64,
}

impl Reach {
    /// Where one reader belongs.
    fn count(&mut self, reader: &Reader, channel: Option<&ChannelConfig>, gateways: &Gateways, now: DateTime<Utc>) {
        let capabilities = gateways.get(reader.channel.gateway()).map(|gateway| gateway.capabilities());
        let window = capabilities.and_then(|capabilities| capabilities.free_reply_window);
        let is_open = match (window, reader.heard_at) {
            (Some(window), Some(heard)) => now < heard + window,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let has_template = capabilities.is_some_and(|capabilities| capabilities.templates)
            && channel
                .is_some_and(|channel| channel.sending.templates.iter().any(|template| template.lang == reader.lang));
        *match (reader.muted, is_open, has_template) {
            (true, ..) => &mut self.opted_out,
            (_, true, _) => &mut self.inside,
            (_, _, true) => &mut self.outside,
            _ => &mut self.held,
        } += 1;
    }
}

/// Shows the message, its reach and its cost, and plans it where that is asked for. The exit code is 1 where nobody is booked.
pub(super) async fn run(
    (installation, acting): (&Installation, &Acting),
    args: &SendArgs,
) -> Result<ExitCode, CommandError> {
    let chars = args.text.chars().count();
    if args.text.trim().is_empty() || chars > TEXT_CHARS_MAX {
        return Err(CommandError::Usage(format!(
            "a message has 1 to {TEXT_CHARS_MAX} characters, this one has {chars}"
        )));
    }
    let (storage, clock, config) = (installation.storage().await?, installation.clock()?, installation.read()?);
    let now = clock.now();
    let office = in_force(&storage, &args.office).await?;
    let booked: Vec<Booking> = storage.bookings_on(&office.id, args.date).await?;
    let booked: Vec<Booking> = booked.into_iter().filter(|booking| booking.state == State::Booked).collect();
    let Some(first) = booked.first() else {
        println!("nobody is booked at {} on {}", office.name, args.date);
        return Ok(ExitCode::from(1));
    };
    let gateways = app::gateways_of(&config, &clock)?;
    let readers = storage.readers_on(&office.id, args.date).await?;
    let (reach, cost) = reach_and_cost(&config, &gateways, &readers, now);
    let preview = preview(&office, first, &args.text, now);
    let shown = AuditEvent::of(Act::ViewBooking).at(&office.id).about(Subject::booking(first.id));
    acting.record(&storage, shown).await?;
    let planned = if args.yes {
        let told = Scope::Bookings(booked.iter().map(|booking| booking.id).collect());
        acting.record(&storage, AuditEvent::of(Act::SendNotice).at(&office.id).reaching(told)).await?;
        let notices = booked.iter().map(|booking| notice(&office, booking, &args.text, now)).collect();
        Some(storage.plan_notices(notices, now).await?)
    } else {
        None
    };
    if args.json {
        println!(
            "{}",
            json!({
                "preview": preview, "bookings": booked.len(), "inside": reach.inside, "outside": reach.outside,
                "held": reach.held, "opted_out": reach.opted_out, "cost": cost, "planned": planned,
            })
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!("{preview}\n");
    println!("{} on {}:", counted(booked.len(), "booking", "bookings"), args.date);
    println!("  {} inside of the time for free replies", reach.inside);
    println!("  {} outside of it, as a template", reach.outside);
    println!("  {} held until they write again: outside of it, and no template in their language", reach.held);
    println!("  {} opted out and not told", reach.opted_out);
    println!("  cost: {}", cost.unwrap_or_else(|| "unknown; write the prices into [channel.price]".to_owned()));
    match planned {
        None => println!("nothing was sent; the same command with --yes sends it"),
        Some(new) => {
            println!("{new} will be sent; `antrean notice stop --office {} --kind message` stops the rest", office.id);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn in_force(storage: &Storage, id: &OfficeId) -> Result<Office, CommandError> {
    let offices = storage.offices().await?;
    let stored = offices.iter().find(|stored| stored.id == *id);
    let stored = stored
        .ok_or_else(|| CommandError::Other(format!("no office `{id}` is in force; see `antrean office list`")))?;
    roster::read(&stored.file)
        .map_err(|problems| CommandError::Other(format!("the office `{id}` cannot be read: {problems}")))
}

/// How many get it, and what that costs where every channel that is used has its price.
fn reach_and_cost(
    config: &Config,
    gateways: &Gateways,
    readers: &[Reader],
    now: DateTime<Utc>,
) -> (Reach, Option<String>) {
    let mut reach = Reach::default();
    let mut costs: Vec<(String, Amount)> = Vec::new();
    let mut is_known = true;
    for reader in readers {
        let of_reader = |one: &&ChannelConfig| ChannelId::new(&one.gateway, &one.key) == reader.channel;
        let channel = config.channels.iter().find(of_reader);
        let mut one = Reach::default();
        one.count(reader, channel, gateways, now);
        reach.inside += one.inside;
        reach.outside += one.outside;
        reach.held += one.held;
        reach.opted_out += one.opted_out;
        let Some(price) = channel.and_then(|channel| channel.price.as_ref()) else {
            is_known = false;
            continue;
        };
        let amount = price.inside.times(one.inside).and(price.outside.times(one.outside));
        match costs.iter_mut().find(|(currency, _)| *currency == price.currency) {
            Some((_, sum)) => *sum = sum.and(amount),
            None => costs.push((price.currency.clone(), amount)),
        }
    }
    let said = costs.iter().map(|(currency, amount)| format!("{currency} {amount}")).collect::<Vec<_>>().join(" and ");
    (reach, is_known.then_some(said))
}

/// The message as the first of them would read it.
fn preview(office: &Office, booking: &Booking, text: &str, now: DateTime<Utc>) -> String {
    let scene = Scene {
        office,
        formats: &[],
        calendar: &Calendar::default(),
        contact: &booking.contact,
        lang: Lang::Id,
        now,
        pause_until: None,
        turn_links: None,
    };
    let content = NoticeContent::Message { booking: booking.clone(), text: text.to_owned() };
    reply::write(&scene, &Outcome::Notice(Box::new(content))).text
}

/// The notice to one of them: the same words to the same booking are said once.
fn notice(office: &Office, booking: &Booking, text: &str, now: DateTime<Utc>) -> Notice {
    Notice {
        id: 0,
        office: office.id.clone(),
        kind: Kind::Message,
        channel: booking.channel.clone(),
        contact: booking.contact.clone(),
        booking: Some(booking.id),
        occasion: format!("{} {:016x}", booking.slot.date, fingerprint::of(text)),
        detail: Some(text.to_owned()),
        due: now,
        drop_after: booking.slot.begins(office),
    }
}
