//! A lowered node: a lazy frame and the kinds of its columns.

use plan::logical::{Expression, Named, Node};
use polars::prelude::*;

use super::{
    BoundTables, Kind, aggregate,
    codes::{self, Codes},
    expression::{self, Typed},
    failure::impossible,
    fetched, join, scan, sort, spine, union, values, window,
};
use crate::{coding::code_column, protocol::WorkerFailure};

/// The columns of `frame` are `columns`, in that order and of those kinds; where there are `codes`, their columns stand among
/// them.
#[derive(Clone)]
pub struct Table {
    pub frame: LazyFrame,
    pub columns: Columns,
    pub codes: Codes,
}

impl Table {
    pub fn new(frame: LazyFrame, columns: Columns) -> Self {
        Self {
            frame,
            columns,
            codes: Codes::default(),
        }
    }

    /// With `columns` alone.
    pub fn without_codes(self) -> Self {
        if self.codes.is_empty() {
            return self;
        }
        Self::new(
            self.frame.select(self.columns.expressions().collect::<Vec<_>>()),
            self.columns,
        )
    }
}

/// Names and kinds of a table's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<(String, Kind)>);

impl Columns {
    pub fn kind(&self, name: &str) -> Result<Kind, WorkerFailure> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind);
        found.ok_or_else(|| impossible(format!("the plan has no column {name} there")))
    }

    pub fn expressions(&self) -> impl Iterator<Item = Expr> {
        self.0.iter().map(|(name, _)| col(name.as_str()))
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

/// Lowers a node and everything below it.
///
/// # Errors
/// A plan that does not fit its data, or asks for what cannot be.
pub fn lower(node: &Node, tables: &BoundTables) -> Result<Table, WorkerFailure> {
    match node {
        Node::Scan { source, columns } => scan::lower(source, columns, tables),
        Node::Fetched { name, columns } => fetched::lower(name, columns, tables),
        Node::Values { columns, rows } => values::lower(columns, rows),
        Node::Filter { input, predicate } => filter(lower(input, tables)?, predicate),
        Node::Project { input, columns } => project(lower(input, tables)?, columns),
        Node::Aggregate { input, keys, measures } => aggregate::lower(lower(input, tables)?, keys, measures),
        Node::Join {
            kind,
            left,
            right,
            on,
            null_equal,
        } => join::lower(*kind, lower(left, tables)?, lower(right, tables)?, on, *null_equal),
        Node::Union { inputs } => {
            let inputs = inputs
                .iter()
                .map(|input| lower(input, tables))
                .collect::<Result<Vec<_>, _>>()?;
            union::lower(inputs)
        }
        Node::Sort { input, keys } => sort::lower(lower(input, tables)?, keys),
        Node::Limit { input, offset, count } => sort::lower_limit(lower(input, tables)?, *offset, *count),
        Node::Spine { column, from, to, step } => spine::lower(column, *from, *to, *step),
        Node::Window {
            input,
            partition,
            order,
            columns,
        } => window::lower(lower(input, tables)?, partition, order, columns),
    }
}

fn filter(input: Table, predicate: &Expression) -> Result<Table, WorkerFailure> {
    let predicate = codes::condition(predicate, &input)?;
    Ok(Table {
        frame: input.frame.filter(predicate),
        ..input
    })
}

fn project(input: Table, columns: &[Named<Expression>]) -> Result<Table, WorkerFailure> {
    let mut expressions = Vec::with_capacity(columns.len());
    let mut kinds = Vec::with_capacity(columns.len());
    let mut kept_codes = Codes::default();
    let mut reads_input = false;
    for column in columns {
        let Typed { expression, kind, .. } = expression::lower(&column.value, &input.columns)?;
        reads_input |= expression::reads_columns(&expression);
        expressions.push(expression.alias(column.name.as_str()));
        kinds.push((column.name.clone(), kind));
        if let Some((code, texts)) = codes::coded(&column.value, &input.codes) {
            expressions.push(code.alias(code_column(&column.name)));
            kept_codes.push(&column.name, texts.clone());
        }
    }
    // Literals alone would give one row whatever the input's height: add them to the input first.
    let frame = if reads_input {
        input.frame.select(expressions)
    } else {
        let names: Vec<Expr> = columns.iter().map(|column| col(column.name.as_str())).collect();
        input.frame.with_columns(expressions).select(names)
    };
    Ok(Table {
        frame,
        columns: Columns(kinds),
        codes: kept_codes,
    })
}
