use std::net::IpAddr;

use super::{ConfigError, Source, key};

/// Peers whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<Range>);

#[derive(Clone, Copy, Debug)]
struct Range {
    address: IpAddr,
    prefix_bits: u32,
}

impl TrustedProxies {
    /// # Errors
    /// When an entry is neither an address nor a CIDR range.
    pub fn from_source(source: &Source) -> Result<Self, ConfigError> {
        let entries = source
            .text(&key::TRUSTED_PROXIES)
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        let ranges = entries.map(|entry| {
            parse(entry).ok_or_else(|| {
                ConfigError::value(&key::TRUSTED_PROXIES, format!("`{entry}` is no address or CIDR range"))
            })
        });
        ranges.collect::<Result<_, _>>().map(Self)
    }

    pub fn contains(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(peer.to_canonical()))
    }

    /// The client behind a chain of proxies: the right-most address that is no trusted proxy. `forwarded` is the
    /// comma-separated chain; an unreadable entry ends the search at the last address that could be judged.
    pub fn client(&self, peer: IpAddr, forwarded: Option<&str>) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut chain = forwarded.unwrap_or_default().rsplit(',');
        while self.contains(client) {
            let Some(next) = chain.next().and_then(|entry| entry.trim().parse::<IpAddr>().ok()) else {
                break;
            };
            client = next.to_canonical();
        }
        client
    }
}

impl Range {
    fn contains(&self, peer: IpAddr) -> bool {
        match (self.address, peer) {
            (IpAddr::V4(network), IpAddr::V4(peer)) => {
                let mask = u32::MAX.checked_shl(32 - self.prefix_bits).unwrap_or(0);
                network.to_bits() & mask == peer.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(peer)) => {
                let mask = u128::MAX.checked_shl(128 - self.prefix_bits).unwrap_or(0);
                network.to_bits() & mask == peer.to_bits() & mask
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn parse(entry: &str) -> Option<Range> {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (entry, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix_bits = match bits {
        Some(bits) => bits.parse().ok().filter(|bits| *bits <= longest)?,
        None => longest,
    };
    Some(Range { address, prefix_bits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(text: &str) -> TrustedProxies {
        TrustedProxies::from_source(&Source::from_environment([(
            "SIGHTLINE_TRUSTED_PROXIES",
            text.to_owned(),
        )]))
        .unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_listed_peers_may_speak_for_others() {
        let listed = proxies("10.0.0.0/8, 127.0.0.1, 2001:db8::/32");
        assert_eq!(listed.client(ip("203.0.113.9"), Some("1.2.3.4")), ip("203.0.113.9"));
        assert_eq!(
            listed.client(ip("127.0.0.1"), Some("9.9.9.9, 1.2.3.4, 10.1.2.3")),
            ip("1.2.3.4")
        );
        assert_eq!(
            listed.client(ip("::ffff:127.0.0.1"), Some("2001:db8::5")),
            ip("2001:db8::5")
        );
        assert_eq!(listed.client(ip("127.0.0.1"), Some("rubbish")), ip("127.0.0.1"));
        assert_eq!(listed.client(ip("127.0.0.1"), None), ip("127.0.0.1"));
        assert!(proxies("0.0.0.0/0").contains(ip("8.8.8.8")));
    }

    #[test]
    fn unreadable_ranges_are_refused() {
        for text in ["10.0.0.0/33", "proxy", "10.0.0.0/x"] {
            let source = Source::from_environment([("SIGHTLINE_TRUSTED_PROXIES", text.to_owned())]);
            assert!(TrustedProxies::from_source(&source).is_err(), "{text}");
        }
    }
}
