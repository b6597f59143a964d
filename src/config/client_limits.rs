//! What clients may use before they have proved who they are: connections, memory, and which proxies are trusted.

use std::net::IpAddr;

use ipnet::IpNet;
use toml::de::DeValue;

use crate::sheet::{Entry, Mistake, Read, Spot, Table, string, whole};

/// The keys at the top of the file.
pub(super) const KEYS: [&str; 4] =
    ["trusted_proxies", "body_memory_mib", "connections_max", "connections_per_client_max"];
/// Least memory for bodies, in MiB: two of the largest.
const BODY_MEMORY_MIB_MIN: u32 = 8;
/// Most memory for bodies, in MiB: nobody needs more than some hundred bodies of the largest kind at once.
const BODY_MEMORY_MIB_MAX: u32 = 4_096;
/// Fewest connections: a proxy keeps some dozens.
const CONNECTIONS_MIN: u32 = 64;
/// Most connections; each takes a descriptor and some tens of kilobytes.
const CONNECTIONS_MAX: u32 = 65_536;
/// Fewest connections of one client: a provider opens some at once.
const CONNECTIONS_PER_CLIENT_MIN: u32 = 8;

/// What clients may use before they have proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLimits {
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Memory for all bodies that are under way, in MiB.
    pub body_memory_mib: u32,
    /// Connections open at once.
    pub connections_max: u32,
    /// Connections, and bodies, of one client that has not proved who it is.
    pub connections_per_client_max: u32,
}

impl Default for ClientLimits {
    /// As `antrean.toml` beside this file says.
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            body_memory_mib: 64,
            connections_max: 1_024,
            connections_per_client_max: 128,
        }
    }
}

/// What one file sets.
#[derive(Default)]
pub(super) struct Given {
    trusted_proxies: Entry<Vec<Spot<IpNet>>>,
    body_memory_mib: Entry<u32>,
    connections_max: Entry<u32>,
    connections_per_client_max: Entry<u32>,
}

/// Reads the keys.
pub(super) fn read(table: &mut Table<'_, '_>) -> Given {
    let (memory, connections) = ((BODY_MEMORY_MIB_MIN, BODY_MEMORY_MIB_MAX), (CONNECTIONS_MIN, CONNECTIONS_MAX));
    Given {
        trusted_proxies: table.take_list("trusted_proxies", network),
        body_memory_mib: table.take("body_memory_mib", |value| whole(value, memory.0, memory.1)),
        connections_max: table.take("connections_max", |value| whole(value, connections.0, connections.1)),
        connections_per_client_max: table
            .take("connections_per_client_max", |value| whole(value, CONNECTIONS_PER_CLIENT_MIN, CONNECTIONS_MAX)),
    }
}

/// The file's values, or else the defaults. A value that cannot be read has been noted, and the configuration is refused for it.
pub(super) fn settle(own: Given, defaults: Given) -> ClientLimits {
    let fallback = ClientLimits::default();
    ClientLimits {
        trusted_proxies: value(own.trusted_proxies, defaults.trusted_proxies)
            .map_or(fallback.trusted_proxies, |networks| networks.into_iter().map(|spot| spot.value).collect()),
        body_memory_mib: value(own.body_memory_mib, defaults.body_memory_mib).unwrap_or(fallback.body_memory_mib),
        connections_max: value(own.connections_max, defaults.connections_max).unwrap_or(fallback.connections_max),
        connections_per_client_max: value(own.connections_per_client_max, defaults.connections_per_client_max)
            .unwrap_or(fallback.connections_per_client_max),
    }
}

fn value<T>(own: Entry<T>, default: Entry<T>) -> Option<T> {
    match own.or(default) {
        Entry::Given(spot) => Some(spot.value),
        Entry::Absent | Entry::Broken => None,
    }
}

/// An address or a network: `127.0.0.1`, `10.0.0.0/8`, `::1`.
fn network(value: &DeValue<'_>) -> Read<IpNet> {
    let text = string(value)?.trim();
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse::<IpNet>().ok().or_else(address);
    let network = network.ok_or_else(|| {
        Mistake::new(
            format!("is no address and no network: \"{text}\""),
            "write the proxy's address like \"127.0.0.1\" or its network like \"10.1.0.0/16\"; names are not looked up",
        )
    })?;
    if network.prefix_len() == 0 {
        return Err(Mistake::new(
            "would believe everybody about their own address",
            "name the proxy's address, or the network that only proxies are in",
        ));
    }
    Ok(network)
}
