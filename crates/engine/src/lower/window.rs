//! Columns computed over the rows of a partition: ranks, running and whole sums. Inputs are finished, small tables.

use plan::logical::{Named, SortKey, WindowCall};
use polars::prelude::*;

use super::{Kind, aggregate::exact_sum, explain, sort::sort_options, table::Table};
use crate::protocol::WorkerFailure;

pub fn lower(
    input: Table,
    partition: &[String],
    order: &[SortKey],
    calls: &[Named<WindowCall>],
) -> Result<Table, WorkerFailure> {
    let mut input = input.without_codes();
    if !order.is_empty() {
        let by: Vec<Expr> = order.iter().map(|key| col(key.column.as_str())).collect();
        input.frame = input
            .frame
            .sort_by_exprs(by, sort_options(order).with_maintain_order(true));
    }
    let mut columns = Vec::with_capacity(calls.len());
    let mut kinds = Vec::with_capacity(calls.len());
    for call in calls {
        let (expression, kind) = lower_call(&call.value, &input)?;
        let expression = if partition.is_empty() {
            expression
        } else {
            expression
                .over(partition.iter().map(|name| col(name.as_str())).collect::<Vec<_>>())
                .map_err(explain)?
        };
        columns.push(expression.alias(call.name.as_str()));
        kinds.push((call.name.clone(), kind));
    }
    input.frame = input.frame.with_columns(columns);
    input
        .columns
        .0
        .retain(|(name, _)| !kinds.iter().any(|(added, _)| added == name));
    input.columns.0.extend(kinds);
    Ok(input)
}

fn lower_call(call: &WindowCall, input: &Table) -> Result<(Expr, Kind), WorkerFailure> {
    Ok(match call {
        WindowCall::RowNumber => (
            int_range(lit(1_i64), len().cast(DataType::Int64) + lit(1_i64), 1, DataType::Int64),
            Kind::Integer,
        ),
        WindowCall::RankDescending(column) => {
            input.columns.kind(column)?;
            let options = RankOptions {
                method: RankMethod::Min,
                descending: true,
            };
            (
                col(column.as_str()).rank(options, None).cast(DataType::Int64),
                Kind::Integer,
            )
        }
        WindowCall::RunningSum(column) => {
            let kind = input.columns.kind(column)?;
            let zero = Kind::Integer.convert(lit(0_i64), kind);
            let filled = col(column.as_str()).fill_null(zero);
            match kind {
                Kind::Integer => (
                    filled
                        .cast(DataType::Int128)
                        .cum_sum(false)
                        .strict_cast(DataType::Int64),
                    kind,
                ),
                _ => (filled.cum_sum(false), kind),
            }
        }
        WindowCall::PartitionSum(column) => {
            let kind = input.columns.kind(column)?;
            exact_sum(col(column.as_str()), kind)?
        }
    })
}
