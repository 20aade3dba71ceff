//! What our own pages ask of the server: thin shells over the same services as the REST routes.

pub mod account;
pub mod audit;
pub mod computed;
pub mod connection;
pub mod dashboard;
pub mod dataset;
pub mod member;
pub mod model;
pub mod query;
#[cfg(feature = "ssr")]
pub mod request;
pub mod share;
pub mod usage;
