//! Versions: who stored what and when, and what was different before.

mod difference;
mod history;
mod list;

pub use list::VersionsView;
