//! The guard of one server: which proxies are trusted, the memory for bodies, and how refusals are logged.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use ipnet::IpNet;
use tracing::warn;

use super::budget::Budget;
use super::client::{Client, FORWARDED_FOR};
use super::refusals::{Refusals, SUMMARY_TIME};

/// Most addresses that look like proxies and are warned about, once each; an installation has a few.
const PROXIES_WARNED_MAX: usize = 8;

/// What unverified senders may take.
#[derive(Debug, Clone)]
pub struct GuardSettings {
    /// Networks whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Bytes of all bodies that are being received or read.
    pub body_bytes_max: usize,
    /// Unproven bodies of one client at once.
    pub bodies_per_client_max: usize,
    /// Webhooks that may wait for their verdicts at once.
    pub waiting_max: usize,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            body_bytes_max: 64 * 1024 * 1024,
            bodies_per_client_max: 128,
            waiting_max: 512,
        }
    }
}

/// The guard of one server.
#[derive(Debug)]
pub struct Guard {
    trusted_proxies: Vec<IpNet>,
    pub(in crate::web) budget: Arc<Budget>,
    pub(in crate::web) refusals: Refusals,
    /// Large bodies are verified and read one at a time: each may need ten times its size meanwhile.
    pub(in crate::web) large: tokio::sync::Semaphore,
    /// For webhooks that wait for their verdicts. Each keeps a connection: the others must find one, to be refused at once.
    pub(in crate::web) waiting: tokio::sync::Semaphore,
    /// Addresses that forwarded requests without being trusted and have been warned about.
    warned: Mutex<Vec<IpAddr>>,
}

impl Guard {
    /// A guard with these limits.
    pub fn new(settings: GuardSettings) -> Self {
        let GuardSettings { trusted_proxies, body_bytes_max, bodies_per_client_max, waiting_max } = settings;
        Self {
            trusted_proxies,
            budget: Arc::new(Budget::new(body_bytes_max, bodies_per_client_max)),
            refusals: Refusals::new(SUMMARY_TIME),
            large: tokio::sync::Semaphore::new(1),
            waiting: tokio::sync::Semaphore::new(waiting_max.min(tokio::sync::Semaphore::MAX_PERMITS)),
            warned: Mutex::default(),
        }
    }

    /// Whether this address is that of a trusted proxy.
    pub(in crate::web) fn is_proxy(&self, socket: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&socket.to_canonical()))
    }

    /// Who opened a connection.
    pub(in crate::web) fn of_socket(&self, socket: IpAddr) -> Client {
        Client::of_socket(Some(socket), &self.trusted_proxies)
    }

    /// Who sent a request.
    pub(in crate::web) fn of_request(&self, socket: Option<IpAddr>, headers: &HeaderMap) -> Client {
        let client = Client::of_request(socket, headers, &self.trusted_proxies);
        // A trusted proxy, or one on this machine, is not limited itself.
        if headers.contains_key(FORWARDED_FOR)
            && let Some(proxy) = socket
            && self.of_socket(proxy).is_limited
            && self.is_news(proxy)
        {
            warn!(
                client.address = %proxy,
                "looks like a proxy: it sends X-Forwarded-For and is not trusted, so everybody behind it counts as one client; \
                 if it is yours, name it in `trusted_proxies`"
            );
        }
        client
    }

    /// Whether this address has not been warned about yet.
    fn is_news(&self, proxy: IpAddr) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = warned.len() < PROXIES_WARNED_MAX && !warned.contains(&proxy);
        if is_news {
            warned.push(proxy);
        }
        is_news
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::new(GuardSettings::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::fakes::Log;

    // Negative control: without the look at who is trusted, the proxies on this machine and in 10.0.0.0/8 are warned about too.
    #[test]
    fn what_looks_like_a_proxy_and_is_not_trusted_is_warned_about_once() {
        let log = Log::default();
        let _log = log.keep();
        let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let guard = Guard::new(GuardSettings { trusted_proxies, ..GuardSettings::default() });
        let mut forwarded = HeaderMap::new();
        forwarded.insert(FORWARDED_FOR, "198.51.100.1".parse().unwrap());
        for address in ["127.0.0.1", "10.1.2.3", "192.0.2.2", "192.0.2.2", "192.0.2.3"] {
            guard.of_request(Some(address.parse().unwrap()), &forwarded);
            guard.of_request(Some("203.0.113.9".parse().unwrap()), &HeaderMap::new());
        }
        let text = log.text();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("192.0.2.2") && text.contains("192.0.2.3") && text.contains("trusted_proxies"), "{text}");
        assert!(!text.contains("198.51.100.1"), "{text}");
    }
}
