//! From a configuration to an installation that is ready to run.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::database::{lock, permissions, place, stamp};
use super::desk::Wiring;
use super::error::BuildError;
use super::http::Sources;
use super::loops::Loops;
use super::run::App;
use super::time::Time;
use super::{clock_watch, desk, gateways, http, offices, seed};
use crate::caretaker::Caretaker;
use crate::clock::SharedClock;
use crate::config::{ChannelConfig, Config};
use crate::courier::{Courier, Line};
use crate::domain::message::ChannelId;
use crate::gateway::Gateways;
use crate::metrics::{Metrics, ReplyLabels};
use crate::roster::Roster;
use crate::storage::Storage;

/// Builds an installation: reads the offices, opens and migrates the database, puts the offices in force, binds the
/// port.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub async fn build(config: &Config, time: Time) -> Result<App, BuildError> {
    let roster = Roster::load(&config.offices)?;
    // Before anything is made on the disk: where another process has the port, nothing is.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| BuildError::Listen(config.listen, error))?;
    stamp::refuse_missing_database(config)?;
    let (clock, wakeups) = (time.clock(), time.wakeups());
    let (gateways, simulator) = gateways::open(config, &clock)?;
    let lock = lock::lock(&config.database, place::readers(config))?;
    // From here on the start is alone with the files.
    let storage = open_database(config).await?;
    if let Some(clock) = time.real() {
        clock_watch::compare(&clock, &storage).await?;
    }
    let roster = offices::put_in_force(&storage, roster, clock.now()).await?;
    offices::warn_of_missing_calendars(&roster, clock.now());
    let channels = offices::channels(config, &roster)?;
    let metrics = Arc::new(Metrics::new());
    take_over_claims(&storage, &metrics).await?;
    let wiring = Wiring {
        roster,
        channels: channels.clone(),
        clock: Arc::clone(&clock),
        wake_courier: Arc::clone(&wakeups.courier),
        metrics: Arc::clone(&metrics),
        lanes: desk::lanes(config),
    };
    let desk = desk::start(config, &storage, wiring)?;
    storage.enrol_channels(&channels.keys().cloned().collect::<Vec<_>>(), clock.now()).await?;
    storage.ask_broken_channels_again().await?;
    let courier = courier(config, &storage, &gateways, &clock)?;
    let media = config.media.clone();
    let caretaker = Caretaker::new(storage.clone(), desk.clone(), gateways.clone(), media, Arc::clone(&clock))
        .keeping(config.keep_days)
        .saying_notices()
        .readable_by(place::readers(config));
    let closing = CancellationToken::new();
    let guard = http::guard(config);
    let sources = Sources {
        config,
        storage: &storage,
        desk: &desk,
        channels: &channels,
        gateways,
        simulator,
        time: &time,
        metrics: &metrics,
        closing: &closing,
    };
    let router = http::router(sources, &guard);
    http::warn_of_strangers(config, &listener);
    let real = time.real();
    let loops =
        Loops { courier, caretaker, storage: storage.clone(), clock, real, wakeups, metrics: Arc::clone(&metrics) };
    Ok(App {
        listener,
        router,
        guard,
        limits: http::limits(config),
        metrics,
        closing,
        loops,
        desk,
        storage,
        _lock: lock,
    })
}

/// Opens and migrates the database, and checks that it is the one that belongs to this installation.
async fn open_database(config: &Config) -> Result<Storage, BuildError> {
    stamp::create_database_file(config)?;
    for warning in stamp::warnings_of_logs_put_aside(&config.database) {
        tracing::warn!("{warning}");
    }
    permissions::repair(config);
    let storage = Storage::open_serving(config.address()).await?;
    for risk in storage.risky_settings().await? {
        tracing::warn!("{risk}");
    }
    if let Some(source) = storage.unfinished_move().await? {
        return Err(BuildError::HalfMoved(source));
    }
    stamp::compare(config, &storage).await?;
    permissions::repair_media(config);
    Ok(storage)
}

/// Releases the replies that the last process had claimed when it ended.
async fn take_over_claims(storage: &Storage, metrics: &Metrics) -> Result<(), BuildError> {
    let replies = storage.take_over_claims().await?;
    if replies > 0 {
        metrics.replies.get_or_create(&ReplyLabels { verdict: "taken_over" }).inc_by(replies);
        tracing::warn!(replies, "replies that were being sent when the last process ended go out again");
    }
    Ok(())
}

fn courier(
    config: &Config,
    storage: &Storage,
    gateways: &Gateways,
    clock: &SharedClock,
) -> Result<Courier, BuildError> {
    let [first, second, third, fourth, ..] = seed::seed()?;
    let owner = format!("{:08x}", u32::from_ne_bytes([first, second, third, fourth]));
    Ok(Courier::new(storage.clone(), gateways.clone(), Arc::clone(clock), owner)
        .with_lines(lines(config))
        .with_age_max(TimeDelta::hours(i64::from(config.reply_hours)))
        .with_jitter(seed::seed()?))
}

/// The settings of each configured line.
fn lines(config: &Config) -> BTreeMap<ChannelId, Line> {
    let line = |channel: &ChannelConfig| (ChannelId::new(&channel.gateway, &channel.key), channel.line.clone());
    config.channels.iter().map(line).collect()
}
