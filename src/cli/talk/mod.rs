//! `antrean talk`: what citizens leave to an officer, read and answered.

mod answer;
mod list;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::list::ListArgs;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::storage::{Storage, StoredTicket};

/// Arguments of `antrean talk`.
pub type TalkArgs = WithInstallation<Action>;

/// What `antrean talk` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List tickets, those whose citizen waits longest first
    List(ListArgs),
    /// Print the conversation of a ticket, as its citizen saw it
    Show {
        /// Which one, and how to print.
        #[command(flatten)]
        ticket: Which,
    },
    /// Answer the citizen of a ticket
    Reply {
        /// Which one, and how to print.
        #[command(flatten)]
        ticket: Which,
        /// What to say; `-` reads it from standard input
        #[arg(value_name = "TEXT")]
        text: String,
    },
    /// End a ticket and tell its citizen
    Close {
        /// Which one, and how to print.
        #[command(flatten)]
        ticket: Which,
    },
}

/// One ticket, and how to print.
#[derive(Debug, Args)]
pub struct Which {
    /// The ticket, by number
    #[arg(value_name = "TICKET")]
    id: i64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command. The exit code is 1 where there is no such ticket, or it is closed already.
pub fn run(args: &TalkArgs) -> ExitCode {
    let installation = &args.installation;
    block_on(async {
        let storage = installation.storage().await?;
        match &args.what {
            Action::List(what) => {
                let event = AuditEvent::of(Act::ViewConversations);
                let event = what.office.as_ref().map_or_else(|| event.clone(), |office| event.clone().at(office));
                args.acting.record(&storage, event).await?;
                list::run(what, installation, &storage).await
            }
            Action::Show { ticket } => {
                let stored = known(&storage, ticket.id).await?;
                record(args, &storage, (Act::ViewConversation, &stored)).await?;
                show::run(&stored, ticket.json, installation, &storage).await
            }
            Action::Reply { ticket, text } => {
                let text = answer::read(text)?;
                let stored = open(&storage, ticket.id).await?;
                record(args, &storage, (Act::ReplyConversation, &stored)).await?;
                answer::reply(&stored, text, ticket.json, (installation, &storage)).await
            }
            Action::Close { ticket } => {
                let stored = open(&storage, ticket.id).await?;
                record(args, &storage, (Act::ReplyConversation, &stored)).await?;
                answer::close(&stored, ticket.json, (installation, &storage)).await
            }
        }
    })
}

/// Records what is done with a ticket.
async fn record(args: &TalkArgs, storage: &Storage, (act, stored): (Act, &StoredTicket)) -> Result<(), CommandError> {
    let (channel, contact) = &stored.of;
    let seen = Scope::Contacts(vec![storage.audit_contact(channel, contact).await?]);
    let event = AuditEvent::of(act).at(&stored.office).about(Subject::ticket(stored.ticket.id)).reaching(seen);
    args.acting.record(storage, event).await
}

async fn known(storage: &Storage, id: i64) -> Result<StoredTicket, CommandError> {
    let stored = storage.ticket(id).await?;
    stored.ok_or_else(|| CommandError::Other(format!("there is no ticket {id}; see `antrean talk list --all`")))
}

async fn open(storage: &Storage, id: i64) -> Result<StoredTicket, CommandError> {
    let stored = known(storage, id).await?;
    if stored.ticket.closed.is_some() {
        return Err(answer::is_closed(id));
    }
    Ok(stored)
}
