use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{hex, random_bytes};
use crate::ServiceResult;

/// Shortest key, in bytes.
const MIN_BYTES: usize = 32;

/// A master key (`SIGHTLINE_SECRET_KEY`) or a data key. Never used itself: each purpose has a key derived from it.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<Vec<u8>>);

/// Why a secret key is not accepted; `Display` is one clear line for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretKeyError {
    #[error("the secret key has fewer than 32 bytes; make one with `openssl rand -base64 48`")]
    TooShort,
    #[error("the secret key is an example from the documentation; make your own with `openssl rand -base64 48`")]
    Example,
    #[error("the secret key repeats itself and can be guessed; make one with `openssl rand -base64 48`")]
    Guessable,
}

/// One derived key each, so that a signature made for one purpose means nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// Proof that a share's password was given.
    ShareProof,
    /// Bearer that an embed page holds.
    EmbedBearer,
    /// HS256 secrets of embed keys.
    EmbedSecret,
    /// Which client used an embed ticket.
    EmbedClient,
    /// Which master key a backup was made, or a data key wrapped, under.
    BackupFingerprint,
    /// Ends of the audit log's chains.
    AuditCheckpoint,
    /// Hashes of recovery codes.
    RecoveryCode,
    /// Encryption of secrets in the database.
    Sealing,
    /// Encryption of data keys by the master key.
    Wrapping,
}

impl KeyPurpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::ShareProof => b"sightline/share-proof/1",
            Self::EmbedBearer => b"sightline/embed-bearer/1",
            Self::EmbedSecret => b"sightline/embed-secret/1",
            Self::EmbedClient => b"sightline/embed-client/1",
            Self::BackupFingerprint => b"sightline/backup-fingerprint/1",
            Self::AuditCheckpoint => b"sightline/audit-checkpoint/1",
            Self::RecoveryCode => b"sightline/recovery-code/1",
            Self::Sealing => b"sightline/sealing/1",
            Self::Wrapping => b"sightline/wrapping/1",
        }
    }
}

impl SecretKey {
    /// Takes the bytes of the configured text, without white space at its ends.
    ///
    /// # Errors
    /// When it is too short, an example, or repeats few distinct bytes.
    pub fn parse(text: &str) -> Result<Self, SecretKeyError> {
        let bytes = text.trim().as_bytes();
        let lower = text.to_lowercase();
        if ["example", "change", "secret", "password", "sightline", "your-"]
            .iter()
            .any(|word| lower.contains(word))
        {
            return Err(SecretKeyError::Example);
        }
        if bytes.len() < MIN_BYTES {
            return Err(SecretKeyError::TooShort);
        }
        let mut seen = [false; 256];
        for byte in bytes {
            if let Some(slot) = seen.get_mut(usize::from(*byte)) {
                *slot = true;
            }
        }
        // 32 random hexadecimal digits hold fewer than 8 distinct ones once in a million.
        if seen.iter().filter(|slot| **slot).count() < 8 {
            return Err(SecretKeyError::Guessable);
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// A new data key.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub(super) fn random() -> ServiceResult<Self> {
        Ok(Self(Zeroizing::new(random_bytes::<MIN_BYTES>()?.to_vec())))
    }

    pub(super) const fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Tells one key from another and nothing about it.
    pub fn fingerprint(&self) -> String {
        hex(&self.sign(KeyPurpose::BackupFingerprint, b"backup"))
    }

    /// HMAC-SHA-256 of `message` under the key of one purpose.
    pub fn sign(&self, purpose: KeyPurpose, message: &[u8]) -> [u8; 32] {
        keyed_hash(self.derive(purpose).as_slice(), message)
    }

    /// The key of one purpose.
    pub(super) fn derive(&self, purpose: KeyPurpose) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(keyed_hash(&self.0, purpose.label()))
    }

    /// Whether `signature` was made by `sign`; in constant time.
    pub fn verify(&self, purpose: KeyPurpose, message: &[u8], signature: &[u8]) -> bool {
        self.sign(purpose, message).ct_eq(signature).into()
    }
}

fn keyed_hash(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length; the other arm cannot happen and would sign with nothing anyone else has.
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(message);
            mac.finalize().into_bytes().into()
        }
        Err(_) => [0; 32],
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_keys_are_refused() {
        assert_eq!(SecretKey::parse("short").unwrap_err(), SecretKeyError::TooShort);
        assert_eq!(
            SecretKey::parse(&"a".repeat(64)).unwrap_err(),
            SecretKeyError::Guessable
        );
        assert_eq!(
            SecretKey::parse(&"ab".repeat(40)).unwrap_err(),
            SecretKeyError::Guessable
        );
        assert_eq!(
            SecretKey::parse("change-me-change-me-change-me-change-me").unwrap_err(),
            SecretKeyError::Example
        );
        assert_eq!(
            SecretKey::parse("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iU").unwrap_err(),
            SecretKeyError::TooShort
        );
        assert!(SecretKey::parse("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy").is_ok());
        assert!(SecretKey::parse("0123456789abcdef0123456789abcdef").is_ok());
    }

    #[test]
    fn a_signature_holds_for_its_purpose_and_message_only() {
        let key = SecretKey::parse("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy").unwrap();
        let signature = key.sign(KeyPurpose::ShareProof, b"message");
        assert!(key.verify(KeyPurpose::ShareProof, b"message", &signature));
        assert!(!key.verify(KeyPurpose::EmbedBearer, b"message", &signature));
        assert!(!key.verify(KeyPurpose::ShareProof, b"other", &signature));
        assert!(!key.verify(KeyPurpose::ShareProof, b"message", &[]));
    }
}
