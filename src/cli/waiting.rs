//! `antrean waiting`: who waits for a seat that comes back, and how many offers were accepted.

use std::collections::BTreeSet;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::{ACCEPTANCE_DAYS, Acceptance, ContactKey, WaitingRow};

/// Arguments of `antrean waiting`.
pub type WaitingArgs = WithInstallation<Action>;

/// What `antrean waiting` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List who waits at an office, in turn order, and how many offers were accepted in the last 60 days
    List(ListArgs),
}

/// Arguments of `antrean waiting list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The office, by its id
    #[arg(long)]
    office: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// One who waits, as JSON shows it.
#[derive(Debug, Serialize)]
struct Listed {
    turn: usize,
    channel: String,
    contact: String,
    date: Option<NaiveDate>,
    people: i64,
    earlier_than: Option<NaiveDate>,
    offered: bool,
    offers: i64,
    declines: i64,
    joined: String,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    office: &'a str,
    waiting: Vec<Listed>,
    days: i64,
    offers: i64,
    accepted: i64,
}

/// Runs the command.
pub fn run(args: &WaitingArgs) -> ExitCode {
    block_on(async {
        let Action::List(ListArgs { office, json }) = &args.what;
        let id = OfficeId::read(office).map_err(|error| CommandError::Other(error.to_string()))?;
        let storage = args.installation.storage().await?;
        if !storage.offices().await?.iter().any(|stored| stored.id == id) {
            return Err(CommandError::Other(format!("there is no office `{office}`; see `antrean office list`")));
        }
        let now = args.installation.clock()?.now();
        let rows = storage.waiting_rows(&id).await?;
        let contact = |row: &WaitingRow| (ChannelId::stored(row.channel.as_str()), Contact::new(row.contact.as_str()));
        let shown: BTreeSet<ContactKey> = rows.iter().map(contact).collect();
        let seen = Scope::Contacts(storage.audit_contacts(&shown.into_iter().collect::<Vec<_>>()).await?);
        args.acting.record(&storage, AuditEvent::of(Act::ViewList).at(&id).reaching(seen)).await?;
        let acceptance = storage.acceptance(&id, now).await?;
        let listed: Vec<Listed> = rows.into_iter().enumerate().map(|(at, row)| listed(at + 1, row)).collect();
        if *json {
            let Acceptance { offers, accepted } = acceptance;
            let document = Document { office, waiting: listed, days: ACCEPTANCE_DAYS, offers, accepted };
            let text = serde_json::to_string(&document).map_err(|error| CommandError::Other(error.to_string()))?;
            println!("{text}");
        } else {
            print(&listed, acceptance);
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn listed(turn: usize, row: WaitingRow) -> Listed {
    let joined = DateTime::from_timestamp_micros(row.joined_us).map(|at| at.to_rfc3339()).unwrap_or_default();
    Listed {
        turn,
        channel: row.channel,
        contact: Contact::new(row.contact).masked(),
        date: row.date,
        people: row.party,
        earlier_than: row.booking_date,
        offered: row.is_offered != 0,
        offers: row.offers,
        declines: row.declines,
        joined,
    }
}

fn print(rows: &[Listed], Acceptance { offers, accepted }: Acceptance) {
    for row in rows {
        let date = row.date.map_or_else(|| "any day".to_owned(), |date| date.to_string());
        let earlier = row.earlier_than.map(|date| format!("  earlier than {date}")).unwrap_or_default();
        let offered = if row.offered { "  offered now" } else { "" };
        let Listed { turn, channel, contact, people, offers, declines, joined, .. } = row;
        println!(
            "{turn:>3}  {date:<10}  {people} people  {channel}  {contact}  since {joined}  {offers} offers, {declines} not taken{earlier}{offered}"
        );
    }
    println!("{} waiting; {accepted} of {offers} offers accepted in {ACCEPTANCE_DAYS} days", rows.len());
}
