//! TLS to a server: what the address asks for, what the configuration admits, and what to do when it fails.
//!
//! Bookings are personal data, and the role's password opens all of them. So on the network a session begins with the
//! proof that the server is the intended one, unless the operator explicitly admits less.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::storage::engine::error::StorageError;

/// The minimum that a connection must offer, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tls {
    /// No TLS: anyone on the network path reads and changes everything.
    Off,
    /// Encryption to any server: it stops listeners, not an active attacker.
    Require,
    /// A certificate of a trusted authority, for any name.
    VerifyCa,
    /// A certificate of a trusted authority, for the host name of the address.
    VerifyFull,
}

impl Tls {
    /// Each with its name in the configuration.
    pub const ALL: [(&'static str, Self); 4] = [
        ("verify-full", Self::VerifyFull),
        ("verify-ca", Self::VerifyCa),
        ("require", Self::Require),
        ("off", Self::Off),
    ];

    /// By that name.
    ///
    /// # Errors
    /// A sentence with the possible names.
    pub fn read(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, tls)| tls).ok_or_else(|| "write verify-full, verify-ca, require or off".to_owned())
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, tls)| *tls == self).map_or("", |(name, _)| name)
    }

    fn mode(self) -> PgSslMode {
        match self {
            Self::Off => PgSslMode::Disable,
            Self::Require => PgSslMode::Require,
            Self::VerifyCa => PgSslMode::VerifyCa,
            Self::VerifyFull => PgSslMode::VerifyFull,
        }
    }

    /// What a mode guarantees whatever the server answers.
    fn of(mode: PgSslMode) -> Self {
        match mode {
            PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => Self::Off,
            PgSslMode::Require => Self::Require,
            PgSslMode::VerifyCa => Self::VerifyCa,
            PgSslMode::VerifyFull => Self::VerifyFull,
        }
    }
}

/// The address of a database, and the minimum of TLS to it.
#[derive(Clone, Copy)]
pub struct Address<'a> {
    /// `sqlite://path` or `postgres://…`; it may hold a password.
    pub url: &'a str,
    /// `None`: [`Tls::VerifyFull`], and no demand on this machine.
    pub tls: Option<Tls>,
}

impl<'a> From<&'a str> for Address<'a> {
    fn from(url: &'a str) -> Self {
        Self { url, tls: None }
    }
}

impl<'a> From<&'a String> for Address<'a> {
    fn from(url: &'a String) -> Self {
        Self { url, tls: None }
    }
}

/// Whether the connection stays on this machine, by the words of the address: a name that a resolver could change is
/// not local, save the reserved one.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host().trim_matches(['[', ']']).to_ascii_lowercase();
    let name = host.trim_end_matches('.');
    is_socket(options)
        || name == "localhost"
        || name.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn is_socket(options: &PgConnectOptions) -> bool {
    options.get_socket().is_some() || options.get_host().starts_with('/')
}

/// Sets the TLS mode of the options, before anything is sent.
///
/// # Errors
/// [`StorageError::Unavailable`] when the address asks for less than the configuration admits.
pub(in crate::storage) fn with_tls(
    options: PgConnectOptions,
    admitted: Option<Tls>,
) -> Result<PgConnectOptions, StorageError> {
    if is_socket(&options) {
        // No wire, and the server speaks no TLS there.
        return Ok(options.ssl_mode(PgSslMode::Disable));
    }
    let local = is_local(&options);
    let least = admitted.unwrap_or(if local { Tls::Off } else { Tls::VerifyFull });
    let said = options.get_ssl_mode();
    match said {
        // Nothing was asked for (or `prefer`, which guarantees nothing): the minimum applies.
        PgSslMode::Prefer => Ok(options.ssl_mode(least.mode())),
        _ if Tls::of(said) >= least => Ok(options),
        _ => {
            let (host, wanted) = (options.get_host(), least.name());
            let weaker = Tls::of(said).name();
            Err(StorageError::Unavailable(format!(
                "the address asks for less than `{wanted}` on the way to {host}: remove sslmode from it, write \
                 sslmode=verify-full (and sslrootcert=/path/to/ca.pem for an authority of your own), or, in a network that \
                 only you can listen in, admit it with database_tls = \"{weaker}\" in the configuration \
                 (ANTREAN_DATABASE_TLS, or --tls for `db move` and `replay`)"
            )))
        }
    }
}

/// Explains why a first connection failed; for a failure of TLS, with the remedy.
pub(in crate::storage) fn explained(error: sqlx::Error, options: &PgConnectOptions) -> StorageError {
    let secured = Tls::of(options.get_ssl_mode()) > Tls::Off;
    let text = error.to_string();
    let host = options.get_host();
    let remedy = match &error {
        sqlx::Error::Tls(_) if text.contains("does not support") => format!(
            "{host} offers no TLS, so nothing was sent to it: set ssl = on there with a certificate for that name; or, in a \
             network that only you can listen in, write database_tls = \"off\" in the configuration"
        ),
        _ if text.contains("UnknownIssuer") || text.contains("CaUsedAsEndEntity") => format!(
            "the certificate of {host} comes from an authority that is not trusted here: name yours in the address, \
             ?sslrootcert=/path/to/ca.pem, or have it signed by one that this system trusts"
        ),
        _ if text.contains("NotValidForName") || text.contains("not valid for name") => format!(
            "the certificate of {host} is for another name: connect by the name that it has, or have one made for {host}"
        ),
        _ if text.contains("Expired") || text.contains("expired") => {
            format!("the certificate of {host} is no longer valid (or this machine's clock is wrong): have it renewed")
        }
        sqlx::Error::Tls(_) => {
            format!("no secure way to {host}: its certificate or sslrootcert is not as it should be")
        }
        sqlx::Error::Io(io) if secured && io.kind() == std::io::ErrorKind::NotFound => {
            "the file that sslrootcert, sslcert or sslkey names cannot be read: correct it in the address".to_owned()
        }
        sqlx::Error::Io(io) if secured && io.kind() == std::io::ErrorKind::InvalidData => {
            format!("no secure way to {host}: its certificate is not as it should be")
        }
        _ => return error.into(),
    };
    StorageError::Unavailable(format!("{remedy} ({text})"))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn mode(url: &str, admitted: Option<Tls>) -> Result<PgSslMode, String> {
        let options = PgConnectOptions::from_str(url).unwrap();
        with_tls(options, admitted).map(|options| options.get_ssl_mode()).map_err(|error| error.to_string())
    }

    fn is(mode: &Result<PgSslMode, String>, wanted: PgSslMode) -> bool {
        mode.as_ref().is_ok_and(|mode| std::mem::discriminant(mode) == std::mem::discriminant(&wanted))
    }

    // Negative control: with `is_local` always true, every address below goes unproved.
    #[test]
    fn away_from_this_machine_the_server_must_prove_its_name() {
        for host in
            ["db.internal", "192.0.2.7", "10.0.0.5", "[2001:db8::1]", "localhost.example.org", "127.0.0.1.nip.example"]
        {
            let url = format!("postgres://antrean@{host}/antrean");
            assert!(is(&mode(&url, None), PgSslMode::VerifyFull), "{host}");
            for weak in ["disable", "allow", "require", "verify-ca"] {
                let refused = mode(&format!("{url}?sslmode={weak}"), None).unwrap_err();
                assert!(refused.contains("database_tls = ") && refused.contains("verify-full"), "{refused}");
            }
            assert!(is(&mode(&format!("{url}?sslmode=prefer"), None), PgSslMode::VerifyFull), "prefer holds nothing");
            assert!(is(&mode(&format!("{url}?sslmode=verify-full"), None), PgSslMode::VerifyFull));
        }
        let elsewhere = "postgres://antrean@localhost/antrean?host=192.0.2.7";
        assert!(is(&mode(elsewhere, None), PgSslMode::VerifyFull), "the later one is where it connects to");
    }

    #[test]
    fn on_this_machine_nothing_is_demanded() {
        for host in ["localhost", "LOCALHOST", "db.localhost", "127.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]"]
        {
            let url = format!("postgres://antrean@{host}/antrean");
            assert!(is(&mode(&url, None), PgSslMode::Disable), "{host}");
            assert!(is(&mode(&format!("{url}?sslmode=require"), None), PgSslMode::Require), "{host}");
            assert!(is(&mode(&url, Some(Tls::VerifyFull)), PgSslMode::VerifyFull), "{host}");
        }
        for socket in ["postgres://antrean@%2Frun%2Fpostgresql/antrean", "postgres:///antrean?host=/run/postgresql"] {
            assert!(is(&mode(socket, None), PgSslMode::Disable), "{socket}");
            assert!(is(&mode(socket, Some(Tls::VerifyFull)), PgSslMode::Disable), "{socket}");
        }
    }

    #[test]
    fn the_configuration_admits_less_and_demands_more() {
        let url = "postgres://antrean@db.internal/antrean";
        for (_, admitted) in Tls::ALL {
            assert!(is(&mode(url, Some(admitted)), admitted.mode()));
        }
        assert!(is(&mode(&format!("{url}?sslmode=require"), Some(Tls::Off)), PgSslMode::Require));
        assert!(is(&mode(&format!("{url}?sslmode=require"), Some(Tls::Require)), PgSslMode::Require));
        assert!(mode(&format!("{url}?sslmode=require"), Some(Tls::VerifyCa)).is_err());
        assert!(mode(&format!("{url}?sslmode=disable"), Some(Tls::Require)).is_err());
    }
}
