//! The files the pages need, inside the program.

mod answer;
mod embedded;

pub use answer::routes;
pub use embedded::{Asset, find, is_complete};
