//! The logical plan: a tree of relational nodes that every back end runs alike, and that can be printed.

mod build;
#[cfg(feature = "query")]
mod eager;
mod expression;
mod node;
#[cfg(feature = "query")]
mod parts;
mod planned;
mod print;

#[cfg(feature = "query")]
pub use eager::eager;
pub use expression::{AggregateCall, BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator};
pub use node::{JoinKind, Named, Node, Origin, SortKey, SourceTable, WindowCall};
#[cfg(feature = "query")]
pub(crate) use parts::{Asked, Leaf, Part, PartKind, from_groups, unmasked};
pub use planned::{OutputColumn, PlannedQuery, PlannedTotals};
