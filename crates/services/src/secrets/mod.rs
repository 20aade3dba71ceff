//! Random tokens, digests, the instance's secret key and passwords.

mod digest;
mod key;
mod password;
mod token;

pub use digest::{Digest, hex};
pub use key::{KeyPurpose, SecretKey, SecretKeyError};
pub use password::{NewPassword, PasswordHasher, Verdict, check_new_password};
pub use token::{random_bytes, random_token};
