//! The console of the staff, where it is configured.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::error::BuildError;
use super::time::Time;
use crate::access::{self, Access};
use crate::config::{Config, Creation};
use crate::desk::Desk;
use crate::export::Exports;
use crate::front_desk::{Displays, FrontDesk};
use crate::storage::Storage;
use crate::versions::Versions;
use crate::web;

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
    storage: &Storage,
    desk: &Desk,
    time: &Time,
    closing: &CancellationToken,
) -> Result<Option<web::console::Setup>, BuildError> {
    let Some(console) = &config.console else { return Ok(None) };
    let (own, of) = (desk.clone(), desk.clone());
    let offices = Arc::new(move || own.roster());
    let access = Access::new(storage.clone(), time.wall(), time.clock(), offices)?;
    if config.creation == Creation::Freely {
        access::enrol_demo(&access).await?;
    } else if !access.people().has_administrator().await? {
        tracing::warn!("nobody can sign in to the console yet: run `antrean user add --first`");
    }
    let (at, clock) = (storage.clone(), time.clock());
    let (versions_at, now) = (storage.clone(), time.clock());
    Ok(Some(web::console::Setup {
        access,
        front_desks: Arc::new(move |office, actor| FrontDesk::new(at.clone(), Arc::clone(&clock), office, actor)),
        versions: Arc::new(move || Versions::new(versions_at.clone(), of.roster(), now.now())),
        desk: desk.clone(),
        displays: Displays::new(storage.clone(), time.clock()),
        exports: exports(config, storage, time),
        media: config.media.clone(),
        live: storage.live().clone(),
        closing: closing.clone(),
        address: console.address.clone(),
    }))
}
