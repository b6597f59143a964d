//! The client of a request: the address of the socket, or the one that a trusted proxy gives.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Most hops of `X-Forwarded-For` that are looked at; a chain of proxies has two or three.
const HOPS_MAX: usize = 16;
pub(in crate::web) const FORWARDED_FOR: &str = "x-forwarded-for";

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Client {
    /// Its address, where one is known.
    pub(in crate::web) address: Option<IpAddr>,
    /// Whether the limits for one client apply. This machine and trusted proxies are exempt: everybody behind them would
    /// be one client.
    pub(in crate::web) is_limited: bool,
}

impl Client {
    /// What a socket alone says.
    pub(in crate::web) fn of_socket(socket: Option<IpAddr>, trusted: &[IpNet]) -> Self {
        let address = socket.map(|address| address.to_canonical());
        let is_limited = address.is_some_and(|address| !address.is_loopback() && !is_trusted(address, trusted));
        Self { address, is_limited }
    }

    /// What the socket says, or a proxy that is trusted: the rightmost hop that is no trusted proxy counts, since whatever
    /// stands left of it was written by the client.
    pub(in crate::web) fn of_request(socket: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let direct = Self::of_socket(socket, trusted);
        if !direct.address.is_some_and(|address| is_trusted(address, trusted)) {
            return direct;
        }
        let values = headers.get_all(FORWARDED_FOR).iter().rev().filter_map(|value| value.to_str().ok());
        let hops = values.flat_map(|value| value.rsplit(',')).map(|hop| address_in(hop.trim()));
        for hop in hops.take(HOPS_MAX) {
            match hop {
                Some(address) if is_trusted(address, trusted) => {}
                Some(address) => return Self { address: Some(address), is_limited: !address.is_loopback() },
                // Not an address.
                None => return direct,
            }
        }
        direct
    }

    /// By what the limits count: the IPv4 address, or the /64 network of an IPv6 address, whose other half a household chooses
    /// freely.
    pub(in crate::web) fn key(self) -> Option<IpAddr> {
        self.address.filter(|_| self.is_limited).map(network_of)
    }
}

/// An IPv4 address, or the /64 of an IPv6 address.
pub(in crate::web) fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64))),
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// An address, perhaps with a port.
fn address_in(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let with_port = || hop.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    bare.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(socket: &str, trusted: &[&str], forwarded: &[&str]) -> (String, bool) {
        let trusted: Vec<IpNet> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let client = Client::of_request(Some(ip(socket)), &headers, &trusted);
        (client.address.unwrap().to_string(), client.is_limited)
    }

    // With the leftmost hop believed instead of the rightmost untrusted one, a client chooses its own address; with the
    // socket's trust not asked, everybody does.
    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let (local, net) = (&["127.0.0.0/8", "::1/128"][..], &["127.0.0.1/32", "10.0.0.0/8"][..]);
        for (socket, trusted, forwarded, address, is_limited) in [
            // No proxy is trusted: any client may have written the header.
            ("203.0.113.9", &[][..], &["198.51.100.1"][..], "203.0.113.9", true),
            ("203.0.113.9", local, &["198.51.100.1"], "203.0.113.9", true),
            ("127.0.0.1", &[], &["198.51.100.1"], "127.0.0.1", false),
            // The proxy on this machine.
            ("127.0.0.1", local, &[], "127.0.0.1", false),
            ("127.0.0.1", local, &["198.51.100.1"], "198.51.100.1", true),
            ("::ffff:127.0.0.1", local, &["198.51.100.1"], "198.51.100.1", true),
            ("127.0.0.1", local, &["6.6.6.6, 198.51.100.1"], "198.51.100.1", true),
            ("127.0.0.1", local, &["6.6.6.6", "198.51.100.1"], "198.51.100.1", true),
            ("127.0.0.1", local, &["198.51.100.1:4711"], "198.51.100.1", true),
            ("127.0.0.1", local, &["[2001:db8::1]:4711"], "2001:db8::1", true),
            // Proxies behind proxies.
            ("127.0.0.1", net, &["6.6.6.6, 198.51.100.1, 10.9.9.9"], "198.51.100.1", true),
            ("127.0.0.1", net, &["10.1.1.1, 10.9.9.9"], "127.0.0.1", false),
            ("10.9.9.9", net, &[], "10.9.9.9", false),
            ("127.0.0.1", local, &["198.51.100.1, unknown"], "127.0.0.1", false),
        ] {
            assert_eq!(seen(socket, trusted, forwarded), (address.to_owned(), is_limited), "{socket} {forwarded:?}");
        }
    }

    #[test]
    fn a_household_is_one_client() {
        assert_eq!(network_of(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(network_of(ip("198.51.100.7")), ip("198.51.100.7"));
    }
}
