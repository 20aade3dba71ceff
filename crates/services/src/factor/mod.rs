//! The second factor of an account: codes of an app, passkeys, and recovery codes for when both are lost.

mod passkey;
mod protection;
mod prove;
mod recovery;
mod reset;
mod rules;
mod service;
mod totp;

pub use passkey::Ceremony;
pub(crate) use passkey::{ask_anybody, claimed_user, take_from_anybody};
pub(crate) use protection::{forget, required_of};
pub(crate) use prove::{prove, ways};
pub use reset::reset_factors_of;
pub(crate) use rules::RulesCache;
pub use service::FactorService;
