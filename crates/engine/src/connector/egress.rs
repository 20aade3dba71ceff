//! The one way out to addresses that people name: a host is resolved once, every address it has is judged, and the judged
//! address is the one that is dialled.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use tokio::net::{TcpStream, lookup_host};

/// How long one address may take to answer.
const CONNECT_TIME: Duration = Duration::from_secs(3);

/// Networks that are no part of the open internet: loopback, private, link-local, carrier-grade NAT, multicast, reserved, and
/// those of IPv6 that carry IPv4 inside (IANA special-purpose registries).
const INNER: [&str; 24] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// Where clouds tell machines their secrets: never dialled, whatever is allowed.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Which networks beside the open internet may be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EgressRules {
    allowed: Vec<IpNet>,
}

#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    #[error("the name has no address")]
    Unknown(#[source] io::Error),
    #[error("{0} may not be reached")]
    NotAllowed(IpAddr),
    #[error("nothing listens there")]
    Refused(#[source] io::Error),
    #[error("no answer in time")]
    NoAnswer,
}

impl EgressRules {
    /// Addresses and networks, separated by commas; nothing: the open internet alone.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let network = |entry: &str| {
            let network = entry.parse::<IpNet>().ok();
            let network = network.or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from));
            network.ok_or_else(|| entry.to_owned())
        };
        Ok(Self {
            allowed: entries.map(network).collect::<Result<_, _>>()?,
        })
    }

    /// This machine alone, for development.
    pub fn loopback() -> Self {
        Self {
            allowed: ["127.0.0.0/8", "::1/128"]
                .iter()
                .filter_map(|net| net.parse().ok())
                .collect(),
        }
    }

    pub fn allows(&self, address: IpAddr) -> bool {
        let address = plain(address);
        if METADATA.contains(&address) {
            return false;
        }
        let inner = INNER.iter().filter_map(|net| net.parse::<IpNet>().ok());
        let is_inner = inner.into_iter().any(|net| net.contains(&address));
        !is_inner || self.allowed.iter().any(|net| net.contains(&address))
    }

    /// Connects to `host`, which must have no address that may not be reached.
    ///
    /// # Errors
    /// See [`EgressError`]; of several addresses, what the last one said.
    pub async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, EgressError> {
        let addresses = self.judged(host, port).await?;
        let mut last = EgressError::Unknown(io::ErrorKind::NotFound.into());
        for address in addresses {
            match self.connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The addresses of a host, which may all be reached.
    async fn judged(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, EgressError> {
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let addresses: Vec<SocketAddr> = lookup_host((bare, port)).await.map_err(EgressError::Unknown)?.collect();
        match addresses.iter().find(|address| !self.allows(address.ip())) {
            Some(refused) => Err(EgressError::NotAllowed(refused.ip())),
            None => Ok(addresses),
        }
    }

    /// An address of `host` that answers, for a driver that dials by itself: it is given this one and looks nothing up.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn answering(&self, host: &str, port: u16) -> Result<SocketAddr, EgressError> {
        let stream = self.connect(host, port).await?;
        stream.peer_addr().map_err(EgressError::Refused)
    }

    /// Connects to an address that is judged once more.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn connect_to(&self, address: SocketAddr) -> Result<TcpStream, EgressError> {
        if !self.allows(address.ip()) {
            return Err(EgressError::NotAllowed(address.ip()));
        }
        match tokio::time::timeout(CONNECT_TIME, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small messages go at once; a socket that cannot do that still works.
                let _ = stream.set_nodelay(true);
                Ok(stream)
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => Err(EgressError::NoAnswer),
            Ok(Err(error)) => Err(EgressError::Refused(error)),
            Err(_) => Err(EgressError::NoAnswer),
        }
    }
}

/// The address of IPv4 that one of IPv6 stands for (mapped, and NAT64's well-known prefix), so that it is judged as what it
/// reaches.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    if let Some(four) = six.to_ipv4_mapped() {
        return IpAddr::V4(four);
    }
    match six.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rules: &EgressRules, address: &str) -> bool {
        rules.allows(address.parse().unwrap())
    }

    #[test]
    fn inner_networks_are_closed_unless_named() {
        let closed = EgressRules::default();
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:0:1::",
        ] {
            assert!(!allows(&closed, inner), "{inner}");
        }
        for open in ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"] {
            assert!(allows(&closed, open), "{open}");
        }
        let office = EgressRules::parse("10.0.0.0/8, 192.168.1.7,::1").unwrap();
        for (address, expected) in [
            ("10.9.9.9", true),
            ("::ffff:10.9.9.9", true),
            ("192.168.1.7", true),
            ("192.168.1.8", false),
            ("::1", true),
            ("127.0.0.1", false),
        ] {
            assert_eq!(allows(&office, address), expected, "{address}");
        }
    }

    #[test]
    fn metadata_is_never_reached() {
        let all = EgressRules::parse("0.0.0.0/0,::/0").unwrap();
        for address in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fd00:ec2::254",
            "64:ff9b::a9fe:a9fe",
            "100.100.100.200",
        ] {
            assert!(!allows(&all, address), "{address}");
        }
        assert!(allows(&all, "169.254.1.1"));
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert_eq!(EgressRules::parse("10.0.0.0/8,office"), Err("office".to_owned()));
        assert_eq!(EgressRules::parse(" , "), Ok(EgressRules::default()));
    }
}
