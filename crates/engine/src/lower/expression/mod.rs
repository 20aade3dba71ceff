//! Scalar expressions: each becomes a Polars expression whose kind is known.

mod arithmetic;
mod comparison;
mod conditional;
mod function;
mod json;
mod literal;
mod scalar;
mod text;
mod time;

use plan::logical::{BinaryOperator, Expression, UnaryOperator};
use polars::prelude::*;

pub use literal::literal_scalar;

use super::{Kind, failure::mismatched, table::Columns};
use crate::protocol::WorkerFailure;

/// An expression and what it gives.
pub struct Typed {
    pub expression: Expr,
    pub kind: Kind,
}

impl Typed {
    pub const fn new(expression: Expr, kind: Kind) -> Self {
        Self { expression, kind }
    }

    /// As `kind`.
    pub fn into_kind(self, kind: Kind) -> Expr {
        self.kind.convert(self.expression, kind)
    }

    /// As a truth value; anything else is a defect of the plan.
    pub fn into_boolean(self) -> Result<Expr, WorkerFailure> {
        match self.kind {
            Kind::Boolean => Ok(self.expression),
            Kind::Null => Ok(self.into_kind(Kind::Boolean)),
            other => Err(mismatched(format!("a condition is {}", other.noun()))),
        }
    }

    /// As a floating-point number.
    pub fn into_number(self) -> Result<Expr, WorkerFailure> {
        if self.kind.is_numeric() || matches!(self.kind, Kind::Null | Kind::Boolean) {
            Ok(self.into_kind(Kind::Number))
        } else {
            Err(mismatched(format!("a number is wanted, not {}", self.kind.noun())))
        }
    }
}

/// Does it read a column at all? One that does not has one row, whatever the height of its input.
pub fn reads_columns(expression: &Expr) -> bool {
    expression.into_iter().any(|part| matches!(part, Expr::Column(_)))
}

/// Lowers an expression over an input with `columns`.
///
/// # Errors
/// Unknown columns and operands whose types do not meet.
pub fn lower(expression: &Expression, columns: &Columns) -> Result<Typed, WorkerFailure> {
    match expression {
        Expression::Column(name) => Ok(Typed::new(col(name.as_str()), columns.kind(name)?)),
        Expression::Literal(value) => literal::lower(value),
        Expression::Unary { operator, operand } => unary(*operator, lower(operand, columns)?),
        Expression::Binary { operator, left, right } => {
            binary(*operator, lower(left, columns)?, lower(right, columns)?)
        }
        Expression::In { operand, list } => comparison::is_in(lower(operand, columns)?, list),
        Expression::Case { branches, otherwise } => conditional::case(branches, otherwise, columns),
        Expression::Call { function, arguments } => function::call(function, arguments, columns),
    }
}

fn unary(operator: UnaryOperator, operand: Typed) -> Result<Typed, WorkerFailure> {
    Ok(match operator {
        UnaryOperator::Not => Typed::new(operand.into_boolean()?.not(), Kind::Boolean),
        UnaryOperator::IsNull => Typed::new(operand.expression.is_null(), Kind::Boolean),
        UnaryOperator::IsNotNull => Typed::new(operand.expression.is_not_null(), Kind::Boolean),
        UnaryOperator::Negate => arithmetic::negate(operand)?,
    })
}

fn binary(operator: BinaryOperator, left: Typed, right: Typed) -> Result<Typed, WorkerFailure> {
    match operator {
        BinaryOperator::And => Ok(Typed::new(
            left.into_boolean()?.and(right.into_boolean()?),
            Kind::Boolean,
        )),
        BinaryOperator::Or => Ok(Typed::new(
            left.into_boolean()?.or(right.into_boolean()?),
            Kind::Boolean,
        )),
        BinaryOperator::Eq => comparison::compare(left, right, Expr::eq),
        BinaryOperator::Ne => comparison::compare(left, right, Expr::neq),
        BinaryOperator::Lt => comparison::compare(left, right, Expr::lt),
        BinaryOperator::Lte => comparison::compare(left, right, Expr::lt_eq),
        BinaryOperator::Gt => comparison::compare(left, right, Expr::gt),
        BinaryOperator::Gte => comparison::compare(left, right, Expr::gt_eq),
        BinaryOperator::IsNotDistinctFrom => comparison::compare(left, right, Expr::eq_missing),
        BinaryOperator::Add => arithmetic::combine(left, right, |left, right| left + right),
        BinaryOperator::Subtract => arithmetic::combine(left, right, |left, right| left - right),
        BinaryOperator::Multiply => arithmetic::multiply(left, right),
        BinaryOperator::Divide => arithmetic::divide(left, right),
    }
}
