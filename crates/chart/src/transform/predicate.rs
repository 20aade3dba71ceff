//! Tests bound to a table.

use super::{time_floor, unknown};
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::error::ChartError;
use crate::expression::{self, Expression, Known};
use crate::spec::{Comparison, Predicate};
use crate::time::TimeUnit;
use crate::value::Value;

/// A test whose fields are found.
pub enum Test<'a> {
    Expression(Expression),
    Field(Field, Option<&'a TimeUnit>, &'a Comparison),
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Always(bool),
}

impl<'a> Test<'a> {
    pub fn new(predicate: &'a Predicate, table: &Table) -> Test<'a> {
        match predicate {
            Predicate::Expression(tree) => Test::Expression(tree.bind(table)),
            Predicate::Field {
                field,
                time_unit,
                comparison,
            } => {
                // Data that was truncated before keeps its values.
                let unit = time_unit.as_ref().filter(|u| !u.binned);
                Test::Field(Field::of(table, field), unit, comparison)
            }
            Predicate::All(list) => Test::All(list.iter().map(|p| Test::new(p, table)).collect()),
            Predicate::Any(list) => Test::Any(list.iter().map(|p| Test::new(p, table)).collect()),
            Predicate::Not(inner) => Test::Not(Box::new(Test::new(inner, table))),
            Predicate::Always(answer) => Test::Always(*answer),
        }
    }

    pub fn passes(&self, table: &Table, row: &Row, known: Known) -> Result<bool, ChartError> {
        Ok(match self {
            Test::Expression(tree) => expression::holds(tree, &known.with(table, row)).map_err(unknown)?,
            Test::Field(field, unit, comparison) => {
                if let Comparison::OneOf(list) = comparison {
                    budget::spend(list.len() / 8)?;
                }
                budget::spend(1)?;
                let value = field.cell(row);
                match unit {
                    Some(unit) => holds(&time_floor(&value, unit), comparison),
                    None => holds(&value, comparison),
                }
            }
            Test::All(list) => {
                for test in list {
                    if !test.passes(table, row, known)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Any(list) => {
                for test in list {
                    if test.passes(table, row, known)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::Not(inner) => !inner.passes(table, row, known)?,
            Test::Always(answer) => *answer,
        })
    }
}

/// A value's place against a bound: text against text, else as numbers; a text that is a date counts as its time.
fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => Some(x.cmp(y)),
        (Value::Missing, _) => None,
        (Value::Text(x), Value::Number(y)) => {
            let n = a.number();
            let n = if n.is_nan() { crate::time::parse::parse(x) } else { n };
            n.partial_cmp(y)
        }
        _ => a.number().partial_cmp(&b.number()),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a, b), (Value::Text(t), Value::Number(n)) if crate::time::parse::parse(t) == *n)
}

fn holds(value: &Value, comparison: &Comparison) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match comparison {
        Comparison::Equal(other) => same(value, other),
        Comparison::Less(b) => order(value, b) == Some(Less),
        Comparison::LessOrEqual(b) => matches!(order(value, b), Some(Less | Equal)),
        Comparison::Greater(b) => order(value, b) == Some(Greater),
        Comparison::GreaterOrEqual(b) => matches!(order(value, b), Some(Greater | Equal)),
        Comparison::Range(lo, hi) => {
            let above = lo.is_nothing() || matches!(order(value, lo), Some(Greater | Equal));
            above && (hi.is_nothing() || matches!(order(value, hi), Some(Less | Equal)))
        }
        Comparison::OneOf(list) => list.iter().any(|v| same(value, v)),
        Comparison::Valid(valid) => {
            let ok = value.is_valid() && !matches!(value, Value::Number(n) if !n.is_finite());
            ok == *valid
        }
    }
}
