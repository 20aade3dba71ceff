//! Databases: the list of connections, the form that makes and changes one, and what is found behind it.

mod detail;
mod form;
mod list;
mod tables;

pub use detail::ConnectionPage;
pub use list::ConnectionsPage;
