//! Starts the desk of an installation, or one for a single command.

use std::sync::Arc;

use tokio::sync::Notify;

use super::error::BuildError;
use super::gateways::gateways_of;
use super::{offices, seed, turns};
use crate::clock::SharedClock;
use crate::config::{ChannelConfig, Config};
use crate::courier::{Parameter, TemplateChoice};
use crate::desk::{Channels, Dependencies, Desk, RepliesMax};
use crate::domain::message::ChannelId;
use crate::domain::reach::{ChannelReach, Reaches};
use crate::domain::turn_link::TurnLinks;
use crate::front_desk::{Line, Lines};
use crate::gateway::Gateways;
use crate::metrics::Metrics;
use crate::roster::Roster;
use crate::storage::{Storage, sqlite_path};

/// Lanes of the desk on a node whose database takes several writers; more do not help on few cores.
const LANES_POSTGRES: usize = 2;

/// What a desk works with besides configuration and storage.
pub(super) struct Wiring {
    pub(super) roster: Roster,
    pub(super) channels: Channels,
    /// Where citizens see their turn.
    pub(super) turn_links: Option<TurnLinks>,
    pub(super) clock: SharedClock,
    /// Is notified when a reply was written.
    pub(super) wake_courier: Arc<Notify>,
    pub(super) metrics: Arc<Metrics>,
    /// Whom the channels reach unasked.
    pub(super) reaches: Reaches,
    /// How many batches may be written side by side.
    pub(super) lanes: usize,
}

/// The lanes of an installation with this configuration.
pub(super) fn lanes(config: &Config) -> usize {
    if sqlite_path(&config.database).is_some() { 1 } else { LANES_POSTGRES }
}

/// Starts a desk.
///
/// # Errors
/// [`BuildError::Chance`] where the system has no random numbers.
pub(super) fn start(config: &Config, storage: &Storage, wiring: Wiring) -> Result<Desk, BuildError> {
    let Wiring { roster, channels, turn_links, clock, wake_courier, metrics, reaches, lanes } = wiring;
    Ok(Desk::start(Dependencies {
        storage: storage.clone(),
        roster,
        channels,
        replies_max: replies_max(config),
        turn_links,
        reaches,
        clock,
        seed: seed::seed()?,
        lanes,
        messages_per_commit: config.messages_per_commit,
        wait_max: config.wait_max,
        wake_courier,
        metrics,
    }))
}

/// A desk of its own beside the installation, for a command that serves messages again.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub async fn desk(config: &Config, storage: &Storage, clock: SharedClock) -> Result<Desk, BuildError> {
    let roster = offices::put_in_force(storage, Roster::load(&config.offices)?, clock.now()).await?;
    let channels = offices::channels(config, &roster)?;
    let turn_links = turns::links(config.public_address.as_deref(), storage).await?;
    let (wake_courier, metrics) = (Arc::default(), Arc::default());
    let reaches = reaches(config, &gateways_of(config, &clock)?);
    start(config, storage, Wiring { roster, channels, turn_links, clock, wake_courier, metrics, reaches, lanes: 1 })
}

/// Whom the channels reach unasked: by their providers' windows for free messages, and by templates, of which those with a booking
/// code fit no offer.
pub(super) fn reaches(config: &Config, gateways: &Gateways) -> Reaches {
    let reach = |channel: &ChannelConfig| {
        let capabilities = gateways.get(channel.gateway.as_str())?.capabilities();
        let fits = |template: &&TemplateChoice| !template.parameters.contains(&Parameter::Code);
        let templates = channel.sending.templates.iter().filter(fits).map(|template| template.lang.code().to_owned());
        let templates = if capabilities.templates { templates.collect() } else { Vec::new() };
        let reach = ChannelReach { window: capabilities.free_reply_window, templates };
        Some((ChannelId::new(&channel.gateway, &channel.key), reach))
    };
    Reaches::new(config.channels.iter().filter_map(reach).collect())
}

/// The lines of an installation: whom they reach, and what their messages cost.
pub fn lines(config: &Config, gateways: &Gateways) -> Lines {
    let line = |channel: &ChannelConfig| {
        let capabilities = gateways.get(channel.gateway.as_str())?.capabilities();
        let templates = channel.sending.templates.iter().map(|template| template.lang);
        let templates = if capabilities.templates { templates.collect() } else { Vec::new() };
        let line = Line { window: capabilities.free_reply_window, templates, price: channel.price.clone() };
        Some((ChannelId::new(&channel.gateway, &channel.key), line))
    };
    Lines::new(config.channels.iter().filter_map(line).collect())
}

/// How many replies one contact gets, for the channels whose configuration says so.
fn replies_max(config: &Config) -> RepliesMax {
    let said = |channel: &ChannelConfig| Some((ChannelId::new(&channel.gateway, &channel.key), channel.replies_max?));
    Arc::new(config.channels.iter().filter_map(said).collect())
}
