//! Functions of numbers and texts.

use plan::logical::{Expression, Scalar};
use polars::prelude::*;

use super::{Typed, conditional::meet_all, lower};
use crate::{
    lower::{
        Kind,
        failure::{impossible, mismatched},
        table::Columns,
    },
    protocol::WorkerFailure,
};

pub fn scalar(function: Scalar, arguments: &[Expression], columns: &Columns) -> Result<Typed, WorkerFailure> {
    let values = arguments
        .iter()
        .map(|argument| lower(argument, columns))
        .collect::<Result<Vec<_>, _>>()?;
    let mut values = values.into_iter();
    let mut next = || {
        values
            .next()
            .ok_or_else(|| impossible(format!("{function:?} lacks an argument")))
    };
    match function {
        Scalar::Abs => {
            let value = next()?;
            let kind = value.kind;
            let value = value.expression;
            let positive = when(value.clone().lt(lit(0))).then(-value.clone()).otherwise(value);
            Ok(Typed::new(positive, kind))
        }
        Scalar::Round => {
            let value = next()?.into_number()?;
            let digits = match next() {
                Ok(digits) => digits.into_number()?,
                Err(_) => lit(0.0),
            };
            let power = lit(10.0).pow(digits);
            let size = (absolute(value.clone()) * power.clone() + lit(0.5)).floor() / power;
            Ok(number(with_sign_of(value, size)))
        }
        Scalar::Floor => Ok(number(next()?.into_number()?.floor())),
        Scalar::Ceil => Ok(number(-((-next()?.into_number()?).floor()))),
        Scalar::Ln => {
            let value = next()?.into_number()?;
            Ok(number(only_if(value.clone().gt(lit(0.0)), each(value, f64::ln))))
        }
        Scalar::Exp => finite(each(next()?.into_number()?, f64::exp)),
        Scalar::Power => {
            let (base, exponent) = (next()?.into_number()?, next()?.into_number()?);
            finite(base.pow(exponent))
        }
        Scalar::Sqrt => {
            let value = next()?.into_number()?;
            Ok(number(only_if(value.clone().gt_eq(lit(0.0)), value.sqrt())))
        }
        Scalar::Sign => {
            let value = next()?.into_number()?;
            let sign = when(value.clone().gt(lit(0.0)))
                .then(lit(1_i64))
                .when(value.clone().lt(lit(0.0)))
                .then(lit(-1_i64))
                .otherwise(lit(0_i64));
            Ok(Typed::new(only_if(value.is_not_null(), sign), Kind::Integer))
        }
        Scalar::Modulo => {
            let (value, divisor) = (next()?.into_number()?, next()?.into_number()?);
            let times = (absolute(value.clone()) / absolute(divisor.clone())).floor();
            let rest = absolute(value.clone()) - times * absolute(divisor.clone());
            Ok(number(only_if(divisor.neq(lit(0.0)), with_sign_of(value, rest))))
        }
        Scalar::Least => extreme(values.collect(), Expr::lt),
        Scalar::Greatest => extreme(values.collect(), Expr::gt),
        Scalar::Lower => Ok(text(next()?.into_kind(Kind::Text).str().to_lowercase())),
        Scalar::Upper => Ok(text(next()?.into_kind(Kind::Text).str().to_uppercase())),
        Scalar::Trim => Ok(text(next()?.into_kind(Kind::Text).str().strip_chars(lit(" ")))),
        Scalar::Length => {
            let length = next()?.into_kind(Kind::Text).str().len_chars();
            Ok(Typed::new(length.cast(DataType::Int64), Kind::Integer))
        }
        Scalar::Substring => {
            let (value, from) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Integer) - lit(1));
            let start = not_below_zero(from.clone());
            let length = match next() {
                // Characters before the first count as well.
                Ok(length) => not_below_zero(length.into_kind(Kind::Integer) + from.clone() - start.clone()),
                Err(_) => lit(i64::MAX),
            };
            Ok(text(slice(value, start, length)))
        }
        Scalar::Replace => {
            let (value, old, new) = (
                next()?.into_kind(Kind::Text),
                next()?.into_kind(Kind::Text),
                next()?.into_kind(Kind::Text),
            );
            let replaced = value.clone().str().replace_all(old.clone(), new.clone(), true);
            let known = old.clone().is_not_null().and(new.is_not_null());
            Ok(text(only_if(
                known,
                when(old.eq(lit(""))).then(value).otherwise(replaced),
            )))
        }
        Scalar::Concat => {
            let texts = values.map(|value| value.into_kind(Kind::Text).fill_null(lit("")));
            Ok(text(
                texts.reduce(|left, right| left + right).unwrap_or_else(|| lit("")),
            ))
        }
        Scalar::Join => Ok(text(next()?.into_kind(Kind::Text) + next()?.into_kind(Kind::Text))),
        Scalar::Left => {
            let (value, count) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Integer));
            Ok(text(slice(value, lit(0_i64), not_below_zero(count))))
        }
        Scalar::Right => {
            let (value, count) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Integer));
            let length = value.clone().str().len_chars().cast(DataType::Int64);
            let start = not_below_zero(length - not_below_zero(count));
            Ok(text(slice(value, start, lit(i64::MAX))))
        }
        Scalar::StartsWith => {
            let (value, part) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Text));
            Ok(Typed::new(value.str().starts_with(part), Kind::Boolean))
        }
        Scalar::EndsWith => {
            let (value, part) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Text));
            Ok(Typed::new(value.str().ends_with(part), Kind::Boolean))
        }
        Scalar::Contains => {
            let (value, part) = (next()?.into_kind(Kind::Text), next()?.into_kind(Kind::Text));
            Ok(Typed::new(value.str().contains_literal(part), Kind::Boolean))
        }
        Scalar::Microseconds => {
            let value = next()?;
            let value = match value.kind {
                Kind::Date => value.into_kind(Kind::Timestamp),
                Kind::Timestamp | Kind::Instant | Kind::Null => value.expression,
                other @ (Kind::Boolean
                | Kind::Integer
                | Kind::Number
                | Kind::Decimal { .. }
                | Kind::Text
                | Kind::Time) => return Err(mismatched(format!("{} is no time", other.noun()))),
            };
            Ok(Typed::new(value.cast(DataType::Int64), Kind::Integer))
        }
    }
}

const fn number(expression: Expr) -> Typed {
    Typed::new(expression, Kind::Number)
}

const fn text(expression: Expr) -> Typed {
    Typed::new(expression, Kind::Text)
}

/// NULL instead of what is no number.
fn finite(expression: Expr) -> Result<Typed, WorkerFailure> {
    let is_number = expression
        .clone()
        .gt_eq(lit(f64::MIN))
        .and(expression.clone().lt_eq(lit(f64::MAX)));
    Ok(number(only_if(is_number, expression)))
}

fn only_if(condition: Expr, value: Expr) -> Expr {
    when(condition).then(value).otherwise(lit(NULL))
}

fn absolute(number: Expr) -> Expr {
    when(number.clone().lt(lit(0.0)))
        .then(-number.clone())
        .otherwise(number)
}

fn with_sign_of(number: Expr, size: Expr) -> Expr {
    when(number.lt(lit(0.0))).then(-size.clone()).otherwise(size)
}

fn not_below_zero(whole: Expr) -> Expr {
    when(whole.clone().lt(lit(0_i64))).then(lit(0_i64)).otherwise(whole)
}

fn slice(value: Expr, start: Expr, length: Expr) -> Expr {
    let known = start.clone().is_not_null().and(length.clone().is_not_null());
    only_if(known, value.str().slice(start, length.cast(DataType::UInt64)))
}

/// A function of each number by itself.
fn each(value: Expr, function: fn(f64) -> f64) -> Expr {
    value.map(
        move |column| {
            let numbers = column.f64()?;
            Ok(numbers.apply_values(function).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Float64)),
    )
}

/// The first or last of all in their order; NULLs are skipped.
fn extreme(values: Vec<Typed>, goes_before: fn(Expr, Expr) -> Expr) -> Result<Typed, WorkerFailure> {
    let kind = meet_all(values.iter().map(|value| value.kind))?;
    let best = values
        .into_iter()
        .map(|value| value.into_kind(kind))
        .reduce(|best, other| {
            let takes = best.clone().is_null().or(goes_before(other.clone(), best.clone()));
            when(takes).then(other).otherwise(best)
        })
        .ok_or_else(|| impossible("nothing to choose from"))?;
    Ok(Typed::new(best, kind))
}
