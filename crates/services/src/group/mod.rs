//! Groups of people, and the roles that groups hold in workspaces.

mod place;
mod service;

pub use service::GroupService;
