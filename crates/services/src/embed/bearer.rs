use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::{account::ThemeChoice, ids::EmbedKeyId, permission::EmbedGrant};

use crate::{
    ServiceResult,
    secrets::{KeyPurpose, SecretKey},
};

const PREFIX: &str = "se1.";

/// What an open frame holds in memory: its grant, signed by this instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bearer {
    pub grant: EmbedGrant,
    /// The key that signed the ticket; the frame ends with it.
    pub kid: EmbedKeyId,
    /// Who may frame its page: the embed's origins, cut by the ticket's.
    pub origins: Vec<String>,
    pub theme: Option<ThemeChoice>,
    pub expires_at: DateTime<Utc>,
}

impl Bearer {
    pub fn sign(&self, key: &SecretKey) -> ServiceResult<String> {
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?);
        let signature = key.sign(KeyPurpose::EmbedBearer, payload.as_bytes());
        Ok(format!("{PREFIX}{payload}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// `None` for what this instance did not sign, and for what is over.
    pub fn read(text: &str, key: &SecretKey, now: DateTime<Utc>) -> Option<Self> {
        let (payload, signature) = text.strip_prefix(PREFIX)?.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !key.verify(KeyPurpose::EmbedBearer, payload.as_bytes(), &signature) {
            return None;
        }
        let bearer: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (bearer.expires_at > now).then_some(bearer)
    }
}
