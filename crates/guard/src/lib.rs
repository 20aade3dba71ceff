//! What may be sent to a database: SQL that people write is read as a tree, checked against lists of what is allowed, and
//! printed again from the tree. Pure functions; depends on `shared` only.
//!
//! Two doors: [`check_query`] for whole queries, [`check_expression`] for one scalar expression of a model. Both fail closed:
//! what is not on a list is refused, by a [`Refusal`] that says what, why and what to do.

mod dialect;
pub mod expression;
mod functions;
mod moment;
mod nearest;
mod query;
mod refusal;
mod relations;
mod text;

pub use dialect::Dialect;
pub use expression::{CheckedExpression, CustomFunction, Expression, ExpressionRules, check_expression, is_function};
pub use query::{CheckedQuery, QueryRules, check_query};
pub use refusal::{Place, Refusal, RefusalKind};
pub use relations::{RelationName, Relations};
