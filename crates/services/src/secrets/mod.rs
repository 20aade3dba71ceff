//! Random tokens, digests, the instance's secret key, what it seals, and passwords.

mod digest;
mod key;
mod password;
mod seal;
mod token;

pub use digest::{Digest, hex};
pub use key::{KeyPurpose, SecretKey, SecretKeyError};
pub use password::{NewPassword, PasswordHasher, Verdict, check_new_password};
pub use seal::SealedPlace;
pub use token::{random_bytes, random_token};
