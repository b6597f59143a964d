//! `antrean person list`: whose data somebody saw or changed since a moment, and how each of them can be told.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::draft::{self, Breach};
use crate::app;
use crate::cli::office::reach::reach_shown;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::office::office_known;
use crate::cli::shared::value::{counted, local, sent};
use crate::clock::{Clock, SystemClock};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::office::{OfficeId, Zone};
use crate::front_desk::Reach;
use crate::storage::{AuditFilter, Concerned, ConcernedContact, ContactKey, LastHeard, Sighting, Storage};

/// Contacts that one row of the trail names.
const CONTACTS_IN_A_ROW: usize = 500;

/// Arguments of `antrean person list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Whose data were seen or changed from this moment on: 2026-08-03, "2026-08-03 09:00" (WIB) or 2026-08-03T09:00:00+07:00
    #[arg(long, value_name = "TIME", value_parser = sent)]
    changed_since: DateTime<FixedOffset>,
    /// Before this moment [default: now]
    #[arg(long, value_name = "TIME", value_parser = sent)]
    until: Option<DateTime<FixedOffset>>,
    /// By this person only: a login, or who acted from a terminal
    #[arg(long, value_name = "LOGIN")]
    seen_by: Option<String>,
    /// At this office only
    #[arg(long, value_name = "OFFICE", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// Print a draft of the written notice that is due within three times 24 hours (Art. 46 UU 27/2022), in place of the list
    #[arg(long, conflicts_with = "json")]
    notice: bool,
    /// When the breach became known: from then on the hours count [default: now]
    #[arg(long, value_name = "TIME", value_parser = sent, requires = "notice")]
    known_at: Option<DateTime<FixedOffset>>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A contact, and how they can be told.
struct Reached<'a> {
    contact: &'a ConcernedContact,
    reach: Reach,
    is_muted: bool,
}

/// Runs the command. The exit code is 1 where nobody is concerned.
///
/// # Errors
/// [`CommandError`] when storage failed, or there is no such office.
pub(super) async fn run(
    args: &ListArgs,
    (installation, acting): (&Installation, &Acting),
) -> Result<ExitCode, CommandError> {
    let storage = installation.storage().await?;
    if let Some(office) = &args.office {
        office_known(&storage, office).await?;
    }
    let now = SystemClock.now();
    let since = args.changed_since.with_timezone(&Utc);
    let until = args.until.map_or(now, |until| until.with_timezone(&Utc));
    if until <= since {
        return Err(CommandError::Usage("--until lies before --changed-since".to_owned()));
    }
    let login = args.seen_by.as_deref().map(str::to_lowercase);
    let filter = AuditFilter {
        office: args.office.as_ref(),
        login: login.as_deref(),
        since: Some(since),
        until: Some(until),
        ..AuditFilter::default()
    };
    let concerned = storage.concerned(filter).await?;
    record(&storage, acting, args.office.as_ref(), &concerned).await?;
    let is_empty = concerned.contacts.is_empty() && concerned.walk_ins.is_empty();
    if args.notice {
        let known_at = args.known_at.map_or(now, |known| known.with_timezone(&Utc));
        let breach = Breach { since, until, known_at, concerned: &concerned };
        print!("{}", draft::written(&breach));
    } else {
        let reached = reached(installation, &storage, &concerned).await?;
        let mut out = std::io::stdout().lock();
        if args.json {
            writeln!(out, "{:#}", output(&reached, &concerned))?;
        } else {
            show(&mut out, &reached, &concerned)?;
        }
    }
    Ok(if is_empty { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Records whose data are printed now.
async fn record(
    storage: &Storage,
    acting: &Acting,
    office: Option<&OfficeId>,
    concerned: &Concerned,
) -> Result<(), CommandError> {
    let event = AuditEvent::of(Act::ViewPerson);
    let event = office.map_or_else(|| event.clone(), |office| event.clone().at(office));
    let keys: Vec<ContactKey> = concerned.contacts.iter().map(|contact| contact.of.clone()).collect();
    if keys.is_empty() {
        return acting.record(storage, event).await;
    }
    for some in keys.chunks(CONTACTS_IN_A_ROW) {
        let seen = Scope::Contacts(storage.audit_contacts(some).await?);
        acting.record(storage, event.clone().reaching(seen)).await?;
    }
    Ok(())
}

/// How each contact can be told now, as far as their last message and the channels of this configuration tell.
async fn reached<'a>(
    installation: &Installation,
    storage: &Storage,
    concerned: &'a Concerned,
) -> Result<Vec<Reached<'a>>, CommandError> {
    let (config, clock) = (installation.read()?, installation.clock()?);
    let lines = app::lines(&config, &app::gateways_of(&config, &clock)?);
    let keys: Vec<ContactKey> = concerned.contacts.iter().map(|contact| contact.of.clone()).collect();
    let heard = storage.last_heard(&keys).await?;
    let one = |contact: &'a ConcernedContact| {
        let heard: Option<&LastHeard> = heard.get(&contact.of);
        let reach = Reach::of(lines.of(&contact.of.0), heard, clock.now());
        Reached { contact, reach, is_muted: heard.is_some_and(|heard| heard.muted) }
    };
    Ok(concerned.contacts.iter().map(one).collect())
}

/// How and when somebody was seen.
fn sighting(seen: &Sighting) -> String {
    let how = if seen.is_opened { "opened" } else { "in a list" };
    let (first, last) = (local(seen.first, Zone::Wib), local(seen.last, Zone::Wib));
    if first == last { format!("{how}, {first}") } else { format!("{how}, {first} to {last}") }
}

/// A text of which nothing steers the terminal: citizens chose their names.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn joined(all: &std::collections::BTreeSet<String>) -> String {
    all.iter().map(|one| harmless(one)).collect::<Vec<_>>().join(", ")
}

fn show(out: &mut impl Write, reached: &[Reached<'_>], concerned: &Concerned) -> Result<(), CommandError> {
    for Reached { contact, reach, is_muted } in reached {
        let (channel, number) = &contact.of;
        // A notice of a breach is no message that they opted out of, but the program sends them none by itself.
        let muted = if *is_muted { "; wants no messages unasked: call or write by post" } else { "" };
        writeln!(
            out,
            "{}  {}  {}  {}  {}; {}{muted}",
            channel.as_str(),
            harmless(number.as_str()),
            joined(&contact.names),
            joined(&contact.codes),
            sighting(&contact.seen),
            reach_shown(*reach, Zone::Wib),
        )?;
    }
    for one in &concerned.walk_ins {
        let (name, seen) = (harmless(&one.name), sighting(&one.seen));
        writeln!(out, "(no number)  {name}  came to {} on {} as {}  {seen}", one.office, one.date, one.number)?;
    }
    writeln!(
        out,
        "{} and {} without a number, by {}; {} erased since",
        counted(concerned.contacts.len(), "contact", "contacts"),
        counted(concerned.walk_ins.len(), "visitor", "visitors"),
        counted(concerned.acts, "act", "acts"),
        concerned.erased
    )?;
    Ok(())
}

fn output(reached: &[Reached<'_>], concerned: &Concerned) -> Value {
    let seen = |seen: &Sighting| json!({ "opened": seen.is_opened, "first": seen.first, "last": seen.last });
    let contact = |one: &Reached<'_>| {
        json!({
            "channel": one.contact.of.0.as_str(),
            "contact": one.contact.of.1.as_str(),
            "names": one.contact.names,
            "codes": one.contact.codes,
            "offices": one.contact.offices,
            "seen": seen(&one.contact.seen),
            "reach": one.reach.name(),
            "muted": one.is_muted,
        })
    };
    let walk_in = |one: &crate::storage::ConcernedWalkIn| json!({ "office": one.office, "date": one.date, "number": one.number, "name": one.name, "seen": seen(&one.seen) });
    json!({
        "contacts": reached.iter().map(contact).collect::<Vec<_>>(),
        "visitors": concerned.walk_ins.iter().map(walk_in).collect::<Vec<_>>(),
        "acts": concerned.acts,
        "erased": concerned.erased,
    })
}
