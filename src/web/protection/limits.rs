//! What a server allows its clients.

use std::time::Duration;

/// Descriptors that are left to the database, photos, and calls that go out.
const DESCRIPTORS_KEPT: usize = 256;

/// What a server allows its clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once; beyond that an unverified one is evicted. A provider opens some dozens.
    pub connections_max: usize,
    /// Unverified connections of one client; counted only from half of all connections on.
    pub connections_per_client_max: usize,
    /// For the headers of a request to arrive, and for the next request on a connection that is kept.
    pub header_time: Duration,
    /// For requests that are under way when the server is told to stop.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 1024,
            connections_per_client_max: 128,
            header_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(25),
        }
    }
}

impl Limits {
    /// As many connections as the system has descriptors for, beside what storage and the calls that go out need.
    #[must_use]
    pub fn capped_by_descriptors(self, descriptors: Option<usize>) -> Self {
        let most = descriptors
            .map_or(usize::MAX, |descriptors| descriptors.saturating_sub(DESCRIPTORS_KEPT).max(descriptors / 2).max(1));
        Self { connections_max: self.connections_max.min(most), ..self }
    }
}
