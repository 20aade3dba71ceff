//! Random tokens, digests, keys, what they seal, and passwords.

mod digest;
mod key;
mod keyring;
mod password;
mod seal;
mod token;

pub use digest::{Digest, hex};
pub use key::{KeyPurpose, SecretKey, SecretKeyError};
pub(crate) use keyring::start_anew;
pub use keyring::{KeyCount, Keyring, KeyringError, MasterKeys, count_keys, rotate_keys};
pub use password::{NewPassword, PasswordHasher, Verdict, check_new_password};
pub use seal::SealedPlace;
pub use token::{random_bytes, random_token};
