use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use shared::ids::WorkspaceId;
use zeroize::Zeroizing;

use super::{KeyPurpose, SecretKey, random_bytes};
use crate::{ServiceError, ServiceResult};

/// Bytes of the random nonce in front of each sealed text.
const NONCE_BYTES: usize = 12;

/// Where a sealed secret lies. It opens there only: copied to another row it is worth nothing.
#[derive(Clone, Debug)]
pub struct SealedPlace<'a> {
    pub table: &'a str,
    pub row: &'a str,
    pub column: &'a str,
    /// `None`: it belongs to no workspace.
    pub workspace: Option<WorkspaceId>,
}

impl SealedPlace<'_> {
    /// Lengths go first, so that no two places read alike.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let workspace = self.workspace.map(|id| id.to_string()).unwrap_or_default();
        for part in [self.table, self.row, self.column, &workspace] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

impl SecretKey {
    /// Encrypts a secret for the database with AES-256-GCM, under a random nonce.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn seal(&self, place: &SealedPlace<'_>, secret: &[u8]) -> ServiceResult<String> {
        self.encrypt(KeyPurpose::Sealing, place, secret)
    }

    /// The secret that `seal` was given for this place.
    ///
    /// # Errors
    /// `Unsealed` when it was sealed under another key, for another place, or was damaged.
    pub fn unseal(&self, place: &SealedPlace<'_>, sealed: &str) -> ServiceResult<Zeroizing<Vec<u8>>> {
        self.decrypt(KeyPurpose::Sealing, place, sealed)
    }

    /// A data key, encrypted by this master key for its scope.
    pub(super) fn wrap_key(&self, scope: &str, key: &Self) -> ServiceResult<String> {
        self.encrypt(KeyPurpose::Wrapping, &wrapped_place(scope), key.bytes())
    }

    pub(super) fn unwrap_key(&self, scope: &str, wrapped: &str) -> ServiceResult<Self> {
        self.decrypt(KeyPurpose::Wrapping, &wrapped_place(scope), wrapped)
            .map(Self::from_bytes)
    }

    fn encrypt(&self, purpose: KeyPurpose, place: &SealedPlace<'_>, secret: &[u8]) -> ServiceResult<String> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: secret,
            aad: &place.bytes(),
        };
        let sealed = self
            .cipher(purpose)?
            .encrypt(&nonce.into(), payload)
            .map_err(|_| ServiceError::Unsealed)?;
        Ok(STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn decrypt(&self, purpose: KeyPurpose, place: &SealedPlace<'_>, sealed: &str) -> ServiceResult<Zeroizing<Vec<u8>>> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| ServiceError::Unsealed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(ServiceError::Unsealed)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.bytes(),
        };
        let secret = self
            .cipher(purpose)?
            .decrypt(&(*nonce).into(), payload)
            .map_err(|_| ServiceError::Unsealed)?;
        Ok(Zeroizing::new(secret))
    }

    fn cipher(&self, purpose: KeyPurpose) -> ServiceResult<Aes256Gcm> {
        Aes256Gcm::new_from_slice(self.derive(purpose).as_slice()).map_err(|_| ServiceError::Unsealed)
    }
}

const fn wrapped_place(scope: &str) -> SealedPlace<'_> {
    SealedPlace {
        table: "data_keys",
        row: scope,
        column: "wrapped",
        workspace: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: SealedPlace<'_> = SealedPlace {
        table: "totp_keys",
        row: "1",
        column: "sealed",
        workspace: None,
    };

    fn key(text: &str) -> SecretKey {
        SecretKey::parse(text).unwrap()
    }

    #[test]
    fn a_secret_opens_in_its_place_only() {
        let own = key("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy");
        let sealed = own.seal(&PLACE, b"the secret").unwrap();
        assert_eq!(own.unseal(&PLACE, &sealed).unwrap().as_slice(), b"the secret");
        assert_ne!(own.seal(&PLACE, b"the secret").unwrap(), sealed);
        let elsewhere = SealedPlace { row: "2", ..PLACE };
        assert!(own.unseal(&elsewhere, &sealed).is_err());
        let shifted = SealedPlace {
            table: "totp_keys1",
            row: "",
            ..PLACE
        };
        assert!(own.unseal(&shifted, &sealed).is_err());
        let moved = SealedPlace {
            workspace: Some(uuid::Uuid::nil().into()),
            ..PLACE
        };
        assert!(own.unseal(&moved, &sealed).is_err());
        let other = key("a7Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy");
        assert!(other.unseal(&PLACE, &sealed).is_err());
        for damaged in ["", "AAAA", "not base64!", &sealed[2..]] {
            assert!(own.unseal(&PLACE, damaged).is_err(), "{damaged}");
        }
    }
    #[test]
    fn a_data_key_unwraps_for_its_scope_and_is_no_secret_of_its_own() {
        let master = key("q8Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy");
        let data = SecretKey::random().unwrap();
        let wrapped = master.wrap_key("instance", &data).unwrap();
        let again = master.unwrap_key("instance", &wrapped).unwrap();
        assert_eq!(again.fingerprint(), data.fingerprint());
        assert!(master.unwrap_key("another", &wrapped).is_err());
        assert!(data.unwrap_key("instance", &wrapped).is_err());
        assert!(master.unseal(&wrapped_place("instance"), &wrapped).is_err());
    }
}
