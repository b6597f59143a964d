//! Connects the HTTP server of an installation with its parts, and sets the limits for unauthenticated clients.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::time::Time;
use crate::config::{Config, Creation};
use crate::desk::{Channels, Desk};
use crate::domain::office::OfficeId;
use crate::domain::slot;
use crate::gateway::simulator::Simulator;
use crate::gateway::{Gateway, Gateways};
use crate::grammar;
use crate::metrics::Metrics;
use crate::storage::{ChannelQueue, ChannelState, Storage};
use crate::web::{self, AppState};

/// One connection in so many may wait for the desk's verdict. With the others whoever comes meanwhile is refused at once, and the staff
/// has its pages.
const WAITING_SHARE: usize = 2;

/// What the routes answer from.
pub(super) struct Sources<'a> {
    pub(super) config: &'a Config,
    pub(super) storage: &'a Storage,
    pub(super) desk: &'a Desk,
    pub(super) channels: &'a Channels,
    pub(super) gateways: Gateways,
    pub(super) simulator: Option<Arc<Simulator>>,
    pub(super) time: &'a Time,
    pub(super) metrics: &'a Arc<Metrics>,
    pub(super) closing: &'a CancellationToken,
}

/// The routes of an installation.
pub(super) fn router(
    sources: Sources<'_>,
    (console, hall): (Option<web::console::Setup>, web::display::Setup),
    guard: &Arc<web::Guard>,
) -> axum::Router {
    let Sources { config, storage, desk, channels, gateways, simulator, time, metrics, closing } = sources;
    let (probed, listed) = (storage.clone(), storage.clone());
    let simulator = simulator.map(|gateway| web::simulator::Setup {
        offices: board(desk, &gateway, channels),
        first: first_channel(config, &gateway),
        gateway,
        movable: time.movable(),
    });
    let state = AppState {
        intake: Arc::new(desk.clone()),
        gateways,
        probe: Arc::new(move || {
            let storage = probed.clone();
            Box::pin(async move { storage.ping().await.map_err(|error| error.to_string()) })
        }),
        stopped_channels: Arc::new(move || {
            let storage = listed.clone();
            Box::pin(async move { storage.channels().await.map(stopped).unwrap_or_default() })
        }),
        clock: time.clock(),
        metrics: Arc::clone(metrics),
        simulator,
        console,
        hall: Some(hall),
        closing: closing.clone(),
        timeouts: web::Timeouts::default(),
    };
    web::guarded(state, Arc::clone(guard))
}

/// The limits that are checked for each client.
pub(super) fn guard(config: &Config) -> Arc<web::Guard> {
    Arc::new(web::Guard::new(web::GuardSettings {
        trusted_proxies: config.client_limits.trusted_proxies.clone(),
        body_bytes_max: bytes_of_mib(config.client_limits.body_memory_mib),
        bodies_per_client_max: whole(config.client_limits.connections_per_client_max),
        waiting_max: within(config).connections_max.div_ceil(WAITING_SHARE),
    }))
}

/// The limits of all connections together, within what the system allows.
pub(super) fn limits(config: &Config) -> web::Limits {
    let (within, wanted) = (within(config), whole(config.client_limits.connections_max));
    if within.connections_max < wanted {
        tracing::warn!(
            connections_max = wanted,
            allowed = within.connections_max,
            "the system allows fewer open files than connections are configured; raise its limit (LimitNOFILE)"
        );
    }
    within
}

fn within(config: &Config) -> web::Limits {
    let limits = web::Limits {
        connections_max: whole(config.client_limits.connections_max),
        connections_per_client_max: whole(config.client_limits.connections_per_client_max),
        ..web::Limits::default()
    };
    limits.capped_by_descriptors(descriptors())
}

fn whole(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn bytes_of_mib(mib: u32) -> usize {
    whole(mib).saturating_mul(1024 * 1024)
}

/// How many files this process may have open; `None` where the system does not say it in this way.
fn descriptors() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Warns of a listener beyond this machine that has no TLS in front: anybody on the way reads what citizens write.
pub(super) fn warn_of_strangers(config: &Config, listener: &TcpListener) {
    let Ok(address) = listener.local_addr() else { return };
    if address.ip().is_loopback() {
        return;
    }
    if config.creation == Creation::Freely {
        tracing::warn!(
            %address,
            "a demo that listens beyond this machine: anybody in this network can read all chats, write as any citizen and \
             move the clock; use invented people only, or listen on 127.0.0.1"
        );
    } else if config.client_limits.trusted_proxies.is_empty() {
        tracing::warn!(
            %address,
            "listening beyond this machine without TLS: who is on the way reads citizens' messages and secrets in \
             addresses; put a reverse proxy with TLS in front and name it in `trusted_proxies`, or listen on 127.0.0.1"
        );
    }
}

/// The simulator's channel that the configuration names first: the one that its page opens.
fn first_channel(config: &Config, gateway: &Simulator) -> Option<String> {
    config.channels.iter().find(|channel| channel.gateway == gateway.name()).map(|channel| channel.key.clone())
}

/// Who fills the simulator's examples in.
const SIMULATED_NAME: &str = "Sari Wulandari";

/// The offices as the simulator's page offers them, each with an example for its next open day.
fn board(desk: &Desk, gateway: &Simulator, channels: &Channels) -> web::simulator::OfficeBoard {
    let channels: Vec<(String, OfficeId)> = channels
        .iter()
        .filter(|(channel, _)| channel.gateway() == gateway.name())
        .map(|(channel, office)| (channel.key().to_owned(), office.clone()))
        .collect();
    let desk = desk.clone();
    Arc::new(move |now| {
        let roster = desk.roster();
        let card = |(key, id): &(String, OfficeId)| {
            let office = roster.offices.get(id)?;
            let format = roster.formats_of(office).first().copied()?;
            let today = office.date_at(now);
            let visit = slot::next_day(office, roster.calendar_of(&office.id), today, now).unwrap_or(today);
            Some(web::simulator::OfficeCard {
                key: key.clone(),
                name: office.name.clone(),
                zone: office.zone.name(),
                poster: format.line().to_owned(),
                // The example names another person than the poster does: the poster's own example is never booked.
                example: format.example(visit).replace(grammar::SAMPLE_NAME, SIMULATED_NAME),
            })
        };
        channels.iter().filter_map(card).collect()
    })
}

/// The channels that do not send, with their state and the reason: what `/readyz` shows.
fn stopped(queues: Vec<ChannelQueue>) -> BTreeMap<String, String> {
    let stopped = queues.into_iter().filter(|queue| queue.channel.state != ChannelState::Open);
    let tell = |queue: ChannelQueue| {
        let (state, reason) = (queue.channel.state.name(), queue.channel.reason.unwrap_or_default());
        let text = if reason.is_empty() { state.to_owned() } else { format!("{state}: {reason}") };
        (queue.channel.id.as_str().to_owned(), text)
    };
    stopped.map(tell).collect()
}
