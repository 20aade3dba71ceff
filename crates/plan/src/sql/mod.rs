//! Logical plans as SQL, so that databases compute the same numbers as the engine.
//!
//! | stage | file | gives |
//! |---|---|---|
//! | fold | `write`, `steps`, `join`, `union`, `given`, `emulate` | SELECTs of places ([`block::Block`]); what cannot be folded is a stage in `WITH` |
//! | print | `block`, `expression`, `aggregate`, `window` | text with known kinds |
//! | dialect | `postgres`, `mysql`, `sqlite`, `duckdb` | what only that database writes in its own way |
//! | split | `split` | the largest parts that databases can compute, and the plan over their answers |
//!
//! What a database cannot do exactly is [`Unsupported`], never something similar.

mod aggregate;
mod block;
mod dialect;
mod duckdb;
mod emulate;
mod expression;
mod fold;
mod given;
mod join;
mod kind;
mod moment;
mod mysql;
mod names;
mod nullable;
mod postgres;
mod scalar;
mod scope;
mod search;
mod split;
mod sqlite;
mod steps;
mod term;
mod time;
mod union;
mod unsupported;
mod walk;
mod window;
mod write;

use shared::table::ColumnType;

pub use dialect::{SqlDialect, Zones};
pub use split::{Bound, Remote, Split, split, split_query};
pub use unsupported::Unsupported;

use self::{kind::Kind, unsupported::Printed};
use crate::logical::{Node, SourceTable};

/// What stands in a database's FROM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub rows: RelationRows,
    pub columns: Vec<StoredColumn>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationRows {
    /// A stored table by its qualified name in parts: schema and table.
    Table(Vec<String>),
    /// A query that was checked and printed by whoever gives it.
    Query(String),
}

/// A column as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredColumn {
    pub name: String,
    pub kind: ColumnType,
    /// May it be NULL? Keys that never are can be joined in the plain way.
    pub nullable: bool,
    /// Is its own type just that of `kind`? If not, it is converted where it is read: `integer` of 32 bits to whole numbers
    /// of 64, `real` to floating point of 64, `citext` and enumerations to text, text to a collation that compares its
    /// bytes, and SQLite's times, whichever way ISO 8601 writes them, to the one way that sorts.
    pub exact: bool,
}

/// A query, and what its columns are, by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub text: String,
    /// Under the names of the plan; those in the answer may differ where a database has no such name.
    pub columns: Vec<(String, ColumnType)>,
}

/// Prints a plan for one database that has all its tables.
///
/// # Errors
/// What the database cannot compute exactly.
pub fn sql(
    node: &Node,
    dialect: SqlDialect,
    relations: &dyn Fn(&SourceTable) -> Relation,
) -> Result<Statement, Unsupported> {
    let written = write::Writer::new(dialect.rules(), relations, node).statement(node)?;
    Ok(Statement {
        text: written.text,
        columns: written
            .columns
            .into_iter()
            .map(|(name, kind)| (name, kind.column_type()))
            .collect(),
    })
}
