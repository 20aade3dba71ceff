use std::net::IpAddr;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The client: the peer, or whom a trusted proxy speaks for.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);
