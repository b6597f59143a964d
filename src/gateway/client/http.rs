//! The HTTP client of all providers: no proxies, no redirects, limits on time and size, and no connection into the private
//! network except to the configured address, which is trusted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Once;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, Response, Url};

use super::picture::{self, FetchError, MEDIA_BYTES_MAX, Media};

/// Seconds for name, connection and TLS. Beyond that the provider is not reachable, and nothing went out.
const CONNECT_SECONDS_MAX: u64 = 5;
/// Seconds for a whole call. Providers answer within one; a reply that hangs would hold up its neighbours.
const CALL_SECONDS_MAX: u64 = 20;
/// Seconds an idle connection is kept: shorter than any provider's own limit, since a request written into a
/// connection that the other side is closing has an unknown outcome.
const IDLE_SECONDS_MAX: u64 = 15;
/// Longest wait that a provider may ask for, in seconds: a day. More is a mistake, and would bury the channel.
pub(in crate::gateway) const RETRY_AFTER_SECONDS_MAX: u64 = 24 * 60 * 60;

/// A client for the provider at `api`.
///
/// # Errors
/// When the system has no certificates to check the provider's by; over plain http none are needed.
pub(in crate::gateway) fn client(api: &Url) -> Result<Client, reqwest::Error> {
    static TLS: Once = Once::new();
    // An error means that a provider is installed already, which serves as well.
    TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let builder = || {
        Client::builder()
            .user_agent(concat!("antrean/", env!("CARGO_PKG_VERSION"))) // media servers refuse nameless clients
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS_MAX))
            .timeout(Duration::from_secs(CALL_SECONDS_MAX))
            .pool_idle_timeout(Duration::from_secs(IDLE_SECONDS_MAX))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(PublicOnly { trusted: api.host_str().unwrap_or_default().to_owned() })
    };
    builder().build().or_else(|error| match api.scheme() {
        "http" => builder().tls_certs_only([]).build(),
        _ => Err(error),
    })
}

/// Resolves names, but to public addresses only: a name from a payload must not lead into the private network.
struct PublicOnly {
    /// The configured host, which may be anywhere.
    trusted: String,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let trusted = name.as_str().eq_ignore_ascii_case(&self.trusted);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|address| trusted || is_public(address.ip())).collect();
            if fit.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether an address lies in the open internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b)) // shared by carriers
        || (a == 192 && b == 0 && c == 0) // protocol assignments
        || (a == 198 && (b == 18 || b == 19)) // benchmarks
        || a >= 224; // multicast and reserved
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Addresses that carry an IPv4 one are judged by it: mapped, and translated (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        // Tunnels (Teredo, 6to4) and documentation lead elsewhere; else global unicast is 2000::/3.
        [0x2001, 0 | 0xdb8, ..] | [0x2002, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub(in crate::gateway) enum BodyError {
    /// It is longer than asked for.
    TooLong,
    /// The connection broke, or the time was up.
    Cut,
}

/// Reads a body of at most `bytes_max` bytes.
pub(in crate::gateway) async fn read_capped(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| BodyError::Cut)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(BodyError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Seconds for a picture of full size over a slow connection.
pub(in crate::gateway) const FETCH_SECONDS_MAX: u64 = 60;

/// Takes the picture out of a media host's answer: streamed, cut off at the limit, known by its bytes.
///
/// # Errors
/// [`FetchError`] says whether another try is worth it.
pub(in crate::gateway) async fn picture_in(answer: Response, sha256: Option<&str>) -> Result<Media, FetchError> {
    let too_large = || FetchError::Final(format!("larger than {MEDIA_BYTES_MAX} bytes"));
    let limit = u64::try_from(MEDIA_BYTES_MAX).unwrap_or(u64::MAX);
    if answer.content_length().is_some_and(|bytes| bytes > limit) {
        return Err(too_large());
    }
    let bytes = read_capped(answer, MEDIA_BYTES_MAX).await.map_err(|error| match error {
        BodyError::TooLong => too_large(),
        BodyError::Cut => FetchError::Transient("the connection broke".to_owned()),
    })?;
    picture::take(bytes, sha256)
}

/// Fetches a file from a fixed address: redirects are not followed.
///
/// # Errors
/// [`FetchError`] says whether another try is worth it.
pub(in crate::gateway) async fn fetch_file(request: RequestBuilder, sha256: Option<&str>) -> Result<Media, FetchError> {
    let request = request.timeout(Duration::from_secs(FETCH_SECONDS_MAX));
    let answer = request.send().await.map_err(|error| FetchError::Transient(causes(error)))?;
    match answer.status().as_u16() {
        200 => picture_in(answer, sha256).await,
        300..=399 => Err(FetchError::Final("it has moved elsewhere".to_owned())),
        status @ (404 | 410) => Err(FetchError::Final(format!("HTTP {status} from the media host"))),
        status => Err(FetchError::Transient(format!("HTTP {status} from the media host"))),
    }
}

/// A file's address if it may be fetched: on the configured host, or over https on one of the provider's hosts or their
/// subdomains. An address with credentials is refused.
pub(in crate::gateway) fn trusted(address: &str, own: &Url, hosts: &[impl AsRef<str>]) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let is_theirs = url.scheme() == "https" && url.port().is_none();
    let is_theirs = is_theirs && hosts.iter().any(|known| is_below(host, known.as_ref()));
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    ((is_theirs || url.origin() == own.origin()) && is_anonymous).then_some(url)
}

/// Whether a host is the known one or lies below it.
fn is_below(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Seconds that the provider asks to wait: `Retry-After` as a number, or as a date measured from the answer's own `Date`.
pub(in crate::gateway) fn retry_after_seconds(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wanted = text("retry-after")?;
    let seconds = wanted.parse::<u64>().ok().or_else(|| {
        let until = chrono::DateTime::parse_from_rfc2822(wanted).ok()?;
        let answered = chrono::DateTime::parse_from_rfc2822(text("date")?).ok()?;
        u64::try_from((until - answered).num_seconds().max(0)).ok()
    })?;
    Some(seconds.min(RETRY_AFTER_SECONDS_MAX))
}

/// What went wrong on the wire, cause by cause, without the address (which may hold a secret).
pub(in crate::gateway) fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_built_for_the_providers_own_address_and_for_loopback() {
        for api in ["https://graph.facebook.com", "http://127.0.0.1:9000"] {
            client(&Url::parse(api).expect("an address")).expect(api);
        }
    }

    #[test]
    fn only_addresses_of_the_open_internet_are_public() {
        for public in ["157.240.1.1", "8.8.8.8", "2a03:2880:f000::1", "64:ff9b::808:808", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
    }

    // Negative control: with `!is_unspecified()` in place of `is_public`, localhost is found.
    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_unless_it_is_the_configured_one() {
        let name = || "localhost".parse::<Name>().expect("a name");
        assert!(PublicOnly { trusted: "graph.facebook.com".into() }.resolve(name()).await.is_err());
        assert!(PublicOnly { trusted: "LOCALHOST".into() }.resolve(name()).await.is_ok());
    }

    #[test]
    fn the_wait_is_read_as_seconds_or_as_a_date() {
        let headers = |pairs: &[(&'static str, &str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
        };
        let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        assert_eq!(retry_after_seconds(&headers(&[("retry-after", "7")])), Some(7));
        assert_eq!(retry_after_seconds(&headers(&[date, ("retry-after", "Sun, 22 Nov 2026 10:01:30 GMT")])), Some(90));
        assert_eq!(retry_after_seconds(&headers(&[date, ("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")])), Some(0));
        assert_eq!(retry_after_seconds(&headers(&[("retry-after", "99999999999")])), Some(RETRY_AFTER_SECONDS_MAX));
        for unusable in [&[("retry-after", "soon")][..], &[("retry-after", "-1")], &[]] {
            assert_eq!(retry_after_seconds(&headers(unusable)), None);
        }
    }
}
