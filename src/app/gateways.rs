//! Opens the gateways of the configuration.

use std::sync::Arc;

use super::error::BuildError;
use crate::clock::SharedClock;
use crate::config::{Config, GatewayConfig};
use crate::gateway::Gateways;
use crate::gateway::simulator::Simulator;
use crate::gateway::site::Site;

/// The configured gateways, for a command that asks or sends by itself.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub fn gateways_of(config: &Config, clock: &SharedClock) -> Result<Gateways, BuildError> {
    open(config, clock).map(|(gateways, _)| gateways)
}

/// The configured gateways, and the simulator among them, which has a page.
///
/// # Errors
/// [`BuildError::Config`] where the settings of a gateway are wrong.
pub(super) fn open(config: &Config, clock: &SharedClock) -> Result<(Gateways, Option<Arc<Simulator>>), BuildError> {
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
