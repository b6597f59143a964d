//! `antrean notice list` and `antrean notice stop`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use chrono::DateTime;
use clap::Args;
use serde_json::json;

use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::{Installation, zones};
use crate::cli::shared::value::{counted, local};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject, SubjectKind};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::notice::Kind;
use crate::domain::office::{OfficeId, Zone};
use crate::storage::{ContactKey, NoticeFilter, NoticeRow};

/// Rows that a list shows.
const LIST_MAX: u32 = 1_000;

/// Which notices are listed.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those of this office, by id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// Only this kind: hold-lapsing, hold-lapsed, reminder, day-closed, ready, message and so on
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Which notices are stopped.
#[derive(Debug, Args)]
pub struct StopArgs {
    /// One of them, by number
    #[arg(required_unless_present = "office")]
    id: Option<i64>,
    /// All of this office, by id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// Of these, only this kind
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    Kind::named(text).ok_or_else(|| format!("not a kind of notice; there are: {}", names()))
}

fn filter(id: Option<i64>, office: Option<&OfficeId>, kind: Option<Kind>) -> NoticeFilter {
    NoticeFilter {
        id,
        office: office.map(|office| office.as_str().to_owned()),
        kind: kind.map(|kind| kind.name().to_owned()),
    }
}

/// Lists notices.
pub(super) async fn run(
    (installation, acting): (&Installation, &Acting),
    args: &ListArgs,
) -> Result<ExitCode, CommandError> {
    let storage = installation.storage().await?;
    let rows = storage.notices(&filter(None, args.office.as_ref(), args.kind), LIST_MAX).await?;
    let contact = |row: &NoticeRow| (ChannelId::stored(row.channel.as_str()), Contact::new(row.contact.as_str()));
    let shown: BTreeSet<ContactKey> = rows.iter().map(contact).collect();
    let seen = Scope::Contacts(storage.audit_contacts(&shown.into_iter().collect::<Vec<_>>()).await?);
    let event = AuditEvent::of(Act::ViewList).reaching(seen);
    let event = args.office.as_ref().map_or_else(|| event.clone(), |office| event.clone().at(office));
    acting.record(&storage, event).await?;
    if args.json {
        let rows: Vec<_> = rows.iter().map(as_json).collect();
        println!("{:#}", json!(rows));
        return Ok(ExitCode::SUCCESS);
    }
    let zones = zones(&storage).await?;
    for row in &rows {
        println!("{}", line(row, zones.get(&row.office).copied().unwrap_or(Zone::Wib)));
    }
    println!("{}", counted(rows.len(), "notice", "notices"));
    Ok(ExitCode::SUCCESS)
}

/// Number, kind, office, citizen, when it is due, what became of it and why.
fn line(row: &NoticeRow, zone: Zone) -> String {
    let due = DateTime::from_timestamp_micros(row.due_us).map_or_else(String::new, |due| local(due, zone));
    let reason = row.reason.as_deref().map_or_else(String::new, |reason| format!("  {reason}"));
    let contact = Contact::new(row.contact.as_str()).masked();
    format!("{}  {:<12} {:<16} {contact}  {due}  {}{reason}", row.id, row.kind, row.office, row.state)
}

fn as_json(row: &NoticeRow) -> serde_json::Value {
    let due = DateTime::from_timestamp_micros(row.due_us).map(|due| due.to_rfc3339());
    json!({
        "id": row.id,
        "kind": row.kind,
        "office": row.office,
        "contact": Contact::new(row.contact.as_str()).masked(),
        "booking": row.booking,
        "occasion": row.occasion,
        "due": due,
        "state": row.state,
        "reason": row.reason,
    })
}

/// Stops notices; the exit code is 1 where there is nothing to stop.
pub(super) async fn stop(
    (installation, acting): (&Installation, &Acting),
    args: &StopArgs,
) -> Result<ExitCode, CommandError> {
    let storage = installation.storage().await?;
    let event = AuditEvent::of(Act::SendNotice).reaching(Scope::Words("stopped".to_owned()));
    let event =
        args.id.map_or_else(|| event.clone(), |id| event.clone().about(Subject::numbered(SubjectKind::Notice, id)));
    let event = args.office.as_ref().map_or_else(|| event.clone(), |office| event.clone().at(office));
    acting.record(&storage, event).await?;
    let stopped = storage.stop_notices(&filter(args.id, args.office.as_ref(), args.kind)).await?;
    if args.json {
        println!("{}", json!({ "stopped": stopped }));
    } else {
        let count = usize::try_from(stopped).unwrap_or(usize::MAX);
        println!("{} stopped; what is being sent, or has gone out, cannot be", counted(count, "notice", "notices"));
    }
    Ok(if stopped == 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_became_of_a_notice_and_shows_no_number() {
        let row = NoticeRow {
            id: 7,
            office: "bogor".to_owned(),
            kind: "reminder".to_owned(),
            channel: "wa/1001".to_owned(),
            contact: "6281200000001".to_owned(),
            booking: Some(3),
            occasion: "2026-08-04".to_owned(),
            due_us: 1_785_754_800_000_000,
            state: "dropped".to_owned(),
            reason: Some("late".to_owned()),
        };
        let said = line(&row, Zone::Wib);
        assert!(said.ends_with("2026-08-03 18:00 WIB  dropped  late"), "{said}");
        assert!(!said.contains("81200000001") && !as_json(&row).to_string().contains("81200000001"), "{said}");
    }
}
