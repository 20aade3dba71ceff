//! The Vega expression language: text → tree → value, with bounded work and no access to anything outside.

mod call;
mod evaluate;
mod lex;
mod operator;
mod parse;
mod tree;

pub use evaluate::{Known, Scope, evaluate, holds};
pub use parse::parse;
pub use tree::Expression;
