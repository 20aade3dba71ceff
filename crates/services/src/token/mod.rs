//! API tokens: made by a person, held by a program.

mod format;
mod service;

pub use service::TokenService;
