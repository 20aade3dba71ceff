//! Literal rows.

use plan::logical::Literal;
use polars::prelude::*;

use super::{
    Kind, explain, expression,
    failure::impossible,
    table::{Columns, Table},
};
use crate::protocol::WorkerFailure;

pub fn lower(columns: &[String], rows: &[Vec<Literal>]) -> Result<Table, WorkerFailure> {
    let mut kinds = Vec::with_capacity(columns.len());
    let mut series = Vec::with_capacity(columns.len());
    for (place, name) in columns.iter().enumerate() {
        let literals: Vec<&Literal> = rows.iter().filter_map(|row| row.get(place)).collect();
        if literals.len() != rows.len() {
            return Err(impossible(format!("a row of values has no {name}")));
        }
        let column = literal_series(name, &literals)?;
        kinds.push((name.clone(), column.0));
        series.push(column.1.into_column());
    }
    let frame = DataFrame::new(rows.len(), series).map_err(explain)?;
    Ok(Table::new(frame.lazy(), Columns(kinds)))
}

/// The literals as one series of the kind in which they meet.
pub fn literal_series(name: &str, literals: &[&Literal]) -> Result<(Kind, Series), WorkerFailure> {
    let mut kind = Kind::Null;
    let mut scalars = Vec::with_capacity(literals.len());
    for literal in literals {
        let (own, scalar) = expression::literal_scalar(literal)?;
        kind = kind
            .meet(own)
            .ok_or_else(|| impossible(format!("the values of {name} have different types")))?;
        scalars.push((own, scalar));
    }
    let values: Vec<AnyValue> = scalars.into_iter().map(|(_, scalar)| scalar.into_value()).collect();
    let series = Series::from_any_values_and_dtype(name.into(), &values, &kind.dtype(), false).map_err(explain)?;
    Ok((kind, series))
}
