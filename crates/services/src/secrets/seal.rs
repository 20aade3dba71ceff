use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
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
}

impl SealedPlace<'_> {
    /// Lengths go first, so that no two places read alike.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.table, self.row, self.column] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

impl SecretKey {
    /// Encrypts a secret for the database with AES-256-GCM.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn seal(&self, place: &SealedPlace<'_>, secret: &[u8]) -> ServiceResult<String> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: secret,
            aad: &place.bytes(),
        };
        let sealed = self
            .cipher()?
            .encrypt(&nonce.into(), payload)
            .map_err(|_| ServiceError::Unsealed)?;
        Ok(STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The secret that `seal` was given for this place.
    ///
    /// # Errors
    /// `Unsealed` when it was sealed under another key, for another place, or was damaged.
    pub fn unseal(&self, place: &SealedPlace<'_>, sealed: &str) -> ServiceResult<Zeroizing<Vec<u8>>> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| ServiceError::Unsealed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(ServiceError::Unsealed)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.bytes(),
        };
        let secret = self
            .cipher()?
            .decrypt(&(*nonce).into(), payload)
            .map_err(|_| ServiceError::Unsealed)?;
        Ok(Zeroizing::new(secret))
    }

    fn cipher(&self) -> ServiceResult<Aes256Gcm> {
        Aes256Gcm::new_from_slice(self.derive(KeyPurpose::Sealing).as_slice()).map_err(|_| ServiceError::Unsealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: SealedPlace<'_> = SealedPlace {
        table: "totp_keys",
        row: "1",
        column: "sealed",
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
        let other = key("a7Zr2mN5vX1cB7kJ4hG6fD9sA3pO0iUy");
        assert!(other.unseal(&PLACE, &sealed).is_err());
        for damaged in ["", "AAAA", "not base64!", &sealed[2..]] {
            assert!(own.unseal(&PLACE, damaged).is_err(), "{damaged}");
        }
    }
}
