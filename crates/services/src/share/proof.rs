use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::share;

use crate::secrets::{KeyPurpose, SecretKey};

const LIFE: TimeDelta = TimeDelta::hours(2);

/// Proof that a reader has given the link's password, or that this view of a link with limited views was counted. The server
/// puts it into a cookie for the path of this link only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareProof {
    /// Safe in a cookie.
    pub value: String,
    pub expires_at: DateTime<Utc>,
}

impl ShareProof {
    pub(super) fn make(key: &SecretKey, share: &share::Model, now: DateTime<Utc>) -> Self {
        let expires_at = (now + LIFE).min(share.expires_at);
        let seconds = expires_at.timestamp();
        let signature = key.sign(KeyPurpose::ShareProof, &message(share, seconds));
        Self {
            value: format!("{seconds}.{}", URL_SAFE_NO_PAD.encode(signature)),
            expires_at,
        }
    }

    /// Whether `value` was made for this link with its present password and is not too old.
    pub(super) fn holds(key: &SecretKey, share: &share::Model, value: &str, now: DateTime<Utc>) -> bool {
        let Some((seconds, signature)) = value.split_once('.') else {
            return false;
        };
        let (Ok(seconds), Ok(signature)) = (seconds.parse::<i64>(), URL_SAFE_NO_PAD.decode(signature)) else {
            return false;
        };
        seconds > now.timestamp() && key.verify(KeyPurpose::ShareProof, &message(share, seconds), &signature)
    }
}

/// A new password makes every earlier proof void.
fn message(share: &share::Model, seconds: i64) -> Vec<u8> {
    let mut message = share.id.as_bytes().to_vec();
    message.extend_from_slice(&seconds.to_be_bytes());
    message.extend_from_slice(share.password_hash.as_deref().unwrap_or_default().as_bytes());
    message
}
