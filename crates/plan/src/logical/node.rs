//! Relational nodes. Each says what columns it gives; order of rows is undefined except after `Sort` (and through `Limit`).

use serde::{Deserialize, Serialize};
use shared::semantic::{SortDirection, Source, Span};

use super::{AggregateCall, Expression};

/// A named expression or aggregate: one output column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named<T> {
    pub name: String,
    pub value: T,
}

impl<T> Named<T> {
    pub fn new(name: impl Into<String>, value: T) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }
}

/// A table or rollup of the model, to be bound to rows by the engine (dataset → Parquet object).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceTable {
    /// Its name in the model.
    pub table: String,
    pub origin: Origin,
}

/// Where the rows of a `SourceTable` come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Table(Source),
    /// Kept aggregates: what a rollup was last built from.
    Rollup,
}

impl Origin {
    pub fn dataset(&self) -> Option<&str> {
        match self {
            Self::Table(source) => source.dataset(),
            Self::Rollup => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// Columns of a stored table, by their stored names. Without columns only its number of rows counts.
    Scan {
        source: SourceTable,
        columns: Vec<String>,
    },
    /// Rows that a database has answered before the plan runs, by the name of its query.
    Fetched {
        name: String,
        columns: Vec<String>,
    },
    /// Literal rows.
    Values {
        columns: Vec<String>,
        rows: Vec<Vec<super::Literal>>,
    },
    Filter {
        input: Box<Node>,
        predicate: Expression,
    },
    /// Exactly these columns.
    Project {
        input: Box<Node>,
        columns: Vec<Named<Expression>>,
    },
    /// One row per distinct combination of `keys` (NULL is a value); without keys exactly one row, also over no input.
    Aggregate {
        input: Box<Node>,
        keys: Vec<Named<Expression>>,
        measures: Vec<Named<AggregateCall>>,
    },
    /// Equal names on both sides: `on` pairs are (left column, right column); NULL keys match each other when
    /// `null_equal`. Output: all left columns, then the right columns that are not keys (Left, Inner); left only (Semi,
    /// Anti). Cross has no `on`.
    Join {
        kind: JoinKind,
        left: Box<Node>,
        right: Box<Node>,
        on: Vec<(String, String)>,
        null_equal: bool,
    },
    /// Rows of all inputs; columns by name, missing ones NULL.
    Union {
        inputs: Vec<Node>,
    },
    Sort {
        input: Box<Node>,
        keys: Vec<SortKey>,
    },
    Limit {
        input: Box<Node>,
        offset: u64,
        count: Option<u64>,
    },
    /// One column of bucket starts (wall clock): `from`, `from + step`, … < `to`; microseconds since 1970.
    Spine {
        column: String,
        from: i64,
        to: i64,
        step: Span,
    },
    /// Adds one column per partition of `partition`: rank, running sum … computed over the rows of the input.
    Window {
        input: Box<Node>,
        partition: Vec<String>,
        order: Vec<SortKey>,
        columns: Vec<Named<WindowCall>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    Inner,
    Left,
    Semi,
    Anti,
    Cross,
}

/// NULLs come last in both directions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SortKey {
    pub column: String,
    pub direction: SortDirection,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowCall {
    /// 1, 2, 3 … in `order`.
    RowNumber,
    /// 1 + number of rows of the partition whose column is greater; NULL for NULL.
    RankDescending(String),
    /// Sum so far in `order`, NULL as 0.
    RunningSum(String),
    /// Sum over the whole partition.
    PartitionSum(String),
}

impl Node {
    /// The tables that must be bound before the plan can run.
    pub fn sources(&self) -> Vec<&SourceTable> {
        let mut found = Vec::new();
        self.collect_sources(&mut found);
        found
    }

    /// Names of the columns it gives, in order.
    pub fn columns(&self) -> Vec<String> {
        let names = |named: &[Named<Expression>]| named.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        match self {
            Self::Scan { columns, .. } | Self::Fetched { columns, .. } | Self::Values { columns, .. } => {
                columns.clone()
            }
            Self::Spine { column, .. } => vec![column.clone()],
            Self::Filter { input, .. } | Self::Sort { input, .. } | Self::Limit { input, .. } => input.columns(),
            Self::Project { columns, .. } => names(columns),
            Self::Aggregate { keys, measures, .. } => {
                let measures = measures.iter().map(|measure| measure.name.clone());
                names(keys).into_iter().chain(measures).collect()
            }
            Self::Window { input, columns, .. } => {
                let own = columns.iter().map(|column| column.name.clone());
                input.columns().into_iter().chain(own).collect()
            }
            Self::Join {
                kind, left, right, on, ..
            } => {
                let mut columns = left.columns();
                match kind {
                    JoinKind::Semi | JoinKind::Anti => {}
                    JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
                        let is_key = |name: &String| on.iter().any(|(_, key)| key == name);
                        columns.extend(right.columns().into_iter().filter(|name| !is_key(name)));
                    }
                }
                columns
            }
            Self::Union { inputs } => {
                let mut columns: Vec<String> = Vec::new();
                for name in inputs.iter().flat_map(Self::columns) {
                    if !columns.contains(&name) {
                        columns.push(name);
                    }
                }
                columns
            }
        }
    }

    /// How deep the plan is as a document: workers read it as one, and take it apart by recursion.
    pub fn nesting(&self) -> usize {
        let expressions: Vec<&Expression> = match self {
            Self::Filter { predicate, .. } => vec![predicate],
            Self::Project { columns, .. } | Self::Aggregate { keys: columns, .. } => {
                columns.iter().map(|column| &column.value).collect()
            }
            Self::Scan { .. }
            | Self::Fetched { .. }
            | Self::Values { .. }
            | Self::Join { .. }
            | Self::Union { .. }
            | Self::Sort { .. }
            | Self::Limit { .. }
            | Self::Spine { .. }
            | Self::Window { .. } => Vec::new(),
        };
        let within = self.inputs().into_iter().map(Self::nesting);
        let beside = expressions.into_iter().map(|expression| expression.nesting() + 2);
        // The name of the node, its parts, and the list that a union has.
        3 + within.chain(beside).max().unwrap_or(0)
    }

    /// The nodes it reads from, in order.
    pub fn inputs(&self) -> Vec<&Self> {
        match self {
            Self::Scan { .. } | Self::Fetched { .. } | Self::Values { .. } | Self::Spine { .. } => Vec::new(),
            Self::Filter { input, .. }
            | Self::Project { input, .. }
            | Self::Aggregate { input, .. }
            | Self::Sort { input, .. }
            | Self::Limit { input, .. }
            | Self::Window { input, .. } => vec![input],
            Self::Join { left, right, .. } => vec![left, right],
            Self::Union { inputs } => inputs.iter().collect(),
        }
    }

    fn collect_sources<'a>(&'a self, found: &mut Vec<&'a SourceTable>) {
        if let Self::Scan { source, .. } = self
            && !found.contains(&source)
        {
            found.push(source);
        }
        self.inputs().into_iter().for_each(|input| input.collect_sources(found));
    }
}
