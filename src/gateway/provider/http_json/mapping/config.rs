//! What is configured of a gateway: where things stand in what it posts, what it is sent, and what its words mean.

use super::inbound::InboundMapping;
use super::outbound::OutboundMapping;
use crate::gateway::settings::SettingsError;

/// Where things stand and what they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What the provider posts.
    pub inbound: InboundMapping,
    /// What it takes and answers.
    pub outbound: OutboundMapping,
}

impl Mapping {
    /// Checks both directions, and that each has what the other needs.
    pub(in crate::gateway) fn check(&self) -> Result<(), SettingsError> {
        self.inbound.check()?;
        if !self.inbound.session.is_empty() && self.outbound.probe.is_none() {
            let why = "needs outbound.probe_url: what the provider says about the channel is checked there".to_owned();
            return Err(SettingsError::Invalid("inbound.session", why));
        }
        self.outbound.check()
    }
}
