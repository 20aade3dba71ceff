//! Pages, by noun. A page is: the resource above, `<Suspense>` around, a plain component inside.

pub mod account;
pub mod activity;
pub mod connections;
pub mod dashboards;
pub mod datasets;
pub mod forgot;
pub mod groups;
pub mod home;
pub mod invite;
pub mod login;
pub mod members;
pub mod model;
mod not_found;
pub mod people;
pub mod reset;
pub mod setup;
pub mod tokens;
mod usage;
pub mod workspace;

pub use not_found::NotFound;
pub use usage::UsagePage;
