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
        if source.given(&key::TLS_CERT).is_some() || source.given(&key::TLS_KEY).is_some() {
            return Err(ConfigError::value(
                &key::TLS_CERT,
                "this version does not speak TLS itself; put a proxy that does in front, and set SIGHTLINE_PUBLIC_URL to its https address",
            ));
        }
        let url = match source.given(&key::PUBLIC_URL) {
            Some(text) => parse(text).ok_or_else(|| {
                ConfigError::value(
                    &key::PUBLIC_URL,
                    format!("`{text}` is no address such as https://bi.example.com (without a path)"),
                )
            })?,
            None => Self {
                text: format!("http://{listen}"),
                secure: false,
                loopback_port: Some(listen.port()),
            },
        };
        if !url.secure && !listen.ip().to_canonical().is_loopback() {
            return Err(ConfigError::Refused(format!(
                "listening on {listen} needs SIGHTLINE_PUBLIC_URL=https://… (browsers drop the sign-in cookie over plain http): put a \
                 proxy that ends TLS in front and set it, or listen on 127.0.0.1"
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
        Self {
            text: format!("http://{bound}"),
            secure: false,
            loopback_port: Some(bound.port()),
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
