//! Who may do what: roles, scopes, the principal of a request and the rule that decides.

mod principal;
mod role;
mod scope;

pub use principal::{EmbedGrant, Principal, ShareGrant, UserPrincipal};
pub use role::{Capability, PlatformRole, WorkspaceRole};
pub use scope::Scope;
