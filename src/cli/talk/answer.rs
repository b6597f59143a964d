//! `antrean talk reply` and `antrean talk close`: what an officer says goes through the outbox, on the channel of the ticket.

use std::io::Read;
use std::process::ExitCode;

use serde_json::json;

use crate::app;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::log::start_log;
use crate::config::Config;
use crate::courier::Way;
use crate::desk::Desk;
use crate::domain::message::ChannelId;
use crate::domain::ticket::OfficerText;
use crate::storage::{Storage, StoredTicket, TalkPartner};

/// Longest text that is read from standard input, in bytes: more never fits into a message.
const INPUT_BYTES_MAX: u64 = 64 * 1024;

/// The word of a way, for programs.
fn name(way: &Way) -> &'static str {
    match way {
        Way::Free => "free",
        Way::Template(_) => "template",
        Way::Held => "held",
    }
}

fn sentence(way: &Way) -> String {
    match way {
        Way::Free => "the answer is on its way".to_owned(),
        Way::Template(name) => {
            format!("the citizen wrote too long ago for a free message; the answer goes out as template `{name}`")
        }
        Way::Held => "the citizen wrote too long ago for a free message, and no template of this channel fits: the \
                      answer is held until they write again; see `antrean outbox list --held`"
            .to_owned(),
    }
}

/// The text of an answer; `-` stands for standard input.
///
/// # Errors
/// [`CommandError::Usage`] where it cannot be sent.
pub(super) fn read(text: &str) -> Result<OfficerText, CommandError> {
    let mut piped = String::new();
    if text == "-" {
        std::io::stdin().lock().take(INPUT_BYTES_MAX).read_to_string(&mut piped)?;
    }
    let text = if text == "-" { piped.as_str() } else { text };
    OfficerText::read(text).map_err(|error| CommandError::Usage(error.to_string()))
}

/// Sends an answer.
///
/// # Errors
/// [`CommandError`] when the ticket was closed meanwhile, or storage failed.
pub(super) async fn reply(
    stored: &StoredTicket,
    text: OfficerText,
    json: bool,
    (installation, storage): (&Installation, &Storage),
) -> Result<ExitCode, CommandError> {
    let config = installation.read()?;
    let now = installation.clock()?.now();
    let partner = storage.talk_partner(stored).await?;
    let desk = desk(&config, installation, storage).await?;
    let is_open = desk.answer_ticket(stored, text).await;
    desk.close().await;
    if !is_open? {
        return Err(is_closed(stored.ticket.id));
    }
    let way = partner.map_or(Way::Free, |partner| way(&config, &stored.of.0, partner, now));
    let (id, template) = (stored.ticket.id, if let Way::Template(name) = &way { Some(name) } else { None });
    if json {
        println!("{}", json!({"ticket": id, "way": name(&way), "template": template}));
    } else {
        println!("ticket {id}: {}", sentence(&way));
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends a ticket.
///
/// # Errors
/// [`CommandError`] when the ticket was closed meanwhile, or storage failed.
pub(super) async fn close(
    stored: &StoredTicket,
    json: bool,
    (installation, storage): (&Installation, &Storage),
) -> Result<ExitCode, CommandError> {
    let config = installation.read()?;
    let desk = desk(&config, installation, storage).await?;
    let is_open = desk.close_ticket(stored).await;
    desk.close().await;
    if !is_open? {
        return Err(is_closed(stored.ticket.id));
    }
    let id = stored.ticket.id;
    if json {
        println!("{}", json!({"ticket": id, "state": "closed"}));
    } else {
        println!("ticket {id} is closed, and its citizen is told");
    }
    Ok(ExitCode::SUCCESS)
}

/// Why nothing was done about a ticket that is closed.
pub(super) fn is_closed(id: i64) -> CommandError {
    CommandError::Other(format!("ticket {id} is closed; nothing was sent"))
}

async fn desk(config: &Config, installation: &Installation, storage: &Storage) -> Result<Desk, CommandError> {
    start_log(false);
    Ok(app::desk(config, storage, installation.clock()?).await?)
}

/// How a free text reaches a citizen now, as far as their last message and the channel's templates tell.
fn way(config: &Config, channel: &ChannelId, partner: TalkPartner, now: chrono::DateTime<chrono::Utc>) -> Way {
    let gateway = config.gateways.get(channel.gateway()).and_then(|gateway| gateway.open().ok().flatten());
    // Without a window the provider decides; a simulator takes everything.
    let Some(gateway) = gateway else { return Way::Free };
    let settings = config.channels.iter().find(|one| ChannelId::new(&one.gateway, &one.key) == *channel);
    let templates = settings.map_or(&[][..], |settings| &settings.sending.templates);
    Way::of((gateway.capabilities(), templates), (partner.lang, partner.heard_at), now)
}
