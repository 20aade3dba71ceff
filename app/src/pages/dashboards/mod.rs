//! Dashboards: the list and the reading view.

mod create;
mod list;
mod read;

pub use list::DashboardsPage;
pub use read::ReadPage;
