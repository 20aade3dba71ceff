//! Everybody on the instance, for platform admins, and links that set a new password.

mod last_admin;
mod reset;
mod rules;
mod service;

pub use reset::{ResetService, reset_link_for};
pub use service::PeopleService;
pub(crate) use service::locked;
