//! The REST API: one table of routes, from which the router and the documentation are made. One file per noun.

mod access;
mod account;
mod audit;
mod connection;
mod dashboard;
mod dataset;
mod factor;
mod group;
mod health;
mod member;
mod metrics;
mod model;
mod paging;
mod people;
mod query;
mod route;
mod session;
mod setup;
mod sharing;
mod table;
mod token;
mod usage;
mod workspace;

pub use route::{Content, Policy, RequestHeader, Route, route};
pub use sharing::{PROOF_COOKIE, READER_HEADERS};
pub use table::table;
