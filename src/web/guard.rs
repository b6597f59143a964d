//! What stands between strangers and the routes: whose address is believed, the memory for bodies, and how refusals are
//! told.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::budget::Budget;
use super::client::Client;
use super::refusals::{Refusals, SUMMARY_TIME};

/// What is allowed to strangers.
#[derive(Debug, Clone)]
pub struct GuardSettings {
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Bytes of all bodies that are under way.
    pub body_bytes_max: usize,
    /// Unproven bodies of one client at once.
    pub bodies_per_client_max: usize,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self { trusted_proxies: Vec::new(), body_bytes_max: 64 * 1024 * 1024, bodies_per_client_max: 128 }
    }
}

/// The guard of one server.
#[derive(Debug)]
pub struct Guard {
    trusted_proxies: Vec<IpNet>,
    pub(super) budget: Arc<Budget>,
    pub(super) refusals: Refusals,
    /// Large bodies are verified and read one at a time: each may need ten times its size meanwhile.
    pub(super) large: tokio::sync::Semaphore,
}

impl Guard {
    /// A guard that allows so much.
    pub fn new(settings: GuardSettings) -> Self {
        let GuardSettings { trusted_proxies, body_bytes_max, bodies_per_client_max } = settings;
        Self {
            trusted_proxies,
            budget: Arc::new(Budget::new(body_bytes_max, bodies_per_client_max)),
            refusals: Refusals::new(SUMMARY_TIME),
            large: tokio::sync::Semaphore::new(1),
        }
    }

    /// Who opened a connection.
    pub(super) fn of_socket(&self, socket: IpAddr) -> Client {
        Client::of_socket(Some(socket), &self.trusted_proxies)
    }

    /// Who sent a request.
    pub(super) fn of_request(&self, socket: Option<IpAddr>, headers: &HeaderMap) -> Client {
        Client::of_request(socket, headers, &self.trusted_proxies)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new(GuardSettings::default())
    }
}
