//! Who belongs to a workspace, and invitations into it.

mod invite;
mod service;

pub use invite::{Acceptance, Joined};
pub use service::MemberService;
pub(crate) use service::check_rules;
