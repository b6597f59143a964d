//! `antrean talk list`: tickets, one a line.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::{counted, distance};
use crate::domain::office::OfficeId;
use crate::storage::{Storage, StoredTicket, TicketFilter};

/// Rows that a list shows.
const LIST_MAX: u32 = 1_000;

/// Which tickets are listed, and how.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub struct ListArgs {
    /// Only those of one office, by id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    pub(super) office: Option<OfficeId>,
    /// Only those whose citizen waits for an answer
    #[arg(long)]
    unanswered: bool,
    /// Closed ones too
    #[arg(long, conflicts_with = "unanswered")]
    all: bool,
    /// Only those that this person looks after, by login
    #[arg(long, value_name = "LOGIN", conflicts_with = "free")]
    held_by: Option<String>,
    /// Only those that nobody looks after
    #[arg(long)]
    free: bool,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// A ticket as programs read it.
#[derive(Debug, Serialize)]
pub(super) struct TicketOutput<'a> {
    pub(super) ticket: i64,
    pub(super) office: &'a str,
    pub(super) channel: &'a str,
    /// Masked in lists.
    pub(super) contact: String,
    pub(super) state: &'static str,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) waiting_since: Option<DateTime<Utc>>,
    pub(super) answered_at: Option<DateTime<Utc>>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) closed_by: Option<&'static str>,
    /// The login of whoever looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) holder: Option<String>,
}

impl<'a> TicketOutput<'a> {
    /// The ticket, with its contact as it may be shown.
    pub(super) fn of(stored: &'a StoredTicket, contact: String, now: DateTime<Utc>) -> Self {
        let StoredTicket { ticket, office, of } = stored;
        Self {
            ticket: ticket.id,
            office: office.as_str(),
            channel: of.0.as_str(),
            contact,
            state: state(stored, now),
            opened_at: ticket.opened_at,
            waiting_since: ticket.waiting_since,
            answered_at: ticket.answered_at,
            closed_at: ticket.closed.map(|closing| closing.at),
            closed_by: ticket.closed.map(|closing| closing.by.name()),
            holder: None,
        }
    }
}

/// `talking` while free talk is left to the officer, `open` after that, `closed`.
pub(super) fn state(stored: &StoredTicket, now: DateTime<Utc>) -> &'static str {
    match stored.ticket.closed {
        Some(_) => "closed",
        None if stored.ticket.is_talking(now) => "talking",
        None => "open",
    }
}

/// Who has the next word: `waiting since 3 h ago`, `answered 5 min ago`, `closed by citizen 2 days ago`.
pub(super) fn standing(stored: &StoredTicket, now: DateTime<Utc>) -> String {
    let ticket = &stored.ticket;
    match (ticket.closed, ticket.waiting_since, ticket.answered_at) {
        (Some(closing), ..) => format!("closed by {} {}", closing.by.name(), distance(closing.at, now)),
        (None, Some(since), _) => format!("waiting since {}", distance(since, now)),
        (None, None, Some(at)) => format!("answered {}", distance(at, now)),
        (None, None, None) => String::new(),
    }
}

/// Prints the list.
///
/// # Errors
/// [`CommandError`] when storage failed or nothing can be written.
pub(super) async fn run(
    args: &ListArgs,
    installation: &Installation,
    storage: &Storage,
) -> Result<ExitCode, CommandError> {
    let filter = TicketFilter { office: args.office.as_ref(), unanswered: args.unanswered, closed: args.all };
    let mut tickets = storage.tickets(filter, LIST_MAX).await?;
    let ids: Vec<i64> = tickets.iter().map(|stored| stored.ticket.id).collect();
    let holders = storage.ticket_holders(&ids).await?;
    let holder = |stored: &StoredTicket| holders.get(&stored.ticket.id).map(|holder| holder.login.clone());
    if let Some(wanted) = &args.held_by {
        tickets.retain(|stored| holder(stored).as_ref() == Some(wanted));
    }
    if args.free {
        tickets.retain(|stored| holder(stored).is_none());
    }
    let now = installation.clock()?.now();
    let mut out = std::io::stdout().lock();
    if args.json {
        let ticket =
            |stored| TicketOutput { holder: holder(stored), ..TicketOutput::of(stored, stored.of.1.masked(), now) };
        let all: Vec<_> = tickets.iter().map(ticket).collect();
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    for stored in &tickets {
        let (office, channel, contact) = (stored.office.as_str(), stored.of.0.as_str(), stored.of.1.masked());
        let (state, standing) = (state(stored, now), standing(stored, now));
        let held = holder(stored).map_or_else(String::new, |login| format!("  {login} looks after it"));
        writeln!(out, "{}  {state:<8} {office:<16} {channel}  {contact}  {standing}{held}", stored.ticket.id)?;
    }
    writeln!(out, "{}", counted(tickets.len(), "ticket", "tickets"))?;
    Ok(ExitCode::SUCCESS)
}
