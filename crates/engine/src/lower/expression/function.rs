//! Calls of scalar functions.

use plan::logical::{Expression, Function};
use polars::prelude::*;
use shared::table::ColumnType;

use super::{
    Typed, conditional, json, lower, scalar,
    text::{self, Place},
    time,
};
use crate::{
    lower::{Kind, failure::impossible, table::Columns},
    protocol::WorkerFailure,
};

pub fn call(function: &Function, arguments: &[Expression], columns: &Columns) -> Result<Typed, WorkerFailure> {
    let only = || match arguments {
        [argument] => lower(argument, columns),
        _ => Err(impossible("the function takes one argument")),
    };
    match function {
        Function::Coalesce => conditional::coalesce_all(arguments, columns),
        Function::Cast(target) => cast(only()?, *target),
        Function::Truncate {
            grain,
            week_start,
            zone,
        } => time::truncate(only()?, *grain, *week_start, zone.as_deref()),
        Function::TruncateInstant { grain, zone } => time::truncate_instant(only()?, *grain, zone),
        Function::Part { part, zone } => time::part(only()?, *part, zone.as_deref()),
        Function::ToInstant { zone } => time::to_instant(only()?, zone),
        Function::Shift { months, microseconds } => time::shift(only()?, *months, *microseconds),
        Function::Contains { case } => text::search(arguments, Place::Anywhere, *case, columns),
        Function::StartsWith { case } => text::search(arguments, Place::Start, *case, columns),
        Function::EndsWith { case } => text::search(arguments, Place::End, *case, columns),
        Function::Matches => text::matches(arguments, columns),
        Function::Bin { edges } => bin(only()?, edges),
        Function::Step { width } => step(only()?, *width),
        Function::JsonText { path } => Ok(json::text_at(only()?, path)),
        Function::Scalar(scalar) => scalar::scalar(*scalar, arguments, columns),
    }
}

/// NULL where a value has no counterpart.
fn cast(value: Typed, target: ColumnType) -> Result<Typed, WorkerFailure> {
    let kind = match target {
        ColumnType::String | ColumnType::Json | ColumnType::Geo => Kind::Text,
        ColumnType::Integer => Kind::Integer,
        ColumnType::Number => Kind::Number,
        ColumnType::Decimal => match value.kind {
            decimal @ Kind::Decimal { .. } => decimal,
            Kind::Integer => Kind::Decimal { scale: 0 },
            Kind::Null
            | Kind::Boolean
            | Kind::Number
            | Kind::Text
            | Kind::Date
            | Kind::Time
            | Kind::Timestamp
            | Kind::Instant => Kind::Decimal { scale: 6 },
        },
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::Date => Kind::Date,
        ColumnType::Time => Kind::Time,
        ColumnType::Timestamp => Kind::Timestamp,
        ColumnType::Timestamptz => Kind::Instant,
    };
    Ok(Typed::new(value.into_kind(kind), kind))
}

fn step(value: Typed, width: f64) -> Result<Typed, WorkerFailure> {
    let value = value.into_number()?;
    Ok(Typed::new(
        (value / lit(width)).floor() * lit(width) + lit(0.0),
        Kind::Number,
    ))
}

fn bin(value: Typed, edges: &[f64]) -> Result<Typed, WorkerFailure> {
    let value = value.into_number()?;
    let below = lit(NULL).cast(DataType::Float64);
    // The last edge that is not above the value wins.
    let lower_edge = edges.iter().fold(below, |rest, edge| {
        when(value.clone().gt_eq(lit(*edge))).then(lit(*edge)).otherwise(rest)
    });
    Ok(Typed::new(lower_edge, Kind::Number))
}
