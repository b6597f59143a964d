//! From a configuration to an installation that is ready to run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::lock::lock;
use super::loops::Loops;
use super::{App, Bells, Time, modes, stamp, time};
use crate::caretaker::Caretaker;
use crate::clock::SharedClock;
use crate::config::{ChannelConfig, Config, Creation, GatewayConfig};
use crate::courier::{Courier, Line};
use crate::desk::{Channels, Desk, Parts, RepliesMax};
use crate::domain::message::ChannelId;
use crate::domain::office::OfficeId;
use crate::domain::slot;
use crate::gateway::simulator::Simulator;
use crate::gateway::site::Site;
use crate::gateway::{Gateway, Gateways};
use crate::metrics::{Metrics, ReplyLabels};
use crate::roster::{self, Problems, Roster};
use crate::sheet::nearest;
use crate::storage::{ChannelQueue, ChannelState, ImportOutcome, Storage, StorageError, sqlite_path};
use crate::web::{self, AppState};

/// Lanes of the desk on a server that takes several writers, a node; more do not help on few cores.
const LANES_POSTGRES: usize = 2;

/// Why an installation cannot start. Each names what to mend.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Office files.
    #[error(transparent)]
    Offices(#[from] Problems),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Another process serves the same file.
    #[error(
        "another antrean serves the database {0} already; stop that one first, or give this one a database of its own"
    )]
    Taken(PathBuf),
    /// Something tells of an earlier database, which is not there.
    #[error("{0}")]
    NoDatabase(String),
    /// A copy into this database was cut off.
    #[error("a move from {0} into this database was begun and not finished; run the same `antrean db move` again")]
    HalfMoved(String),
    /// An office file changed without a new version.
    #[error(
        "the file of office `{0}` has changed, but still says `version = {1}`, which is in force with other content; \
         write `version = {next}`",
        next = .1 + 1
    )]
    SameVersion(String, u32),
    /// Something in the configuration.
    #[error("{0}")]
    Config(String),
    /// The port.
    #[error("cannot listen on {0}: {1}; if another `antrean` listens there, end it or choose another port")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// A file or folder.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers")]
    Chance,
}

/// Builds an installation: reads the offices, opens and migrates the database, puts the offices in force, binds the
/// port.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub async fn build(config: &Config, time: Time) -> Result<App, BuildError> {
    let roster = Roster::load(&config.offices)?;
    // Before anything is made on the disk: where another process has the port, nothing is.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| BuildError::Listen(config.listen, error))?;
    stamp::admit(config)?;
    let (clock, bells): (SharedClock, Bells) = match &time {
        Time::Real(clock) => (Arc::clone(clock) as SharedClock, Bells::default()),
        Time::Movable(clock, bells) => (Arc::clone(clock) as SharedClock, bells.clone()),
    };
    let (gateways, simulator) = gateways(config, &clock)?;
    let lock = lock(&config.database, stamp::readers(config))?;
    // From here on the start is alone with the files.
    stamp::make(config)?;
    for told in stamp::told_of_logs(&config.database) {
        tracing::warn!("{told}");
    }
    modes::mend(config);
    let storage = Storage::open_serving(config.address()).await?;
    for risk in storage.risky_settings().await? {
        tracing::warn!("{risk}");
    }
    if let Some(source) = storage.unfinished_move().await? {
        return Err(BuildError::HalfMoved(source));
    }
    stamp::settle(config, &storage).await?;
    modes::mend_media(config);
    if let Time::Real(clock) = &time {
        time::compare(clock, &storage).await?;
    }
    let roster = put_in_force(&storage, roster, clock.now()).await?;
    warn_of_missing_calendars(&roster, clock.now());
    let channels = channels(config, &roster)?;
    let metrics = Arc::new(Metrics::new());
    let taken_over = storage.take_over_claims().await?;
    if taken_over > 0 {
        metrics.replies.get_or_create(&ReplyLabels { verdict: "taken_over" }).inc_by(taken_over);
        tracing::warn!(replies = taken_over, "replies that were being sent when the last process ended go out again");
    }
    let seed = seed()?;
    let sqlite = sqlite_path(&config.database).is_some();
    let desk = Desk::start(Parts {
        storage: storage.clone(),
        roster,
        channels: channels.clone(),
        replies_max: replies_max(config),
        clock: Arc::clone(&clock),
        seed,
        lanes: if sqlite { 1 } else { LANES_POSTGRES },
        messages_per_commit: config.messages_per_commit,
        wake_courier: Arc::clone(&bells.courier),
        metrics: Arc::clone(&metrics),
    });
    let owner = format!("{:08x}", u32::from_ne_bytes([seed[28], seed[29], seed[30], seed[31]]));
    storage.enrol_channels(&channels.keys().cloned().collect::<Vec<_>>(), clock.now()).await?;
    storage.ask_broken_channels_again().await?;
    let courier = Courier::new(storage.clone(), gateways.clone(), Arc::clone(&clock), owner)
        .with_lines(lines(config))
        .with_age_max(TimeDelta::hours(i64::from(config.reply_hours)))
        .with_jitter(self::seed()?);
    let caretaker =
        Caretaker::new(storage.clone(), desk.clone(), gateways.clone(), config.media.clone(), Arc::clone(&clock))
            .keeping(config.keep_days)
            .readable_by(stamp::readers(config));
    let closing = CancellationToken::new();
    let (probed, looked_at) = (storage.clone(), storage.clone());
    let (movable, real) = match time {
        Time::Movable(clock, _) => (Some(clock), None),
        Time::Real(clock) => (None, Some(clock)),
    };
    let guard = guard(config);
    let router = web::guarded(
        AppState {
            intake: Arc::new(desk.clone()),
            gateways,
            probe: Arc::new(move || {
                let storage = probed.clone();
                Box::pin(async move { storage.ping().await.map_err(|error| error.to_string()) })
            }),
            lines: Arc::new(move || {
                let storage = looked_at.clone();
                Box::pin(async move { storage.channels().await.map(stopped).unwrap_or_default() })
            }),
            clock: Arc::clone(&clock),
            metrics: Arc::clone(&metrics),
            simulator: simulator.map(|gateway| web::simulator::Setup {
                offices: board(&desk, &gateway, &channels),
                first: first_line(config, &gateway),
                gateway,
                movable,
            }),
            closing: closing.clone(),
            timeouts: web::Timeouts::default(),
        },
        Arc::clone(&guard),
    );
    let loops =
        Loops { courier, caretaker, storage: storage.clone(), clock, real, bells, metrics: Arc::clone(&metrics) };
    warn_of_strangers(config, &listener);
    Ok(App { listener, router, guard, limits: limits(config), metrics, closing, loops, desk, storage, _lock: lock })
}

/// What strangers are allowed.
fn guard(config: &Config) -> Arc<web::Guard> {
    Arc::new(web::Guard::new(web::GuardSettings {
        trusted_proxies: config.strangers.trusted_proxies.clone(),
        body_bytes_max: bytes_of_mib(config.strangers.body_memory_mib),
        bodies_per_client_max: whole(config.strangers.connections_per_client_max),
    }))
}

fn limits(config: &Config) -> web::Limits {
    let limits = web::Limits {
        connections_max: whole(config.strangers.connections_max),
        connections_per_client_max: whole(config.strangers.connections_per_client_max),
        ..web::Limits::default()
    };
    let within = limits.capped_by_descriptors(descriptors());
    if within.connections_max < limits.connections_max {
        tracing::warn!(
            connections_max = limits.connections_max,
            allowed = within.connections_max,
            "the system allows fewer open files than connections are configured; raise its limit (LimitNOFILE)"
        );
    }
    within
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

/// What anybody on the network reads and writes along, unless something in front encrypts it.
fn warn_of_strangers(config: &Config, listener: &TcpListener) {
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
    } else if config.strangers.trusted_proxies.is_empty() {
        tracing::warn!(
            %address,
            "listening beyond this machine without TLS: who is on the way reads citizens' messages and secrets in \
             addresses; put a reverse proxy with TLS in front and name it in `trusted_proxies`, or listen on 127.0.0.1"
        );
    }
}

/// A desk of its own beside the installation, for a command that serves messages again.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub async fn desk(config: &Config, storage: &Storage, clock: SharedClock) -> Result<Desk, BuildError> {
    let roster = put_in_force(storage, Roster::load(&config.offices)?, clock.now()).await?;
    let channels = channels(config, &roster)?;
    Ok(Desk::start(Parts {
        storage: storage.clone(),
        roster,
        channels,
        replies_max: replies_max(config),
        clock,
        seed: seed()?,
        lanes: 1,
        messages_per_commit: config.messages_per_commit,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    }))
}

/// Chance from the operating system, for codes.
fn seed() -> Result<[u8; 32], BuildError> {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(|_| BuildError::Chance)?;
    Ok(seed)
}

/// Imports the offices of the files, and takes over what else the database has.
async fn put_in_force(storage: &Storage, mut roster: Roster, now: DateTime<Utc>) -> Result<Roster, BuildError> {
    let mut in_force = storage.offices().await?;
    let mut has_imported = false;
    for office in roster.offices.values() {
        let (id, file) = (office.id.as_str(), roster::print(office));
        // Most starts find everything as it was: one look instead of a transaction for each office.
        if in_force.iter().any(|old| old.id == office.id && old.version == office.version && old.file == file) {
            continue;
        }
        has_imported = true;
        match storage.import_office(office, &file, &roster.calendar, now).await? {
            ImportOutcome::Unchanged => {}
            ImportOutcome::Imported { before, kept } => {
                if let Some(before) = before {
                    tracing::info!(office = id, before, version = office.version, "a newer office file is in force");
                }
                for (date, taken, capacity) in kept {
                    tracing::warn!(office = id, %date, taken, capacity, "more is booked than the new file offers; kept");
                }
            }
            ImportOutcome::SameVersion => return Err(BuildError::SameVersion(id.to_owned(), office.version)),
            ImportOutcome::Older { in_force } => {
                tracing::warn!(office = id, version = office.version, in_force, "the database has a newer office file");
            }
        }
    }
    if has_imported {
        in_force = storage.offices().await?;
    }
    for stored in in_force {
        let known = roster.offices.get(&stored.id).is_some_and(|office| office.version >= stored.version);
        if !known {
            roster.offices.insert(stored.id, Arc::new(roster::read(&stored.file)?));
        }
    }
    Ok(roster)
}

/// A year without a calendar is told to citizens honestly; the operator should hear of it first.
fn warn_of_missing_calendars(roster: &Roster, now: DateTime<Utc>) {
    for (year, offices) in roster.unknown_years(now) {
        tracing::warn!(
            year,
            offices = offices.len(),
            "no holidays are loaded for a year that people can ask for: its days are not given; add a calendar file"
        );
    }
}

/// The simulator's line that the configuration names first: the one that its page opens.
fn first_line(config: &Config, gateway: &Simulator) -> Option<String> {
    config.channels.iter().find(|channel| channel.gateway == gateway.name()).map(|channel| channel.key.clone())
}

/// The offices as the simulator's page offers them, each with an example for its next open day.
fn board(desk: &Desk, gateway: &Simulator, channels: &Channels) -> web::simulator::OfficeBoard {
    let lines: Vec<(String, OfficeId)> = channels
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
            let visit = slot::next_day(office, &roster.calendar, today, now).unwrap_or(today);
            Some(web::simulator::OfficeCard {
                key: key.clone(),
                name: office.name.clone(),
                zone: office.zone.name(),
                poster: format.line().to_owned(),
                example: format.example(visit),
            })
        };
        lines.iter().filter_map(card).collect()
    })
}

fn channels(config: &Config, roster: &Roster) -> Result<Channels, BuildError> {
    let mut channels = Channels::new();
    for channel in &config.channels {
        if !roster.offices.contains_key(&channel.office) {
            let known = || roster.offices.keys().map(OfficeId::as_str);
            let remedy = match nearest(channel.office.as_str(), known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add its file, or name one of these: {}", known().collect::<Vec<_>>().join(", ")),
            };
            let ChannelConfig { place, office, .. } = channel;
            return Err(BuildError::Config(format!("{place}: no office file describes `{office}`: {remedy}")));
        }
        channels.insert(ChannelId::new(&channel.gateway, &channel.key), channel.office.clone());
    }
    Ok(channels)
}

/// The lines that do not send, with their state and the reason: what `/readyz` shows.
fn stopped(queues: Vec<ChannelQueue>) -> BTreeMap<String, String> {
    let stopped = queues.into_iter().filter(|queue| queue.channel.state != ChannelState::Open);
    let tell = |queue: ChannelQueue| {
        let (state, reason) = (queue.channel.state.name(), queue.channel.reason.unwrap_or_default());
        let text = if reason.is_empty() { state.to_owned() } else { format!("{state}: {reason}") };
        (queue.channel.id.as_str().to_owned(), text)
    };
    stopped.map(tell).collect()
}

/// What the configuration says about each line.
fn lines(config: &Config) -> BTreeMap<ChannelId, Line> {
    let line = |channel: &ChannelConfig| (ChannelId::new(&channel.gateway, &channel.key), channel.line.clone());
    config.channels.iter().map(line).collect()
}

/// What the configuration says about how much one contact is told.
fn replies_max(config: &Config) -> RepliesMax {
    let said = |channel: &ChannelConfig| Some((ChannelId::new(&channel.gateway, &channel.key), channel.replies_max?));
    Arc::new(config.channels.iter().filter_map(said).collect())
}

/// The configured gateways, for a command that asks or sends by itself.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub fn gateways_of(config: &Config, clock: &SharedClock) -> Result<Gateways, BuildError> {
    gateways(config, clock).map(|(gateways, _)| gateways)
}

fn gateways(config: &Config, clock: &SharedClock) -> Result<(Gateways, Option<Arc<Simulator>>), BuildError> {
    let mut gateways = Gateways::new();
    let mut page = None;
    for (name, settings) in &config.gateways {
        let opened = settings.open().map_err(|error| BuildError::Config(format!("[gateway.{name}]: {error}")))?;
        let gateway = opened.unwrap_or_else(|| {
            let site = if let GatewayConfig::Simulator(site) = settings { site.clone() } else { Site::default() };
            let simulator = Simulator::at(name.clone(), Arc::clone(clock), site);
            page = Some(Arc::clone(&simulator));
            simulator
        });
        gateways.insert(name.clone(), gateway);
    }
    Ok((gateways, page))
}
