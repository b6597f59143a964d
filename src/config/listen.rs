//! Where to listen, as people write it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Reads an address to listen on: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or a port of this machine alone, `8080`.
///
/// # Errors
/// A sentence with examples.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')).unwrap_or(text);
    if let Ok(port) = port.parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.parse().map_err(|_| {
        "not an address to listen on; write 8080 or 127.0.0.1:8080 for this machine alone, 0.0.0.0:8080 for all that reach it"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_listens_on_this_machine_only() {
        for text in ["18299", "localhost:18299", ":18299", "127.0.0.1:18299"] {
            assert_eq!(listen(text), Ok("127.0.0.1:18299".parse().unwrap()), "{text}");
        }
        assert_eq!(listen("[::1]:80"), Ok("[::1]:80".parse().unwrap()));
        for text in ["", "antrean.example:80", "127.0.0.1", "70000", "0.0.0.0"] {
            assert!(listen(text).unwrap_err().contains("127.0.0.1:8080"), "{text}");
        }
    }
}
