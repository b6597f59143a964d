//! `antrean talk take` and `antrean talk release`: who looks after a ticket, as in the console.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::distance;
use crate::storage::{Storage, StoredTicket};

/// Whose name it is done in.
#[derive(Debug, Args)]
pub struct By {
    /// Your login, as in `antrean user list`
    #[arg(long = "as", value_name = "LOGIN", value_parser = crate::domain::staff::login)]
    pub(super) login: String,
}

/// Makes somebody look after a ticket; `from` names who does now, where they give it up.
///
/// # Errors
/// [`CommandError`] where somebody else looks after it, or storage failed.
pub(super) async fn take(
    stored: &StoredTicket,
    (by, from): (&By, Option<&str>),
    json: bool,
    (installation, storage): (&Installation, &Storage),
) -> Result<ExitCode, CommandError> {
    let (id, now) = (stored.ticket.id, installation.clock()?.now());
    let holder = storage.take_ticket(id, &by.login, from, now).await?;
    if holder.login != by.login {
        let (login, since) = (holder.login, distance(holder.since, now));
        return Err(CommandError::Other(format!(
            "{login} looks after ticket {id}, taken {since}; to take it over add --from {login}"
        )));
    }
    if json {
        println!("{}", json!({"ticket": id, "holder": holder.login}));
    } else {
        println!("ticket {id}: {} looks after it", holder.login);
    }
    Ok(ExitCode::SUCCESS)
}

/// Gives a ticket back to all.
///
/// # Errors
/// [`CommandError`] where it is not theirs, or storage failed.
pub(super) async fn release(
    stored: &StoredTicket,
    by: &By,
    json: bool,
    storage: &Storage,
) -> Result<ExitCode, CommandError> {
    let id = stored.ticket.id;
    if !storage.leave_ticket(id, &by.login).await? {
        return Err(CommandError::Other(format!(
            "ticket {id} is not looked after by {}; see `antrean talk list`",
            by.login
        )));
    }
    if json {
        println!("{}", json!({"ticket": id, "holder": null}));
    } else {
        println!("ticket {id}: nobody looks after it now");
    }
    Ok(ExitCode::SUCCESS)
}
