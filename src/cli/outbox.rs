//! `antrean outbox`: replies that have not gone out.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::install::{Installation, block_on};
use crate::domain::message::Contact;

/// Rows that a list shows.
const LIST_MAX: u32 = 1_000;

/// Arguments of `antrean outbox`.
#[derive(Debug, Args)]
pub struct OutboxArgs {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    installation: Installation,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List replies that wait, are being sent, are held, came too late, or were given up
    List {
        /// Only those that are held until their citizen writes again
        #[arg(long)]
        held: bool,
    },
    /// Send given-up replies again
    Retry {
        /// One of them, by number, also a held or expired one; all given-up ones where none is named
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
                let count = storage.retry_dead(*id, args.installation.clock()?.now()).await?;
                println!("{count} replies will be sent again");
                if count == 0 && id.is_some() {
                    return Ok(ExitCode::from(1));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
