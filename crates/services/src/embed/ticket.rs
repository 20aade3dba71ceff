use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::ids::EmbedKeyId;

use super::refusal::TicketRefusal;
use crate::embed_key::VerifyingKey;

/// Longest ticket, in bytes.
const MAX_BYTES: usize = 4096;

/// A JWT in its parts, before anything in it is believed.
#[derive(Debug)]
pub struct Ticket<'a> {
    signed: &'a str,
    signature: &'a str,
    payload: &'a str,
    algorithm: String,
    pub kid: EmbedKeyId,
}

/// All that a ticket's header may hold: no address to fetch a key from, no extension that would have to be understood.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl<'a> Ticket<'a> {
    /// # Errors
    /// `TooLong`, `Unreadable`, `WrongHeader` or `UnknownKey` (a `kid` that cannot be one).
    pub fn read(text: &'a str) -> Result<Self, TicketRefusal> {
        if text.len() > MAX_BYTES {
            return Err(TicketRefusal::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(TicketRefusal::Unreadable)?;
        let (header, payload) = signed.split_once('.').ok_or(TicketRefusal::Unreadable)?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| TicketRefusal::Unreadable)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| TicketRefusal::WrongHeader)?;
        if !matches!(header.typ.as_str(), "JWT" | "sightline-embed+jwt") {
            return Err(TicketRefusal::WrongHeader);
        }
        let kid = header.kid.parse().map_err(|_| TicketRefusal::UnknownKey)?;
        Ok(Self {
            signed,
            signature,
            payload,
            algorithm: header.alg,
            kid,
        })
    }

    /// The claims, once the key has signed them with its own algorithm.
    ///
    /// # Errors
    /// `WrongAlgorithm`, `WrongSignature` or `Unreadable`.
    pub fn verified(&self, key: &VerifyingKey) -> Result<Map<String, Value>, TicketRefusal> {
        if self.algorithm != key.name() {
            return Err(TicketRefusal::WrongAlgorithm);
        }
        if !key.verify(self.signed, self.signature) {
            return Err(TicketRefusal::WrongSignature);
        }
        let payload = URL_SAFE_NO_PAD
            .decode(self.payload)
            .map_err(|_| TicketRefusal::Unreadable)?;
        serde_json::from_slice(&payload).map_err(|_| TicketRefusal::Unreadable)
    }
}
