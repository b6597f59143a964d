//! Addresses that people open in a browser.

use toml::de::DeValue;

use crate::domain::turn_link::PUBLIC_ADDRESS_CHARS_MAX;
use crate::sheet::{Mistake, Read, string};

/// The console's, in front of which people type passwords.
pub(super) fn of_console(value: &DeValue<'_>) -> Read<String> {
    let remedy = "write it like \"https://loket.example.go.id\", without anything behind the name";
    address(value, "is no address of a console", ("would send passwords in the clear", remedy))
}

/// The one that citizens reach, which stands in confirmations.
pub(super) fn public(value: &DeValue<'_>) -> Read<String> {
    let remedy = "write it like \"https://antrean.example.go.id\", without anything behind the name";
    let address = address(value, "is no address that citizens could open", ("would show turns in the clear", remedy))?;
    if address.chars().count() > PUBLIC_ADDRESS_CHARS_MAX {
        let what = format!("is longer than {PUBLIC_ADDRESS_CHARS_MAX} characters: \"{address}\"");
        return Err(Mistake::new(what, "use a shorter name: it stands under the picture of every booking code"));
    }
    Ok(address)
}

/// `https://`, a host, perhaps a port, and nothing else; plain HTTP for this machine only.
fn address(value: &DeValue<'_>, malformed: &str, (in_the_clear, remedy): (&str, &'static str)) -> Read<String> {
    let text = string(value)?.trim();
    let parsed = url::Url::parse(text).ok();
    let parsed = parsed.filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
    let Some(url) = parsed.filter(|url| url.username().is_empty() && url.password().is_none()) else {
        return Err(Mistake::new(format!("{malformed}: \"{text}\""), remedy));
    };
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.host_str().is_none() || url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return Err(Mistake::new(
            format!("{in_the_clear}: \"{text}\""),
            "write https://, and put a reverse proxy with TLS in front (docs/operator.md)",
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}
