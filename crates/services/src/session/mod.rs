//! Signing in, the sessions that follow from it, and their store.

mod attempts;
mod by_passkey;
mod ending;
mod pending;
mod service;
mod sign_in;
mod signed_in;
mod store;

pub(crate) use attempts::MINUTE;
pub(crate) use ending::{end_all, end_sessions};
pub use pending::{PendingSignIn, SignIn};
pub use service::SessionService;
pub use sign_in::ClientInfo;
pub use signed_in::{SessionUser, SignedIn};
pub use store::DatabaseSessionStore;
