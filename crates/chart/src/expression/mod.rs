//! The Vega expression language: text → tree → value, with bounded work and no access to anything outside.

mod call;
mod evaluate;
mod lex;
mod parse;

pub use evaluate::{Scope, evaluate};
pub use parse::{Expression, parse};
