use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use services::client_network;

use crate::config::{Limits, TrustedProxies};

/// Counts open connections, all of them and by peer.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    open: Mutex<Open>,
    limit: usize,
    limit_per_client: usize,
    proxies: TrustedProxies,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    /// By `client_network`; trusted proxies by their address.
    by_peer: HashMap<IpAddr, usize>,
}

/// A place among the open connections; given back when dropped.
#[derive(Debug)]
pub struct Place {
    connections: Connections,
    peer: IpAddr,
}

impl Connections {
    pub fn new(limits: &Limits, proxies: TrustedProxies) -> Self {
        Self(Arc::new(Shared {
            open: Mutex::default(),
            limit: limits.connections,
            limit_per_client: limits.connections_per_client,
            proxies,
        }))
    }

    /// `None` when the server, or this client, has as many connections as are allowed. A trusted proxy speaks for many
    /// clients and counts for none.
    pub fn enter(&self, peer: IpAddr) -> Option<Place> {
        let is_proxy = self.0.proxies.contains(peer);
        let peer = if is_proxy {
            peer.to_canonical()
        } else {
            client_network(peer)
        };
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.0.limit {
            return None;
        }
        let from_peer = open.by_peer.entry(peer).or_insert(0);
        if *from_peer >= self.0.limit_per_client && !is_proxy {
            return None;
        }
        *from_peer += 1;
        open.all += 1;
        Some(Place {
            connections: self.clone(),
            peer,
        })
    }

    fn leave(&self, peer: IpAddr) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(from_peer) = open.by_peer.get_mut(&peer) {
            *from_peer = from_peer.saturating_sub(1);
            if *from_peer == 0 {
                open.by_peer.remove(&peer);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.leave(self.peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;

    #[test]
    fn places_are_limited_and_given_back() {
        let source = Source::from_environment([
            ("SIGHTLINE_MAX_CONNECTIONS", "3".to_owned()),
            ("SIGHTLINE_MAX_CONNECTIONS_PER_CLIENT", "1".to_owned()),
            ("SIGHTLINE_TRUSTED_PROXIES", "10.0.0.1".to_owned()),
        ]);
        let limits = Limits::from_source(&source).unwrap();
        let connections = Connections::new(&limits, TrustedProxies::from_source(&source).unwrap());
        let (client, proxy) = (IpAddr::from([203, 0, 113, 1]), IpAddr::from([10, 0, 0, 1]));
        let first = connections.enter(client);
        assert!(first.is_some() && connections.enter(client).is_none());
        let proxied = [connections.enter(proxy), connections.enter(proxy)];
        assert!(proxied.iter().all(Option::is_some) && connections.enter(proxy).is_none());
        drop(first);
        assert!(connections.enter(client).is_some());
        drop(proxied);
        let [one, other] = ["2001:db8::1", "2001:db8::2"].map(|address| connections.enter(address.parse().unwrap()));
        assert!(one.is_some() && other.is_none());
    }
}
