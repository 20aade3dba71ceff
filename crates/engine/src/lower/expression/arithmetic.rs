//! Arithmetic. Whole numbers that leave 64 bits go on as floating point.

use polars::prelude::*;

use super::Typed;
use crate::{
    lower::{Kind, failure::mismatched},
    protocol::WorkerFailure,
};

pub fn negate(operand: Typed) -> Result<Typed, WorkerFailure> {
    let kind = numeric(operand.kind)?;
    Ok(Typed::new(-operand.into_kind(kind), kind))
}

/// Sum or difference.
pub fn combine(left: Typed, right: Typed, operator: fn(Expr, Expr) -> Expr) -> Result<Typed, WorkerFailure> {
    let kind = numeric(left.kind)?
        .meet(numeric(right.kind)?)
        .ok_or_else(|| mismatched("numbers that do not meet"))?;
    let (left, right) = (left.into_kind(kind), right.into_kind(kind));
    Ok(match kind {
        // Checked in 128 bits: the cast back fails loudly instead of wrapping.
        Kind::Integer => Typed::new(
            operator(left.cast(DataType::Int128), right.cast(DataType::Int128)).strict_cast(DataType::Int64),
            Kind::Integer,
        ),
        _ => Typed::new(operator(left, right).cast(kind.dtype()), kind),
    })
}

pub fn multiply(left: Typed, right: Typed) -> Result<Typed, WorkerFailure> {
    match (numeric(left.kind)?, numeric(right.kind)?) {
        (Kind::Integer, Kind::Integer) => combine(left, right, |left, right| left * right),
        // Decimals multiply in floating point: a product of two would outgrow 38 digits.
        _ => Ok(Typed::new(left.into_number()? * right.into_number()?, Kind::Number)),
    }
}

/// In floating point; NULL where the divisor is 0.
pub fn divide(left: Typed, right: Typed) -> Result<Typed, WorkerFailure> {
    let (left, right) = (left.into_number()?, right.into_number()?);
    let quotient = when(right.clone().neq(lit(0.0)))
        .then(left / right)
        .otherwise(lit(NULL));
    Ok(Typed::new(quotient, Kind::Number))
}

fn numeric(kind: Kind) -> Result<Kind, WorkerFailure> {
    match kind {
        Kind::Integer | Kind::Number | Kind::Decimal { .. } => Ok(kind),
        Kind::Null | Kind::Boolean => Ok(Kind::Integer),
        Kind::Text | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant => {
            Err(mismatched(format!("{} cannot be calculated with", kind.noun())))
        }
    }
}
