//! Signing in, the sessions that follow from it, and their store.

mod service;
mod sign_in;
mod signed_in;
mod store;

pub use service::SessionService;
pub use sign_in::ClientInfo;
pub use signed_in::{SessionUser, SignedIn};
pub use store::DatabaseSessionStore;
