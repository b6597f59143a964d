//! The `[console]` section: the pages of an office's staff, which are there only where it is.

use toml::de::DeValue;

use crate::sheet::{Entry, Mistake, Read, Table, string};

/// The keys of the section.
const KEYS: [&str; 1] = ["address"];

/// The console of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsoleConfig {
    /// The address that people open, `https://loket.example.go.id`; where it is not set, links have the address that they
    /// were asked for at.
    pub address: Option<String>,
}

/// Reads the section.
pub(super) fn read(table: &mut Table<'_, '_>) -> ConsoleConfig {
    table.refuse_unknown(&KEYS);
    let address = match table.take("address", address) {
        Entry::Given(spot) => Some(spot.value),
        Entry::Absent | Entry::Broken => None,
    };
    ConsoleConfig { address }
}

/// `https://`, a host, perhaps a port, and nothing else; plain HTTP for this machine only.
fn address(value: &DeValue<'_>) -> Read<String> {
    let text = string(value)?.trim();
    let remedy = "write it like \"https://loket.example.go.id\", without anything behind the name";
    let parsed = url::Url::parse(text).ok();
    let parsed = parsed.filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
    let Some(url) = parsed.filter(|url| url.username().is_empty() && url.password().is_none()) else {
        return Err(Mistake::new(format!("is no address of a console: \"{text}\""), remedy));
    };
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.host_str().is_none() || url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return Err(Mistake::new(
            format!("would send passwords in the clear: \"{text}\""),
            "write https://, and put a reverse proxy with TLS in front (docs/operator.md)",
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}
