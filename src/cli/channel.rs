//! `antrean channel`: the channels that replies leave by.

mod costs;

use std::process::ExitCode;

use clap::Subcommand;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::{Installation, WithInstallation, zones};
use super::shared::value::{counted, local};
use crate::app;
use crate::config::Config;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::identity::Phone;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::Zone;
use crate::gateway::{Gateway, Parcel};
use crate::storage::{ChannelState, Storage};

/// Days that `costs` shows where nothing is said: a week.
const COST_DAYS: u32 = 7;
/// Most days that it shows: a year.
const COST_DAYS_MAX: i64 = 366;
/// What `test --to` sends where no text is given.
const TEST_TEXT: &str = "Ini pesan uji dari antrean. Anda tidak perlu membalas.";

/// Arguments of `antrean channel`.
pub type ChannelArgs = WithInstallation<Action>;

/// What `antrean channel` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List the channels, whether each sends, and how many replies wait
    List,
    /// Ask the provider whether a channel can send; with --to, send a test message
    Test {
        /// The channel, such as wa/1001; all where none is named
        channel: Option<String>,
        /// Send a test message to this number, such as 0812-0000-0001 or 6281200000001
        #[arg(long, value_name = "NUMBER", requires = "channel")]
        to: Option<String>,
        /// What the test message says
        #[arg(long, default_value = TEST_TEXT, requires = "to")]
        text: String,
    },
    /// What each channel sent, day by day, and what that cost by `[channel.price]`
    Costs {
        /// The channel, such as wa/1001; all where none is named
        channel: Option<String>,
        /// How many days, today included
        #[arg(long, default_value_t = COST_DAYS, value_parser = clap::value_parser!(u32).range(1..=COST_DAYS_MAX))]
        days: u32,
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Hold a channel's replies; its messages are still taken in
    Pause {
        /// The channel, such as wa/1001
        channel: String,
        /// Why, for whoever looks at the list
        #[arg(long, default_value = "by hand")]
        reason: String,
    },
    /// Let a channel send again: after a pause, or once a limited account is free
    Resume {
        /// The channel, such as wa/1001
        channel: String,
    },
}

/// Runs the command.
pub fn run(args: &ChannelArgs) -> ExitCode {
    block_on(async {
        let installation = &args.installation;
        let config = installation.read()?;
        if let Action::Test { channel, to, text } = &args.what {
            let known = match channel {
                Some(name) => vec![channel_of(name, &configured(&config))?],
                None => configured(&config),
            };
            return test(installation, &known, to.as_deref(), text).await;
        }
        let storage = installation.storage().await?;
        storage.enrol_channels(&configured(&config), installation.clock()?.now()).await?;
        let known: Vec<ChannelId> = storage.channels().await?.into_iter().map(|queue| queue.channel.id).collect();
        let now = installation.clock()?.now();
        match &args.what {
            Action::Pause { channel, reason } => {
                let channel = channel_of(channel, &known)?;
                record(args, &storage, (Act::PauseChannel, &channel), &config).await?;
                storage.set_channel(&channel, ChannelState::Paused, Some(reason), now).await?;
                println!("{} is paused: it takes messages in and holds its replies", channel.as_str());
            }
            Action::Resume { channel } => {
                let channel = channel_of(channel, &known)?;
                record(args, &storage, (Act::ResumeChannel, &channel), &config).await?;
                storage.set_channel(&channel, ChannelState::Open, None, now).await?;
                println!("{} sends again", channel.as_str());
            }
            Action::Costs { channel, days, json } => {
                let known = match channel {
                    Some(name) => vec![channel_of(name, &known)?],
                    None => known,
                };
                costs::print((&storage, &config), &known, (*days, now), *json).await?;
            }
            Action::List | Action::Test { .. } => list(&storage, &config).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Records what is done with a channel, before it is done.
async fn record(
    args: &ChannelArgs,
    storage: &Storage,
    (act, channel): (Act, &ChannelId),
    config: &Config,
) -> Result<(), CommandError> {
    let event = AuditEvent::of(act).about(Subject::channel(channel));
    let known = config.channels.iter().find(|one| channel.gateway() == one.gateway && channel.key() == one.key);
    let event = known.map_or_else(|| event.clone(), |one| event.clone().at(&one.office));
    args.acting.record(storage, event).await
}

fn configured(config: &Config) -> Vec<ChannelId> {
    config.channels.iter().map(|channel| ChannelId::new(&channel.gateway, &channel.key)).collect()
}

/// The channel that is meant: its whole name, or its key where only one channel has that.
fn channel_of(name: &str, known: &[ChannelId]) -> Result<ChannelId, CommandError> {
    let meant: Vec<&ChannelId> =
        known.iter().filter(|channel| channel.as_str() == name || channel.key() == name).collect();
    if let [only] = meant.as_slice() {
        return Ok((*only).clone());
    }
    let names: Vec<&str> = known.iter().map(ChannelId::as_str).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Err(CommandError::Other(format!("there is no channel `{name}`; there are: {names}")))
}

async fn list(storage: &Storage, config: &Config) -> Result<(), CommandError> {
    let queues = storage.channels().await?;
    let zones = zones(storage).await?;
    let office = |id: &ChannelId| {
        config.channels.iter().find(|channel| channel.gateway == id.gateway() && channel.key == id.key())
    };
    for queue in &queues {
        let channel = &queue.channel;
        let (name, state) = (channel.id.as_str(), channel.state.name());
        let zone = office(&channel.id).and_then(|channel| zones.get(channel.office.as_str()));
        let since = local(channel.since, zone.copied().unwrap_or(Zone::Wib));
        let reason = channel.reason.as_deref().map(|reason| format!("  {reason}")).unwrap_or_default();
        println!(
            "{name:<24} {state:<8} since {since}  {} waiting, {} held, {} given up{reason}",
            queue.waiting, queue.held, queue.dead
        );
    }
    println!("{}", counted(queues.len(), "channel", "channels"));
    Ok(())
}

/// Asks the providers of these channels; the exit code is 1 where one of them cannot send.
async fn test(
    installation: &Installation,
    channels: &[ChannelId],
    to: Option<&str>,
    text: &str,
) -> Result<ExitCode, CommandError> {
    let config = installation.read()?;
    let to = to.map(recipient).transpose()?;
    let gateways = app::gateways_of(&config, &installation.clock()?)?;
    let mut failed = false;
    for channel in channels {
        let gateway = gateways.get(channel.gateway());
        let gateway =
            gateway.ok_or_else(|| CommandError::Other(format!("there is no gateway `{}`", channel.gateway())))?;
        let result = match &to {
            None => gateway.probe(channel.key()).await.map(|said| format!("can send: {said}")),
            Some(to) => send(gateway.as_ref(), channel, to.clone(), text).await,
        };
        match result {
            Ok(said) => println!("{}: {said}", channel.as_str()),
            Err(error) => {
                failed = true;
                println!("{}: cannot send: {error}", channel.as_str());
            }
        }
    }
    println!("{}", counted(channels.len(), "channel", "channels"));
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The recipient of a test message: a telephone number in any spelling, or the id of a provider such as Telegram.
fn recipient(text: &str) -> Result<Contact, CommandError> {
    if let Some(phone) = Phone::read(text) {
        let digits: String = phone.international().chars().filter(char::is_ascii_digit).collect();
        return Ok(Contact::new(digits));
    }
    let id: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = id.trim_start_matches('+');
    if digits.is_empty() || digits.starts_with('0') || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(CommandError::Other(format!(
            "--to {text}: not a number; write 0812-0000-0001 or +62 812-0000-0001, at Telegram the chat's id"
        )));
    }
    Ok(Contact::new(digits))
}

async fn send(
    gateway: &dyn Gateway,
    channel: &ChannelId,
    to: Contact,
    text: &str,
) -> Result<String, crate::gateway::SendError> {
    // No reply of ours has the number 0, so a status about the test message changes nothing.
    let receipt = gateway.send(channel.key(), &to, &Parcel::text(0, text)).await?;
    let id = receipt.id.map(|id| format!(", its id is {}", id.as_str())).unwrap_or_default();
    Ok(format!("the provider took the test message{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the number only stripped of its `+`, the first row goes out as 0812-0000-0001.
    #[test]
    fn a_test_message_goes_to_a_number_however_it_is_written() {
        for text in ["0812-0000-0001", "+62 812 0000 0001", "6281200000001", "(0812) 0000.0001"] {
            assert_eq!(recipient(text).expect(text), Contact::new("6281200000001"), "{text}");
        }
        assert_eq!(recipient("987654321").expect("a chat's id"), Contact::new("987654321"));
        for text in ["", "budi", "0812", "+"] {
            assert!(recipient(text).expect_err(text).to_string().contains("0812-0000-0001"), "{text}");
        }
    }

    #[test]
    fn a_channel_is_meant_by_its_name_or_by_a_key_that_only_one_has() {
        let known = [ChannelId::new("wa", "1001"), ChannelId::new("wa", "1002"), ChannelId::new("tg", "1002")];
        assert_eq!(channel_of("wa/1002", &known).expect("known"), known[1]);
        assert_eq!(channel_of("1001", &known).expect("known"), known[0]);
        for unclear in ["1002", "wa", ""] {
            let error = channel_of(unclear, &known).expect_err(unclear).to_string();
            assert!(error.ends_with("there are: wa/1001, wa/1002, tg/1002"), "{error}");
        }
    }
}
