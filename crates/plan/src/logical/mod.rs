//! The logical plan: a tree of relational nodes that every back end runs alike, and that can be printed.

mod build;
mod eager;
mod expression;
mod node;
mod parts;
mod planned;
mod print;

pub use eager::eager;
pub use expression::{AggregateCall, BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator};
pub use node::{JoinKind, Named, Node, Origin, SortKey, SourceTable, WindowCall};
pub(crate) use parts::{Asked, Part, PartKind, reads_any, unmasked};
pub use planned::{OutputColumn, PlannedQuery, PlannedTotals};
