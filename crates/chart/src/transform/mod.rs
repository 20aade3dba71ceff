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

use crate::budget;
use crate::data::{Field, Table};
use crate::error::ChartError;
use crate::expression::{Known, Scope, evaluate};
use crate::spec::{BinParams, LookupFrom, Transform, WindowItem};
use crate::value::Value;
use std::sync::Arc;

/// Rows a drawing may have; beyond that it is refused.
pub const MAX_ROWS: usize = 500_000;

/// Applies one step. A table that others hold too is copied only where the step keeps most of it.
pub fn apply(
    shared: &mut Arc<Table>,
    step: &Transform,
    sources: &Sources,
    extra: &[Arc<str>],
) -> Result<(), ChartError> {
    let columns = shared.names.len();
    budget::spend(shared.rows.len() * of_each_row(step) + budget::ROW)?;
    match step {
        Transform::Filter(test) => {
            let test = Test::new(test, shared);
            let names = sources.signals.borrow();
            let known = Known::names(&names);
            let mut kept = Vec::with_capacity(shared.rows.len());
            for row in &shared.rows {
                kept.push(test.passes(shared, row, known)?);
            }
            keep(shared, &kept);
        }
        Transform::Aggregate { items, groupby } => {
            *shared = Arc::new(aggregate(shared, items, &with_extra(groupby, extra)));
        }
        Transform::Pivot {
            field,
            value,
            groupby,
            op,
            limit,
        } => {
            let groupby = with_extra(groupby, extra);
            *shared = Arc::new(pivot::apply(shared, field, value, &groupby, op, *limit));
        }
        Transform::Extent { field, name } => {
            let extent = extent(shared, field);
            sources.signals.borrow_mut().push((name.to_string(), extent));
        }
        Transform::Calculate { .. }
        | Transform::JoinAggregate { .. }
        | Transform::Bin { .. }
        | Transform::TimeUnit { .. }
        | Transform::Stack { .. }
        | Transform::Window { .. }
        | Transform::Fold { .. }
        | Transform::Flatten { .. }
        | Transform::Impute { .. }
        | Transform::Lookup { .. }
        | Transform::Sample(_)
        | Transform::Density { .. }
        | Transform::Quantile { .. }
        | Transform::Regression { .. }
        | Transform::Loess { .. } => {
            if Arc::strong_count(shared) > 1 {
                budget::spend(shared.rows.len() * (budget::ROW + columns * budget::CELL))?;
            }
            change(Arc::make_mut(shared), step, sources, extra)?;
        }
    }
    let more = shared.names.len().saturating_sub(columns);
    budget::spend(shared.rows.len() * (1 + more * budget::CELL))?;
    if shared.rows.len() > MAX_ROWS {
        return Err(ChartError::Limit(format!("more than {MAX_ROWS} rows")));
    }
    Ok(())
}

/// Steps of work for a row that goes in, by what is done with it. Calculations count their own.
fn of_each_row(step: &Transform) -> usize {
    // Values are looked up, hashed or sorted.
    const HANDLED: usize = 8;
    match step {
        Transform::Aggregate { items, groupby } | Transform::JoinAggregate { items, groupby } => {
            (1 + items.len() + groupby.len()) * HANDLED
        }
        Transform::Window {
            items, groupby, sort, ..
        } => (1 + items.len() + groupby.len() + sort.len()) * HANDLED,
        Transform::Stack { groupby, sort, .. } => (1 + groupby.len() + sort.len()) * HANDLED,
        Transform::Pivot { groupby, .. } | Transform::Impute { groupby, .. } => (2 + groupby.len()) * HANDLED,
        Transform::Density { groupby, .. }
        | Transform::Quantile { groupby, .. }
        | Transform::Regression { groupby, .. }
        | Transform::Loess { groupby, .. } => (2 + groupby.len()) * HANDLED,
        Transform::Lookup { fields, .. } => (8 + fields.len()) * HANDLED,
        Transform::Extent { .. }
        | Transform::Filter(_)
        | Transform::Calculate { .. }
        | Transform::Bin { .. }
        | Transform::TimeUnit { .. }
        | Transform::Fold { .. }
        | Transform::Flatten { .. }
        | Transform::Sample(_) => 1,
    }
}

/// The least and the greatest number of a field.
fn extent(table: &Table, field: &str) -> Value {
    let field = Field::of(table, field);
    let numbers = || {
        let values = table
            .rows
            .iter()
            .map(|row| field.cell(row))
            .filter(|value| value.is_valid());
        values.map(|value| value.number()).filter(|number| !number.is_nan())
    };
    let ends = [numbers().reduce(f64::min), numbers().reduce(f64::max)];
    let ends = ends.map(|end| end.map_or(Value::Missing, Value::Number));
    Value::List(Arc::new(ends.to_vec()))
}

/// Ranges whose extent is computed have it now.
pub fn settled(params: &BinParams, sources: &Sources) -> Result<BinParams, ChartError> {
    let mut params = params.clone();
    if let Some(tree) = params.extent_from.take() {
        let names = sources.signals.borrow();
        let scope = Scope {
            datum: None,
            names: &names,
            scales: None,
        };
        if let Value::List(ends) = evaluate(&tree, &scope).map_err(unknown)? {
            let ends: Vec<f64> = ends.iter().map(Value::number).filter(|end| end.is_finite()).collect();
            params.extent = (ends.len() == 2).then_some(ends);
        }
    }
    Ok(params)
}

/// Steps on groups also keep the facets apart.
fn with_extra(groupby: &[Arc<str>], extra: &[Arc<str>]) -> Vec<Arc<str>> {
    let more = extra.iter().filter(|e| !groupby.contains(e));
    groupby.iter().chain(more).cloned().collect()
}

/// Leaves only the rows that are marked.
pub fn keep(shared: &mut Arc<Table>, kept: &[bool]) {
    if kept.iter().all(|kept| *kept) {
        return;
    }
    if let Some(table) = Arc::get_mut(shared) {
        let mut kept = kept.iter();
        table.rows.retain(|_| kept.next().copied().unwrap_or(false));
        return;
    }
    let rows = shared.rows.iter().zip(kept).filter(|(_, kept)| **kept);
    *shared = Arc::new(Table {
        names: shared.names.clone(),
        rows: rows.map(|(row, _)| row.clone()).collect(),
    });
}

/// A step that adds to the rows there are or puts others in their place.
fn change(table: &mut Table, step: &Transform, sources: &Sources, extra: &[Arc<str>]) -> Result<(), ChartError> {
    let with_extra = |groupby: &[Arc<str>]| with_extra(groupby, extra);
    match step {
        Transform::Filter(_) | Transform::Aggregate { .. } | Transform::Pivot { .. } | Transform::Extent { .. } => {}
        Transform::Calculate { expression, name } => {
            let expression = expression.bind(table);
            let mut values = Vec::with_capacity(table.rows.len());
            let names = sources.signals.borrow();
            let known = Known::names(&names);
            for row in &table.rows {
                values.push(evaluate(&expression, &known.with(table, row)).map_err(unknown)?);
            }
            let column = table.ensure(name);
            for (row, value) in table.rows.iter_mut().zip(values) {
                row.set(column, value);
            }
        }
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
            let params = &settled(params, sources)?;
            let extent = extent_of(table, field, params);
            let steps = bin_steps(params, extent);
            bin::apply(table, field, &steps, &names.0, &names.1);
        }
        Transform::TimeUnit { field, unit, name } => {
            let source = Field::of(table, field);
            if !unit.binned {
                table.fill(name, |row| time_floor(&source.cell(row), unit));
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
            let other = match from {
                LookupFrom::Source(source) => load(source.clone(), sources)?,
                LookupFrom::Selected(test) => {
                    budget::spend(table.rows.len() * (budget::ROW + table.names.len() * budget::CELL))?;
                    let mut chosen = Arc::new(table.clone());
                    apply(&mut chosen, &Transform::Filter(test.clone()), sources, extra)?;
                    chosen
                }
            };
            budget::spend(other.rows.len() * 40)?;
            lookup::apply(table, field, &other, key, fields, names, default);
        }
        Transform::Sample(size) => sample::sample(table, *size),
        Transform::Density { .. } | Transform::Quantile { .. } => density::apply(table, step, extra)?,
        Transform::Regression { .. } | Transform::Loess { .. } => regression::apply(table, step, extra)?,
    }
    Ok(())
}

/// The start of the unit a time falls in; text is read as a time first.
pub fn time_floor(value: &Value, unit: &crate::time::TimeUnit) -> Value {
    let ms = match value {
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
