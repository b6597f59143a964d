//! `antrean outbox`: replies that have not gone out.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::{WithInstallation, zones};
use super::shared::value::{counted, distance, local};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject, SubjectKind};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::{OfficeId, Zone};
use crate::storage::{OutboxRow, Storage, Stuck};

/// Rows that a list shows.
const LIST_MAX: u32 = 1_000;
/// Characters of a reply that a list shows: enough to tell which it is, on one line of a terminal.
const EXCERPT_CHARS_MAX: usize = 72;

/// Arguments of `antrean outbox`.
pub type OutboxArgs = WithInstallation<Action>;

/// What `antrean outbox` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List replies that wait, are being sent, are held, came too late, or were given up
    List {
        /// Only those that are held until their citizen writes again
        #[arg(long)]
        held: bool,
        /// Only those that were given up or came too late, the latest first
        #[arg(long, conflicts_with = "held")]
        dead: bool,
        /// Only those of one office, by id
        #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
        office: Option<OfficeId>,
    },
    /// Send replies again that were given up, or came too late
    Retry {
        /// One of them, by number, also a held one; all that were given up or came too late where none is named
        id: Option<i64>,
    },
}

/// Runs the command.
pub fn run(args: &OutboxArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        match &args.what {
            Action::List { held, dead, office } => {
                let mut rows = if *dead {
                    storage.stuck_replies(office.as_ref(), Stuck::Dead, LIST_MAX).await?
                } else {
                    storage.outbox(*held, LIST_MAX).await?
                };
                rows.retain(|row| office.as_ref().is_none_or(|office| row.office == office.as_str()));
                record(args, &storage, &rows).await?;
                let zones = zones(&storage).await?;
                let now = args.installation.clock()?.now();
                for row in &rows {
                    println!("{}", line(row, zones.get(&row.office).copied().unwrap_or(Zone::Wib), now));
                    println!("    {}", excerpt(&row.text));
                }
                println!("{}", counted(rows.len(), "reply", "replies"));
            }
            Action::Retry { id } => {
                let event = AuditEvent::of(Act::SendAgain);
                let event = match id {
                    Some(id) => event.about(Subject::numbered(SubjectKind::Reply, *id)),
                    None => event.reaching(Scope::Words("all that were given up or came too late".to_owned())),
                };
                args.acting.record(&storage, event).await?;
                let retried = storage.retry_dead(*id, args.installation.clock()?.now()).await?;
                let count = retried.count();
                let late = match retried.expired {
                    0 => String::new(),
                    expired => format!(", {expired} of which had come too late"),
                };
                let replies = counted(usize::try_from(count).unwrap_or(usize::MAX), "reply", "replies");
                println!("{replies} will be sent again{late}");
                if count == 0 && id.is_some() {
                    return Ok(ExitCode::from(1));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Records whose replies are shown.
async fn record(args: &OutboxArgs, storage: &Storage, rows: &[OutboxRow]) -> Result<(), CommandError> {
    // A citizen may wait for several replies.
    let mut contacts: Vec<(ChannelId, Contact)> =
        rows.iter().map(|row| (ChannelId::stored(row.channel.as_str()), Contact::new(row.contact.as_str()))).collect();
    contacts.sort();
    contacts.dedup();
    let seen = Scope::Contacts(storage.audit_contacts(&contacts).await?);
    args.acting.record(storage, AuditEvent::of(Act::ViewConversations).reaching(seen)).await
}

/// Number, state, office, citizen, age, tries, when it goes next, and what went wrong last.
fn line(row: &OutboxRow, zone: Zone, now: DateTime<Utc>) -> String {
    let at = DateTime::from_timestamp_micros;
    let age = at(row.created_us).map_or_else(String::new, |written| format!("written {}", distance(written, now)));
    // Only what waits has a next try; the others wait for somebody.
    let next = at(row.due_us).filter(|_| matches!(row.state.as_str(), "waiting" | "claimed"));
    let next = next.map_or_else(String::new, |due| format!(", next try {} ({})", local(due, zone), distance(due, now)));
    let tries = counted(usize::try_from(row.attempts).unwrap_or(0), "try", "tries");
    let error = row.error.as_deref().map_or_else(String::new, |error| format!("  {error}"));
    let contact = Contact::new(row.contact.as_str()).masked();
    format!("{}  {:<8} {:<16} {contact}  {age}, {tries}{next}{error}", row.id, row.state, row.office)
}

/// The beginning of a reply, on one line. What a citizen wrote may be in it: nothing steers the terminal.
fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = words.chars().filter(|c| !c.is_control()).take(EXCERPT_CHARS_MAX).collect();
    if words.chars().count() > EXCERPT_CHARS_MAX { format!("{shown}…") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_reply_says_its_age_and_its_next_try_and_a_dead_one_does_not() {
        let now: DateTime<Utc> = "2026-08-03T02:00:00Z".parse().unwrap();
        let us = |minutes: i64| (now + chrono::TimeDelta::minutes(minutes)).timestamp_micros();
        let mut row = OutboxRow {
            id: 17,
            office: "bogor".to_owned(),
            channel: "wa/1001".to_owned(),
            contact: "6281200000001".to_owned(),
            state: "waiting".to_owned(),
            attempts: 1,
            due_us: us(5),
            created_us: us(-90),
            error: Some("timed out".to_owned()),
            text: String::new(),
        };
        let said = line(&row, Zone::Wita, now);
        assert!(
            said.ends_with("written 1 h ago, 1 try, next try 2026-08-03 10:05 WITA (in 5 min)  timed out"),
            "{said}"
        );
        assert!(!said.contains("81200000001"), "{said}");
        row.state = "dead".to_owned();
        assert!(!line(&row, Zone::Wita, now).contains("next try"));
    }

    #[test]
    fn an_excerpt_is_one_line_that_steers_nothing() {
        assert_eq!(excerpt("*Kantor*\n\nMohon \u{1b}[2Jperiksa"), "*Kantor* Mohon [2Jperiksa");
        assert_eq!(excerpt(&"a".repeat(80)).chars().count(), EXCERPT_CHARS_MAX + 1);
    }
}
