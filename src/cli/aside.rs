//! `antrean aside`: messages that were set aside, and those that could not be read.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Subcommand;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use super::shared::log::start_log;
use crate::app;
use crate::config::Config;
use crate::desk::{Desk, Verdict};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::message::Contact;
use crate::gateway::{Item, bounded_read};
use crate::storage::{AsideRow, ContactKey, Storage, StorageError, UnreadRow};

/// Rows that a list shows, and messages that one retry serves.
const LIST_MAX: u32 = 1_000;

/// Arguments of `antrean aside`.
pub type AsideArgs = WithInstallation<Action>;

/// What `antrean aside` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List messages that were set aside or could not be read, and why
    List,
    /// Serve them again; what could not be read is read again first
    Retry {
        /// One of them, by number; all where none is named
        id: Option<i64>,
    },
}

/// Runs the command.
pub fn run(args: &AsideArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let (rows, unread) = (storage.set_aside(LIST_MAX).await?, storage.unread(LIST_MAX).await?);
        match &args.what {
            Action::List => {
                record_view(args, &storage, &rows).await?;
                list(&rows, &unread);
                Ok(ExitCode::SUCCESS)
            }
            Action::Retry { id } => {
                let is_wanted = |row: i64| id.is_none_or(|id| id == row);
                let wanted: Vec<i64> = rows.iter().map(|row| row.id).filter(|row| is_wanted(*row)).collect();
                let unread: Vec<UnreadRow> = unread.into_iter().filter(|row| is_wanted(row.id)).collect();
                let total = wanted.len() + unread.len();
                if total == 0 && id.is_some() {
                    return Err(CommandError::Other("no message with this number is set aside".to_owned()));
                }
                let which = id.map_or_else(|| "all messages".to_owned(), |id| format!("message {id}"));
                let again = Scope::Words(format!("{which} of those set aside"));
                args.acting.record(&storage, AuditEvent::of(Act::SendAgain).reaching(again)).await?;
                start_log(false);
                let config = args.installation.read()?;
                let desk = app::desk(&config, &storage, args.installation.clock()?).await?;
                let mut served = 0;
                for id in &wanted {
                    let Some(inbound) = storage.release_aside(*id).await? else { continue };
                    let verdicts = desk.serve(vec![Item::Message(inbound)]).await;
                    served += usize::from(verdicts.is_ok_and(|all| all == [Verdict::Served]));
                }
                for row in &unread {
                    served += usize::from(read_again(&config, &storage, &desk, row).await?);
                }
                desk.close().await;
                println!("{served} of {total} messages were served");
                Ok(if served == total { ExitCode::SUCCESS } else { ExitCode::from(1) })
            }
        }
    })
}

/// Records whose messages are shown. Who wrote a body that could not be read is known to no office: their numbers are masked, and none of
/// their words is shown.
async fn record_view(args: &AsideArgs, storage: &Storage, rows: &[AsideRow]) -> Result<(), CommandError> {
    let shown: BTreeSet<ContactKey> =
        rows.iter().map(|row| (row.inbound.channel.clone(), row.inbound.contact.clone())).collect();
    let seen = Scope::Contacts(storage.audit_contacts(&shown.into_iter().collect::<Vec<_>>()).await?);
    args.acting.record(storage, AuditEvent::of(Act::ViewConversations).reaching(seen)).await
}

fn list(rows: &[AsideRow], unread: &[UnreadRow]) {
    for row in rows {
        let office = row.office.as_deref().unwrap_or("(no office)");
        let (channel, contact) = (row.inbound.channel.as_str(), row.inbound.contact.masked());
        println!("{}  {}  {office:<16} {channel}  {contact}  {}", row.id, row.at.to_rfc3339(), row.reason);
    }
    for UnreadRow { id, kept, at } in unread {
        let sender =
            kept.sender.as_deref().map_or_else(|| "(unknown)".to_owned(), |sender| Contact::new(sender).masked());
        let (gateway, reason, bytes) = (&kept.gateway, &kept.reason, kept.body.len());
        println!("{id}  {}  {:<16} {gateway}  {sender}  {reason} ({bytes} bytes)", at.to_rfc3339(), "(not read)");
    }
    println!("{} messages", rows.len() + unread.len());
}

/// Lets the gateway read a kept body again, and serves its messages. The body is deleted when all of it could be read and every
/// message was served, now or earlier.
async fn read_again(config: &Config, storage: &Storage, desk: &Desk, row: &UnreadRow) -> Result<bool, StorageError> {
    let gateway = config.gateways.get(&row.kept.gateway).and_then(|gateway| gateway.open().ok().flatten());
    let Some(gateway) = gateway else { return Ok(false) };
    let items = bounded_read::read(&*gateway, row.kept.body.as_bytes(), row.at).items;
    let items = gateway.complete(items).await;
    if items.iter().any(|item| matches!(item, Item::Malformed { .. })) {
        return Ok(false);
    }
    if desk.serve(items).await.is_err() {
        return Ok(false);
    }
    storage.drop_unread(row.id).await?;
    Ok(true)
}
