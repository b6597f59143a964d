//! `antrean person erase`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use super::found::{Asked, Found, Who};
use super::show::{amounts, outcome, reason};
use crate::app;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::log::start_log;
use crate::config::Config;
use crate::desk::Desk;
use crate::domain::audit::Act;
use crate::domain::message::ChannelId;
use crate::domain::office::OfficeId;
use crate::files;
use crate::storage::{NewErasure, Storage, Traces};

/// How often an erasure is tried anew where something was written meanwhile.
const TRIES: u32 = 5;
/// The pause before the next try.
const PAUSE: Duration = Duration::from_millis(300);

/// What the command line agrees to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consent {
    /// That it is done.
    pub(super) yes: bool,
    /// That valid bookings are cancelled.
    pub(super) cancel: bool,
}

/// Erases somebody, or says what that would do.
pub(super) async fn run(asked: &Asked<'_>, consent: Consent) -> Result<ExitCode, CommandError> {
    let Asked { who, installation, storage, .. } = *asked;
    let found = Found::of(asked, false).await?;
    found.record(if consent.yes { Act::ErasePerson } else { Act::ViewPerson }, asked).await?;
    if found.contacts.is_empty() {
        say(who, &found, "nothing is kept", "nothing is kept of them");
        return Ok(ExitCode::from(1));
    }
    if let Some(why) = found.contacts.iter().find_map(|traces| needed(&found, traces, consent.cancel)) {
        say(who, &found, "refused", &format!("nothing was erased: {why}"));
        return Ok(ExitCode::from(1));
    }
    if !consent.yes {
        for traces in &found.contacts {
            if !who.json {
                println!("would erase, of {}: {}", traces.of.1.masked(), amounts(traces).join(", "));
            }
        }
        say(
            who,
            &found,
            "rehearsed",
            "nothing was erased yet; with --yes it is, and cannot be taken back. This stays:",
        );
        print_stays(who, &found);
        return Ok(ExitCode::SUCCESS);
    }
    let config = installation.read()?;
    start_log(false);
    let desk = app::desk(&config, storage, installation.clock()?).await?;
    let mut done = Ok(true);
    for traces in &found.contacts {
        done = one(&found, traces, consent.cancel, (&config, &desk, storage)).await;
        if !matches!(done, Ok(true)) {
            break;
        }
    }
    desk.close().await;
    let is_done = done?;
    remove_files(&config, storage).await?;
    storage.empty_log().await?;
    if !is_done {
        say(who, &found, "refused", "not all was erased: they are writing at this moment; try again in a minute");
        return Ok(ExitCode::from(1));
    }
    say(who, &found, "erased", "everything about them was erased. This stays:");
    print_stays(who, &found);
    Ok(ExitCode::SUCCESS)
}

/// Why a contact cannot be erased now.
fn needed(found: &Found, traces: &Traces, cancel: bool) -> Option<String> {
    if traces.unsent("claimed") > 0 {
        return Some("a reply to them is being sent at this moment; try again in two minutes".to_owned());
    }
    if cancel {
        return None;
    }
    if let Some(day) = traces.last_live_day(found.today(traces)) {
        return Some(format!("they have a valid booking until {day}; wait until it is over, or add --cancel"));
    }
    traces.is_waiting().then(|| {
        "they wait for an officer's answer, or for a seat; answer and close it first, or add --cancel".to_owned()
    })
}

/// Erases one contact; again with what was written meanwhile.
async fn one(
    found: &Found,
    traces: &Traces,
    cancel: bool,
    (config, desk, storage): (&Config, &Desk, &Storage),
) -> Result<bool, CommandError> {
    let office = office_of(config, traces)?;
    let over = found.named.iter().filter(|named| found.is_over(named));
    let others = over
        .map(|named| Ok((named.booking, named.without(&found.people)?)))
        .collect::<Result<Vec<_>, CommandError>>()?;
    let mut now = traces.clone();
    for _ in 0..TRIES {
        if desk.erase(&office, NewErasure { traces: now, others: others.clone() }, cancel).await? {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
        let Some(again) = storage.traces(std::slice::from_ref(&traces.of), false).await?.into_iter().next() else {
            return Ok(true);
        };
        now = again;
    }
    Ok(false)
}

/// The office of a contact, by their rows or by the channel.
fn office_of(config: &Config, traces: &Traces) -> Result<OfficeId, CommandError> {
    let of_channel = || {
        let channel = config.channels.iter().find(|one| ChannelId::new(&one.gateway, &one.key) == traces.of.0);
        channel.map(|channel| channel.office.clone())
    };
    traces.office.clone().or_else(of_channel).ok_or_else(|| {
        let channel = traces.of.0.as_str();
        CommandError::Other(format!("no office is known for the channel {channel}; name it in a [[channel]] section"))
    })
}

/// Removes the files of erased photos; a running installation does the same.
async fn remove_files(config: &Config, storage: &Storage) -> Result<(), CommandError> {
    loop {
        let names = storage.erased_files().await?;
        if names.is_empty() {
            return Ok(());
        }
        let paths: Vec<PathBuf> = names.iter().map(|name| config.media.join(name)).collect();
        files::remove_all(&config.media, &paths)?;
        storage.files_removed(&names).await?;
    }
}

fn say(who: &Who, found: &Found, state: &str, sentence: &str) {
    if who.json {
        println!("{:#}", outcome(found, state));
    } else {
        println!("{sentence}");
    }
}

fn print_stays(who: &Who, found: &Found) {
    if !who.json {
        for stays in found.stays() {
            println!("  {}", reason(&stays));
        }
    }
}
