//! `antrean talk take` and `antrean talk release`: who looks after a ticket, as in the console.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::distance;
use crate::domain::staff;
use crate::storage::{Storage, StoredTicket};

/// The login in whose name it is done: what `--as` says, spelled as logins are.
///
/// # Errors
/// [`CommandError::Usage`] where nobody is named, or it can be no login.
pub(super) fn login(acting: &Acting) -> Result<String, CommandError> {
    let named = acting.name.as_deref();
    let named = named.ok_or_else(|| CommandError::Usage("say who looks after it: --as LOGIN".to_owned()))?;
    staff::login(named).map_err(|error| CommandError::Usage(format!("--as {named}: {error}")))
}

/// Makes somebody look after a ticket; `from` names who does now, where they give it up.
///
/// # Errors
/// [`CommandError`] where somebody else looks after it, or storage failed.
pub(super) async fn take(
    stored: &StoredTicket,
    (login, from): (&str, Option<&str>),
    json: bool,
    (installation, storage): (&Installation, &Storage),
) -> Result<ExitCode, CommandError> {
    let (id, now) = (stored.ticket.id, installation.clock()?.now());
    let holder = storage.take_ticket(id, login, from, now).await?;
    if holder.login != login {
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
    login: &str,
    json: bool,
    storage: &Storage,
) -> Result<ExitCode, CommandError> {
    let id = stored.ticket.id;
    if !storage.leave_ticket(id, login).await? {
        return Err(CommandError::Other(format!(
            "ticket {id} is not looked after by {login}; see `antrean talk list`"
        )));
    }
    if json {
        println!("{}", json!({"ticket": id, "holder": null}));
    } else {
        println!("ticket {id}: nobody looks after it now");
    }
    Ok(ExitCode::SUCCESS)
}
