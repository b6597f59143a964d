//! The same-origin check of a page without a login. A browser sends requests on behalf of any site; but a site cannot
//! choose `Host`, `Origin` and a JSON content type freely.

use std::net::IpAddr;

use reqwest::header::{CONTENT_TYPE, HOST, ORIGIN};

use super::request::{Denied, HeaderMap};
use super::signature;

/// The names that a page answers to, besides the loopback names and plain addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    names: Vec<String>,
}

impl Site {
    /// A site that also answers to these host names.
    pub fn called(names: Vec<String>) -> Self {
        Self { names: names.into_iter().map(|name| plain(&name)).collect() }
    }

    /// Whether the request was meant for this site, and comes from it where it comes from a page.
    ///
    /// A name that anybody may have made lead here (DNS rebinding) is not ours; a plain address cannot be made to. What
    /// has neither `Host` nor `Origin` was sent by no browser.
    pub fn is_ours(&self, headers: &HeaderMap) -> bool {
        let host = match single(headers, HOST.as_str()) {
            Err(Denied) => return false,
            Ok(Some(host)) if !self.answers_to(name_of(host)) => return false,
            Ok(host) => host,
        };
        match single(headers, ORIGIN.as_str()) {
            Ok(None) => true,
            Err(Denied) => false,
            Ok(Some(origin)) => {
                let Some((_, authority)) = origin.split_once("://") else { return false };
                // Behind a proxy that writes a `Host` of its own, only the name of the page is left to go by.
                let is_same = host.is_some_and(|host| host.eq_ignore_ascii_case(authority));
                is_same || self.names.contains(&plain(name_of(authority)))
            }
        }
    }

    fn answers_to(&self, name: &str) -> bool {
        let name = plain(name);
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost"
            || name.ends_with(".localhost")
            || bare.parse::<IpAddr>().is_ok()
            || self.names.contains(&name)
    }
}

/// Whether the content type is JSON: a page of another site cannot send it without a preflight request.
pub(in crate::gateway) fn is_json(headers: &HeaderMap) -> bool {
    let kind = signature::only(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = kind.split(|&byte| byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// A header's value, where it is there.
///
/// # Errors
/// [`Denied`] where it is doubled or no text.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Denied> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    std::str::from_utf8(signature::only(headers, name)?).map(Some).map_err(|_| Denied)
}

/// A name as it is compared: in small letters, without the dot that ends a fully qualified one.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// The name of `name:port`; an IPv6 address keeps its brackets.
fn name_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    // Without the look at `Host`, the rebound name passes: its page and its host agree. Without the look at `Origin`,
    // every other site's page does.
    #[test]
    fn only_the_page_itself_and_no_browser_at_all_come_through() {
        let site = Site::called(vec!["Demo.example.go.id".to_owned(), "kantor.local.".to_owned()]);
        for (pairs, is_ours) in [
            (&[][..], true),
            (&[("host", "127.0.0.1:8080")], true),
            (&[("host", "localhost:8080"), ("origin", "http://localhost:8080")], true),
            (&[("host", "kanim.localhost"), ("origin", "http://kanim.localhost")], true),
            (&[("host", "[::1]:8080"), ("origin", "http://[::1]:8080")], true),
            (&[("host", "192.168.1.7:8080"), ("origin", "http://192.168.1.7:8080")], true),
            (&[("host", "demo.example.go.id"), ("origin", "https://demo.example.go.id")], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "https://DEMO.example.go.id")], true),
            // With a dot at the end a name is the same.
            (&[("host", "demo.example.go.id."), ("origin", "https://demo.example.go.id.")], true),
            (&[("host", "localhost.:8080")], true),
            (&[("host", "kantor.local:8080"), ("origin", "http://kantor.local:8080")], true),
            (&[("host", "demo.example.go.id..")], false),
            (&[("host", "rebound.example.:8080")], false),
            (&[("host", "rebound.example:8080"), ("origin", "http://rebound.example:8080")], false),
            (&[("host", "rebound.example:8080")], false),
            (&[("host", "localhost.example:8080")], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://evil.example")], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:3000")], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "null")], false),
            (&[("host", "127.0.0.1:8080"), ("host", "127.0.0.1:8080")], false),
            (&[("origin", "http://evil.example")], false),
        ] {
            assert_eq!(site.is_ours(&headers(pairs)), is_ours, "{pairs:?}");
        }
    }

    #[test]
    fn json_is_what_says_so_once() {
        for (pairs, is_it) in [
            (&[("content-type", "application/json")][..], true),
            (&[("content-type", "Application/JSON; charset=utf-8")], true),
            (&[("content-type", "text/plain")], false),
            (&[("content-type", "text/plain; application/json")], false),
            (&[("content-type", "application/json"), ("content-type", "text/plain")], false),
            (&[], false),
        ] {
            assert_eq!(is_json(&headers(pairs)), is_it, "{pairs:?}");
        }
    }
}
