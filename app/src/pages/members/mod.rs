//! The people of a workspace: who they are, what they may do, and how others come in.

mod give_role;
mod groups;
mod invites;
mod list;
mod page;
mod role;
mod row_rules;

pub use page::MembersPage;
pub use role::{label, may};
