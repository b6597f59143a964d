//! The console of the staff, where it is configured.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::error::BuildError;
use super::time::Time;
use crate::access::{self, Access};
use crate::config::{ChannelConfig, Config, Creation};
use crate::desk::Desk;
use crate::domain::message::ChannelId;
use crate::export::Exports;
use crate::front_desk::{Displays, FrontDesk, Lines, OfficeCalendar};
use crate::gateway::Gateways;
use crate::photos::Photos;
use crate::replay;
use crate::storage::Storage;
use crate::versions::Versions;
use crate::web;
use crate::web::console::{CaseOfMessage, ChannelSetup, Messaging};

/// Gives the offices that are in force.
fn roster_of(desk: &Desk) -> access::Offices {
    let desk = desk.clone();
    Arc::new(move || desk.roster())
}

/// The folder of files that are taken out of offices.
const EXPORTS: &str = "exports";

/// Files that are taken out of offices: in a folder beside that of the photos, which no address leads to.
pub(super) fn exports(config: &Config, storage: &Storage, time: &Time) -> Exports {
    Exports::new(storage.clone(), config.media.with_file_name(EXPORTS), time.wall())
}

/// What the console needs; a demo's accounts are added. Where nobody can sign in, the log says which command changes that.
///
/// # Errors
/// [`BuildError`] when storage failed.
pub(super) async fn setup(
    config: &Config,
    (storage, photos): (&Storage, &Photos),
    (messaging, lines): (Messaging, Lines),
    (time, closing): (&Time, &CancellationToken),
) -> Result<Option<web::console::Setup>, BuildError> {
    let Some(console) = &config.console else { return Ok(None) };
    let desk = &messaging.desk.clone();
    let offices = roster_of(desk);
    let access = Access::new(storage.clone(), time.wall(), time.clock(), offices)?;
    if config.creation == Creation::Freely {
        access::enrol_demo(&access).await?;
    } else if !access.people().has_administrator().await? {
        tracing::warn!("nobody can sign in to the console yet: run `antrean user add --first`");
    }
    let (at, clock) = (storage.clone(), time.clock());
    let (storage_of, by, rosters) = (storage.clone(), time.clock(), roster_of(desk));
    let (versions_at, now, of) = (storage.clone(), time.clock(), desk.clone());
    Ok(Some(web::console::Setup {
        access,
        front_desks: Arc::new(move |office, actor| FrontDesk::new(at.clone(), Arc::clone(&clock), office, actor)),
        calendars: Arc::new(move |office, actor| {
            OfficeCalendar::new(storage_of.clone(), Arc::clone(&by), (office, rosters()), lines.clone(), actor)
        }),
        versions: Arc::new(move || Versions::new(versions_at.clone(), of.roster(), now.now())),
        desk: desk.clone(),
        displays: Displays::new(storage.clone(), time.clock()),
        messaging,
        exports: exports(config, storage, time),
        photos: photos.clone(),
        live: storage.live().clone(),
        closing: closing.clone(),
        address: console.address.clone(),
    }))
}

/// How the console reaches citizens.
pub(super) fn messaging(config: &Config, desk: &Desk, gateways: &Gateways, wake_courier: &Arc<Notify>) -> Messaging {
    let setup = |channel: &ChannelConfig| {
        Some(ChannelSetup {
            id: ChannelId::new(&channel.gateway, &channel.key),
            office: channel.office.clone(),
            gateway: Arc::clone(gateways.get(channel.gateway.as_str())?),
            templates: channel.sending.templates.clone(),
            rate: channel.sending.channel_rate,
            price: channel.price.clone(),
        })
    };
    Messaging {
        desk: desk.clone(),
        wake_courier: Arc::clone(wake_courier),
        channels: Arc::new(config.channels.iter().filter_map(setup).collect()),
        make_case: Arc::new(|formats, office, text, sent| {
            let replay::FormatCase { text, left, example } = replay::format_case(formats, office, text, sent);
            CaseOfMessage { text, left, example }
        }),
    }
}
