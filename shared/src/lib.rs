//! The model of Sightline: plain serialisable data and its validation, the same type on the server and in the browser.
//! Depends on nothing of ours; no I/O, no clock, no ORM, no HTTP.

pub mod access;
pub mod account;
pub mod audit;
pub mod connection;
pub mod dashboard;
pub mod dataset;
pub mod error;
pub mod factor;
pub mod group;
pub mod ids;
pub mod json;
pub mod names;
pub mod people;
pub mod permission;
pub mod semantic;
pub mod share;
pub mod sort;
pub mod table;
pub mod usage;
pub mod visual;

pub use error::{AppError, ErrorCode};
