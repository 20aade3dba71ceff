//! The logical plan: a tree of relational nodes that every back end runs alike, and that can be printed.

mod build;
mod expression;
mod node;
mod planned;
mod print;

pub use expression::{AggregateCall, BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator};
pub use node::{JoinKind, Named, Node, Origin, SortKey, SourceTable, WindowCall};
pub use planned::{OutputColumn, PlannedQuery, PlannedTotals};
