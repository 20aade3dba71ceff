use std::net::{IpAddr, SocketAddr};

use http::Uri;

use super::{ConfigError, Source, key};

/// Where people reach the server: `https://bi.example.com`, without a path. Links, cookies and the check of `Origin` rest on
/// it, never on a request's `Host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    secure: bool,
    /// The port, when the address is plain http on this machine.
    loopback_port: Option<u16>,
}

impl PublicUrl {
    /// The configured address; without one, `listen` itself when that is on this machine.
    ///
    /// # Errors
    /// When the address is no http(s) origin, or when `listen` can be reached from outside without https.
    pub fn from_source(source: &Source, listen: SocketAddr) -> Result<Self, ConfigError> {
        let speaks_tls = source.given(&key::TLS_CERT).is_some();
        let url = match source.given(&key::PUBLIC_URL) {
            Some(text) => parse(text).ok_or_else(|| {
                ConfigError::value(
                    &key::PUBLIC_URL,
                    format!("`{text}` is no address such as https://bi.example.com (without a path)"),
                )
            })?,
            None if speaks_tls && listen.ip().is_unspecified() => {
                return Err(ConfigError::Refused(format!(
                    "listening on {listen} needs SIGHTLINE_PUBLIC_URL=https://… with the name the certificate is for"
                )));
            }
            None => Self::of_listener(listen, speaks_tls),
        };
        if speaks_tls && !url.secure {
            return Err(ConfigError::value(
                &key::PUBLIC_URL,
                "must start with https:// beside SIGHTLINE_TLS_CERT",
            ));
        }
        if !url.secure && !listen.ip().to_canonical().is_loopback() {
            return Err(ConfigError::Refused(format!(
                "listening on {listen} needs SIGHTLINE_PUBLIC_URL=https://… (browsers drop the sign-in cookie over plain http): set \
                 it and SIGHTLINE_TLS_CERT and _KEY, or put a proxy that ends TLS in front, or listen on 127.0.0.1"
            )));
        }
        if !url.secure && url.loopback_port.is_none() {
            return Err(ConfigError::value(
                &key::PUBLIC_URL,
                "must start with https:// (browsers drop the sign-in cookie over plain http)",
            ));
        }
        Ok(url)
    }

    /// The address after the operating system chose the port (`listen` said port 0).
    #[must_use]
    pub fn with_bound(self, source_named_it: bool, bound: SocketAddr) -> Self {
        if source_named_it {
            return self;
        }
        Self::of_listener(bound, self.secure)
    }

    fn of_listener(listen: SocketAddr, secure: bool) -> Self {
        let scheme = if secure { "https" } else { "http" };
        Self {
            text: format!("{scheme}://{listen}"),
            secure,
            loopback_port: (!secure).then_some(listen.port()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether browsers reach it over https.
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether an `Origin` header names this server. On this machine every spelling of it is the same server.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        if origin == self.text {
            return true;
        }
        self.loopback_port.is_some_and(|port| {
            ["http://localhost", "http://127.0.0.1", "http://[::1]"]
                .iter()
                .any(|host| origin.strip_prefix(host).is_some_and(|rest| rest == format!(":{port}")))
        })
    }
}

fn parse(text: &str) -> Option<PublicUrl> {
    let uri: Uri = text.trim_end_matches('/').parse().ok()?;
    let scheme = uri.scheme_str()?;
    let secure = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return None;
    }
    let host = authority.host().to_lowercase();
    let default_port = if secure { 443 } else { 80 };
    let port = authority.port_u16().unwrap_or(default_port);
    let shown = if port == default_port {
        host.clone()
    } else {
        format!("{host}:{port}")
    };
    let here = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    Some(PublicUrl {
        text: format!("{scheme}://{shown}"),
        secure,
        loopback_port: (here && !secure).then_some(port),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str, listen: &str) -> Result<PublicUrl, ConfigError> {
        PublicUrl::from_source(
            &Source::from_environment([("SIGHTLINE_PUBLIC_URL", url.to_owned())]),
            listen.parse().unwrap(),
        )
    }

    #[test]
    fn addresses_reached_from_outside_need_https() {
        assert!(read("", "127.0.0.1:3000").is_ok());
        assert!(
            read("", "0.0.0.0:3000")
                .unwrap_err()
                .to_string()
                .contains("SIGHTLINE_PUBLIC_URL=https://")
        );
        assert!(read("http://bi.example.com", "0.0.0.0:3000").is_err());
        assert!(read("http://bi.example.com", "127.0.0.1:3000").is_err());
        assert!(read("https://bi.example.com", "0.0.0.0:3000").unwrap().is_secure());
        for wrong in [
            "bi.example.com",
            "https://bi.example.com/path",
            "ftp://x.example",
            "https://a@b.example",
            "https://",
        ] {
            assert!(read(wrong, "127.0.0.1:3000").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_certificate_makes_the_address_https() {
        let read = |url: &str, listen: &str| {
            let pairs = [
                ("SIGHTLINE_PUBLIC_URL", url.to_owned()),
                ("SIGHTLINE_TLS_CERT", "chain.pem".to_owned()),
            ];
            PublicUrl::from_source(&Source::from_environment(pairs), listen.parse().unwrap())
        };
        assert_eq!(read("", "10.0.0.5:443").unwrap().as_str(), "https://10.0.0.5:443");
        assert!(read("https://bi.example.com", "0.0.0.0:443").unwrap().is_secure());
        let bound = read("", "127.0.0.1:0")
            .unwrap()
            .with_bound(false, "127.0.0.1:3443".parse().unwrap());
        assert_eq!(bound.as_str(), "https://127.0.0.1:3443");
        assert!(
            read("", "0.0.0.0:443")
                .unwrap_err()
                .to_string()
                .contains("the certificate is for")
        );
        assert!(read("http://localhost:3000", "127.0.0.1:3000").is_err());
    }

    #[test]
    fn only_our_own_origins_are_ours() {
        let outside = read("https://BI.example.com:443/", "0.0.0.0:3000").unwrap();
        assert_eq!(outside.as_str(), "https://bi.example.com");
        assert!(outside.is_own_origin("https://bi.example.com"));
        for foreign in [
            "https://bi.example.com.evil.example",
            "http://bi.example.com",
            "null",
            "",
            "http://localhost:3000",
        ] {
            assert!(!outside.is_own_origin(foreign), "{foreign}");
        }
        let here = read("", "127.0.0.1:3000").unwrap();
        assert!(here.is_own_origin("http://localhost:3000") && here.is_own_origin("http://127.0.0.1:3000"));
        assert!(
            !here.is_own_origin("http://localhost:3001") && !here.is_own_origin("http://localhost:3000.evil.example")
        );
    }
}
