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
use super::time::{Time, Wakeups};
use super::{clock_watch, console, desk, gateways, http, offices, photos, provider_rules, seed, turns};
use crate::caretaker::Caretaker;
use crate::clock::SharedClock;
use crate::config::{ChannelConfig, Config, Creation};
use crate::courier::{ChannelSettings, Courier};
use crate::desk::{Channels, Desk};
use crate::domain::message::ChannelId;
use crate::domain::turn_link::TurnLinks;
use crate::front_desk::DayEnds;
use crate::gateway::Gateways;
use crate::gateway::simulator::Simulator;
use crate::metrics::{Metrics, ReplyLabels};
use crate::photos::Photos;
use crate::roster::Roster;
use crate::storage::Storage;

/// What the parts of an installation share.
struct Parts<'a> {
    config: &'a Config,
    storage: &'a Storage,
    gateways: &'a Gateways,
    channels: &'a Channels,
    clock: &'a SharedClock,
    wakeups: &'a Wakeups,
    metrics: &'a Arc<Metrics>,
    photos: &'a Photos,
}

/// Builds an installation: reads the offices, opens and migrates the database, puts the offices in force, binds the
/// port.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub async fn build(config: &Config, time: Time) -> Result<App, BuildError> {
    let is_demo = config.creation == Creation::Freely;
    let roster = if is_demo { Roster::demo()? } else { Roster::load(&config.offices)? };
    // The port is bound before anything is written to the disk: a start that finds it taken changes nothing.
    let listener = TcpListener::bind(config.listen).await.map_err(|error| BuildError::Listen(config.listen, error))?;
    stamp::refuse_missing_database(config)?;
    let (clock, wakeups) = (time.clock(), time.wakeups());
    let (gateways, simulator) = gateways::open(config, &clock)?;
    let lock = lock::lock(&config.database, place::readers(config))?;
    // The lock is held from here on: no other process serves these files.
    let storage = open_database(config).await?;
    if let Some(clock) = time.real() {
        clock_watch::compare(&clock, &storage).await?;
    }
    let roster = offices::put_in_force(&storage, roster, clock.now()).await?;
    offices::warn_of_missing_calendars(&roster, clock.now());
    let channels = offices::channels(config, &roster)?;
    if let Some(trouble) = provider_rules::pages_without_address(config, &roster) {
        return Err(BuildError::Config(trouble));
    }
    for advice in provider_rules::forbidden_questions(config, &roster) {
        tracing::warn!(remedy = advice.remedy, "{}", advice.what);
    }
    let metrics = Arc::new(Metrics::new());
    take_over_claims(&storage, &metrics).await?;
    let photos = photos::open(config, &storage).await?;
    let parts = Parts {
        config,
        storage: &storage,
        gateways: &gateways,
        channels: &channels,
        clock: &clock,
        wakeups: &wakeups,
        metrics: &metrics,
        photos: &photos,
    };
    let links = turns::links(turns::public_address(config, &listener).as_deref(), &storage).await?;
    let desk = parts.start_desk(roster, links.clone())?;
    storage.enrol_channels(&channels.keys().cloned().collect::<Vec<_>>(), clock.now()).await?;
    storage.ask_broken_channels_again().await?;
    let loops = parts.loops(&desk, &time)?;
    let (closing, guard) = (CancellationToken::new(), http::guard(config));
    let messaging = console::messaging(config, &desk, &gateways, &wakeups.courier);
    let lines = desk::lines(config, &gateways);
    let console = console::setup(config, (&storage, &photos), (messaging, lines), (&time, &closing)).await?;
    let hall = turns::hall(&storage, &desk, (&clock, &closing), (links, &photos));
    let router = http::router(parts.sources(&desk, simulator, &time, &closing), (console, hall), &guard);
    http::warn_of_strangers(config, &listener);
    let limits = http::limits(config);
    Ok(App { listener, router, guard, limits, metrics, closing, loops, desk, storage, _lock: lock })
}

impl<'a> Parts<'a> {
    fn start_desk(&self, roster: Roster, turn_links: Option<TurnLinks>) -> Result<Desk, BuildError> {
        let wiring = Wiring {
            roster,
            channels: self.channels.clone(),
            turn_links,
            clock: Arc::clone(self.clock),
            wake_courier: Arc::clone(&self.wakeups.courier),
            metrics: Arc::clone(self.metrics),
            reaches: desk::reaches(self.config, self.gateways),
            lanes: desk::lanes(self.config),
        };
        desk::start(self.config, self.storage, wiring)
    }

    fn loops(&self, desk: &Desk, time: &Time) -> Result<Loops, BuildError> {
        let (storage, gateways, clock) = (self.storage.clone(), self.gateways.clone(), Arc::clone(self.clock));
        let caretaker = Caretaker::new(storage, desk.clone(), gateways, self.photos.clone(), clock)
            .keeping(self.config.keep_days)
            .erasing(self.config.retention, Arc::clone(self.metrics))
            .saying_notices()
            .counting()
            .tidying(console::exports(self.config, self.storage, time));
        let day_ends = DayEnds::new(self.storage.clone(), desk.clone(), Arc::clone(self.clock));
        Ok(Loops {
            courier: courier(self.config, self.storage, self.gateways, self.clock)?,
            caretaker,
            day_ends,
            storage: self.storage.clone(),
            clock: Arc::clone(self.clock),
            real: time.real(),
            wakeups: self.wakeups.clone(),
            metrics: Arc::clone(self.metrics),
        })
    }

    fn sources(
        &self,
        desk: &'a Desk,
        simulator: Option<Arc<Simulator>>,
        time: &'a Time,
        closing: &'a CancellationToken,
    ) -> Sources<'a> {
        let Self { config, storage, channels, metrics, .. } = *self;
        let gateways = self.gateways.clone();
        Sources { config, storage, desk, channels, gateways, simulator, time, metrics, closing }
    }
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
        .with_channels(settings(config))
        .with_age_max(TimeDelta::hours(i64::from(config.reply_hours)))
        .with_jitter(seed::seed()?))
}

/// The settings of each configured channel.
fn settings(config: &Config) -> BTreeMap<ChannelId, ChannelSettings> {
    let of = |channel: &ChannelConfig| (ChannelId::new(&channel.gateway, &channel.key), channel.sending.clone());
    config.channels.iter().map(of).collect()
}
