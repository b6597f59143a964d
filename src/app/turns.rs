//! Where citizens see their turn, and where the halls' displays are.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::config::{Config, Creation};
use crate::desk::Desk;
use crate::domain::turn_link::TurnLinks;
use crate::front_desk::{Displays, Turns};
use crate::photos::Photos;
use crate::storage::{Storage, StorageError};
use crate::uploads::Uploads;
use crate::web;

/// The address that citizens reach this installation at: the configured one; a demo's is where it listens on this machine.
pub(super) fn public_address(config: &Config, listener: &TcpListener) -> Option<String> {
    let of_demo = || {
        let address = listener.local_addr().ok().filter(|_| config.creation == Creation::Freely)?;
        Some(format!(
            "http://{}",
            if address.ip().is_loopback() { address.to_string() } else { format!("localhost:{}", address.port()) }
        ))
    };
    config.public_address.clone().or_else(of_demo)
}

/// The links to citizens' turns, where they have an address.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub(super) async fn links(address: Option<&str>, storage: &Storage) -> Result<Option<TurnLinks>, StorageError> {
    let Some(address) = address else { return Ok(None) };
    Ok(Some(TurnLinks::new(address, storage.turn_key().await?.as_bytes())))
}

/// What the pages of the hall need.
pub(super) fn hall(
    storage: &Storage,
    desk: &Desk,
    (clock, closing): (&SharedClock, &CancellationToken),
    (links, photos): (Option<TurnLinks>, &Photos),
) -> web::display::Setup {
    let uploads =
        links.is_some().then(|| Uploads::new(storage.clone(), desk.clone(), photos.clone(), Arc::clone(clock)));
    let turns = links.map(|links| Turns::new(storage.clone(), desk.clone(), Arc::clone(clock), links));
    let roster = desk.clone();
    web::display::Setup {
        displays: Displays::new(storage.clone(), Arc::clone(clock)),
        offices: Arc::new(move || roster.roster()),
        live: storage.live().clone(),
        closing: closing.clone(),
        turns,
        uploads,
    }
}
