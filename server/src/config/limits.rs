use std::time::Duration;

use super::{ConfigError, Source, key};

const KIB: usize = 1024;

/// What one client may take from the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a JSON body.
    pub body_bytes: usize,
    /// Arrays and objects inside each other in a JSON body.
    pub json_depth: usize,
    /// Bytes of an uploaded file.
    pub upload_bytes: u64,
    /// Bytes of path and query.
    pub address_bytes: usize,
    /// Bytes of all header names and values.
    pub header_bytes: usize,
    pub headers: usize,
    /// From accepting a connection, or from the end of the last answer, to the last header line.
    pub header_read: Duration,
    /// A connection on which nothing moves for so long while a body or an answer is under way is closed.
    pub idle: Duration,
    /// To the first byte of an answer; uploads and downloads are exempt.
    pub answer: Duration,
    pub connections: usize,
    pub connections_per_client: usize,
}

impl Limits {
    /// # Errors
    /// When a number is out of its range.
    pub fn from_source(source: &Source) -> Result<Self, ConfigError> {
        Ok(Self {
            body_bytes: size(source.number(&key::MAX_BODY_BYTES, 16_384..=67_108_864)?),
            json_depth: 64,
            upload_bytes: source.bytes(&key::MAX_UPLOAD_BYTES)?,
            address_bytes: 8 * KIB,
            header_bytes: 16 * KIB,
            headers: 100,
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            answer: Duration::from_secs(60),
            connections: size(source.number(&key::MAX_CONNECTIONS, 1..=1_000_000)?),
            connections_per_client: size(source.number(&key::MAX_CONNECTIONS_PER_CLIENT, 1..=1_000_000)?),
        })
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
