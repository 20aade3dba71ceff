//! Stage 3: the data pipeline. Each step is a function from a table to a table.

mod aggregate;
mod bin;
mod curve;
mod density;
mod fit;
mod fold;
mod impute;
mod loess;
mod lookup;
mod pivot;
mod predicate;
mod regression;
mod sample;
mod source;
mod stack;
mod window;

pub use aggregate::{aggregate, group_rows, summarise};
pub use bin::{BinSteps, apply as apply_bin, bin_steps, extent_of};
pub use impute::{impute, impute_zero};
pub use predicate::Test;
pub use source::{Sources, load};
pub use stack::{StackSort, stack};

use crate::data::{Field, Table};
use crate::error::ChartError;
use crate::expression::{Scope, evaluate};
use crate::spec::{Transform, WindowItem};
use crate::value::Value;
use std::sync::Arc;

/// Rows a drawing may have; beyond that it is refused.
pub const MAX_ROWS: usize = 500_000;

/// Applies one step.
pub fn apply(table: &mut Table, step: &Transform, sources: &Sources, extra: &[Arc<str>]) -> Result<(), ChartError> {
    // Steps on groups also keep the facets apart.
    let with_extra = |groupby: &[Arc<str>]| -> Vec<Arc<str>> {
        let more = extra.iter().filter(|e| !groupby.contains(e));
        groupby.iter().chain(more).cloned().collect()
    };
    match step {
        Transform::Filter(test) => {
            let test = Test::new(test, table);
            let mut kept = Vec::with_capacity(table.rows.len());
            for row in std::mem::take(&mut table.rows) {
                if test.passes(table, &row, &sources.signals)? {
                    kept.push(row);
                }
            }
            table.rows = kept;
        }
        Transform::Calculate { expression, name } => {
            let mut values = Vec::with_capacity(table.rows.len());
            for row in &table.rows {
                let scope = Scope {
                    datum: Some((table, row)),
                    names: &sources.signals,
                };
                values.push(evaluate(expression, &scope).map_err(unknown)?);
            }
            let column = table.ensure(name);
            for (row, value) in table.rows.iter_mut().zip(values) {
                row.set(column, value);
            }
        }
        Transform::Aggregate { items, groupby } => *table = aggregate(table, items, &with_extra(groupby)),
        Transform::JoinAggregate { items, groupby } => {
            let groups = group_rows(table, &with_extra(groupby));
            for item in items {
                let column = table.ensure(&item.name);
                for rows in &groups {
                    let value = summarise(table, rows, item);
                    for at in rows {
                        if let Some(row) = table.rows.get_mut(*at) {
                            row.set(column, value.clone());
                        }
                    }
                }
            }
        }
        Transform::Bin { field, params, names } => {
            let extent = extent_of(table, field, params);
            let steps = bin_steps(params, extent);
            bin::apply(table, field, &steps, &names.0, &names.1);
        }
        Transform::TimeUnit { field, unit, name } => {
            let source = Field::of(table, field);
            if !unit.binned {
                table.fill(name, |row| time_floor(source.get(row), unit));
            } else if **field != **name {
                table.fill(name, |row| source.get(row));
            }
            let (start, end) = (Field::of(table, name), format!("{name}_end"));
            table.fill(&end, |row| match start.get(row) {
                Value::Number(n) => Value::Number(unit.end(n)),
                other => other,
            });
        }
        Transform::Stack {
            field,
            groupby,
            sort,
            offset,
            names,
        } => {
            let sort: Vec<StackSort> = sort
                .iter()
                .map(|s| StackSort {
                    field: s.field.clone(),
                    order: s.order,
                })
                .collect();
            stack(table, field, &with_extra(groupby), &sort, *offset, &names.0, &names.1);
        }
        Transform::Window {
            items,
            groupby,
            sort,
            frame,
            ignore_peers,
        } => {
            let known = |i: &WindowItem| window::is_known(&i.op);
            if let Some(item) = items.iter().find(|i| !known(i)) {
                return Err(unknown(format!("the window operation `{}` is not known", item.op)));
            }
            window::apply(table, items, &with_extra(groupby), sort, *frame, *ignore_peers);
        }
        Transform::Fold { fields, names } => fold::fold(table, fields, &names.0, &names.1),
        Transform::Flatten { fields, names } => fold::flatten(table, fields, names),
        Transform::Pivot {
            field,
            value,
            groupby,
            op,
            limit,
        } => {
            *table = pivot::apply(table, field, value, &with_extra(groupby), op, *limit);
        }
        Transform::Impute {
            field,
            key,
            groupby,
            impute: how,
        } => impute(table, field, key, &with_extra(groupby), how),
        Transform::Lookup {
            field,
            from,
            key,
            fields,
            names,
            default,
        } => {
            let other = load(from.clone(), sources)?;
            lookup::apply(table, field, &other, key, fields, names, default);
        }
        Transform::Sample(size) => sample::sample(table, *size),
        Transform::Density { .. } | Transform::Quantile { .. } => density::apply(table, step, extra)?,
        Transform::Regression { .. } | Transform::Loess { .. } => regression::apply(table, step, extra)?,
    }
    if table.rows.len() > MAX_ROWS {
        return Err(ChartError::Limit(format!("more than {MAX_ROWS} rows")));
    }
    Ok(())
}

/// The start of the unit a time falls in; text is read as a time first.
pub fn time_floor(value: Value, unit: &crate::time::TimeUnit) -> Value {
    let ms = match &value {
        Value::Missing | Value::Null => return Value::Null,
        Value::Text(t) => crate::time::parse::parse(t),
        other => other.number(),
    };
    if ms.is_finite() {
        Value::Number(unit.floor(ms))
    } else {
        Value::Null
    }
}

fn unknown(reason: String) -> ChartError {
    ChartError::Unsupported(vec![crate::Problem {
        path: "$.transform".into(),
        reason,
    }])
}
