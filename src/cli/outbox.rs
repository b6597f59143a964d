//! `antrean outbox`: replies that have not gone out.

use std::process::ExitCode;

use clap::Subcommand;

use super::install::{Doing, block_on};
use crate::domain::message::Contact;

/// Rows that a list shows.
const LIST_MAX: u32 = 1_000;

/// Arguments of `antrean outbox`.
pub type OutboxArgs = Doing<What>;

/// What `antrean outbox` does.
#[derive(Debug, Subcommand)]
pub enum What {
    /// List replies that wait, are being sent, are held, came too late, or were given up
    List {
        /// Only those that are held until their citizen writes again
        #[arg(long)]
        held: bool,
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
            What::List { held } => {
                let rows = storage.outbox(*held, LIST_MAX).await?;
                for row in &rows {
                    let contact = Contact::new(row.contact.as_str()).masked();
                    let error = row.error.as_deref().unwrap_or("");
                    println!(
                        "{}  {:<8} {:<16} {contact}  {} tries  {error}",
                        row.id, row.state, row.office, row.attempts
                    );
                }
                println!("{} replies", rows.len());
            }
            What::Retry { id } => {
                let retried = storage.retry_dead(*id, args.installation.clock()?.now()).await?;
                let count = retried.count();
                let late = match retried.expired {
                    0 => String::new(),
                    expired => format!(", {expired} of which had come too late"),
                };
                println!("{count} replies will be sent again{late}");
                if count == 0 && id.is_some() {
                    return Ok(ExitCode::from(1));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
