//! `antrean aside`: messages that were set aside.

use std::process::ExitCode;

use clap::Subcommand;

use super::install::{CommandError, Doing, block_on, start_log};
use crate::app;
use crate::desk::Verdict;
use crate::gateway::Item;

/// Rows that a list shows, and messages that one retry serves.
const LIST_MAX: u32 = 1_000;

/// Arguments of `antrean aside`.
pub type AsideArgs = Doing<What>;

/// What `antrean aside` does.
#[derive(Debug, Subcommand)]
pub enum What {
    /// List messages that were set aside, and why
    List,
    /// Serve them again
    Retry {
        /// One of them, by number; all where none is named
        id: Option<i64>,
    },
}

/// Runs the command.
pub fn run(args: &AsideArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let rows = storage.set_aside(LIST_MAX).await?;
        match &args.what {
            What::List => {
                for row in &rows {
                    let office = row.office.as_deref().unwrap_or("(no office)");
                    let (channel, contact) = (row.inbound.channel.as_str(), row.inbound.contact.masked());
                    println!("{}  {}  {office:<16} {channel}  {contact}  {}", row.id, row.at.to_rfc3339(), row.reason);
                }
                println!("{} messages", rows.len());
                Ok(ExitCode::SUCCESS)
            }
            What::Retry { id } => {
                let wanted: Vec<i64> =
                    rows.iter().map(|row| row.id).filter(|row| id.is_none_or(|id| id == *row)).collect();
                if wanted.is_empty() && id.is_some() {
                    return Err(CommandError::Other("no message with this number is set aside".to_owned()));
                }
                start_log(false);
                let config = args.installation.read()?;
                let desk = app::desk(&config, &storage, args.installation.clock()?).await?;
                let mut served = 0;
                for id in &wanted {
                    let Some(inbound) = storage.release_aside(*id).await? else { continue };
                    let verdicts = desk.serve(vec![Item::Message(inbound)]).await;
                    served += usize::from(verdicts.is_ok_and(|all| all == [Verdict::Served]));
                }
                desk.close().await;
                println!("{served} of {} messages were served", wanted.len());
                Ok(if served == wanted.len() { ExitCode::SUCCESS } else { ExitCode::from(1) })
            }
        }
    })
}
