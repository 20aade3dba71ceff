//! Who did what: the audit log of a workspace, and of the whole instance.

mod entries;
mod filters;
mod page;

pub use page::{ActivityPage, InstanceActivityPage};
