//! The arithmetic of derived metrics as expressions of a plan.

use std::collections::BTreeMap;

use shared::{
    AppError,
    names::Identifier,
    semantic::{FormulaComparison, FormulaCondition, FormulaFunction, FormulaOperator, FormulaTerm},
};

use crate::{
    logical::{BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator},
    query::custom_function::within_size,
};

/// `term` over the values of its inputs.
pub(super) fn calculated(
    term: &FormulaTerm,
    inputs: &BTreeMap<&Identifier, Expression>,
) -> Result<Expression, AppError> {
    match term {
        FormulaTerm::Number(number) => Ok(Expression::literal(number_literal(*number))),
        FormulaTerm::Input(name) => {
            let value = inputs.get(name).ok_or_else(|| {
                let message = format!("The formula uses {name}, which is none of its inputs.");
                AppError::invalid(name.to_string(), message)
            })?;
            Ok(value.clone())
        }
        FormulaTerm::Negate(of) => Ok(Expression::unary(UnaryOperator::Negate, calculated(of, inputs)?)),
        FormulaTerm::Binary { operator, left, right } => {
            let operator = match operator {
                FormulaOperator::Add => BinaryOperator::Add,
                FormulaOperator::Subtract => BinaryOperator::Subtract,
                FormulaOperator::Multiply => BinaryOperator::Multiply,
                FormulaOperator::Divide => BinaryOperator::Divide,
            };
            let whole = Expression::binary(operator, calculated(left, inputs)?, calculated(right, inputs)?);
            // Inputs may be formulas themselves, and each may stand here many times.
            within_size(whole, 1, "a formula")
        }
        FormulaTerm::Call { function, arguments } => {
            let arguments = arguments
                .iter()
                .map(|argument| calculated(argument, inputs))
                .collect::<Result<Vec<_>, _>>()?;
            within_size(call(*function, arguments)?, 1, "a formula")
        }
        FormulaTerm::Case { branches, otherwise } => Ok(Expression::Case {
            branches: branches
                .iter()
                .map(|(condition, value)| Ok((tested(condition, inputs)?, calculated(value, inputs)?)))
                .collect::<Result<_, AppError>>()?,
            otherwise: Box::new(match otherwise {
                Some(otherwise) => calculated(otherwise, inputs)?,
                None => Expression::null(),
            }),
        }),
        // They became inputs when the metric was found.
        FormulaTerm::Previous { .. } | FormulaTerm::Running { .. } | FormulaTerm::Within { .. } => {
            Err(AppError::internal())
        }
    }
}

fn tested(condition: &FormulaCondition, inputs: &BTreeMap<&Identifier, Expression>) -> Result<Expression, AppError> {
    match condition {
        FormulaCondition::Compare { operator, left, right } => {
            let operator = match operator {
                FormulaComparison::Equal => BinaryOperator::Eq,
                FormulaComparison::NotEqual => BinaryOperator::Ne,
                FormulaComparison::Less => BinaryOperator::Lt,
                FormulaComparison::LessOrEqual => BinaryOperator::Lte,
                FormulaComparison::Greater => BinaryOperator::Gt,
                FormulaComparison::GreaterOrEqual => BinaryOperator::Gte,
            };
            let (left, right) = (calculated(left, inputs)?, calculated(right, inputs)?);
            Ok(Expression::binary(operator, left, right))
        }
        FormulaCondition::IsNull(term) => Ok(calculated(term, inputs)?.is_null()),
        FormulaCondition::Not(inner) => Ok(tested(inner, inputs)?.negated()),
        FormulaCondition::And(left, right) => Ok(Expression::all([tested(left, inputs)?, tested(right, inputs)?])),
        FormulaCondition::Or(left, right) => Ok(Expression::any([tested(left, inputs)?, tested(right, inputs)?])),
    }
}

fn call(function: FormulaFunction, arguments: Vec<Expression>) -> Result<Expression, AppError> {
    let case = |condition, value, otherwise| Expression::Case {
        branches: vec![(condition, value)],
        otherwise: Box::new(otherwise),
    };
    let scalar = |function: Scalar| Ok(Expression::call(Function::Scalar(function), arguments.clone()));
    match (function, arguments.as_slice()) {
        (FormulaFunction::Least, _) => scalar(Scalar::Least),
        (FormulaFunction::Greatest, _) => scalar(Scalar::Greatest),
        (FormulaFunction::Round, _) => scalar(Scalar::Round),
        (FormulaFunction::Floor, _) => scalar(Scalar::Floor),
        (FormulaFunction::Ceil, _) => scalar(Scalar::Ceil),
        (FormulaFunction::Ln, _) => scalar(Scalar::Ln),
        (FormulaFunction::Exp, _) => scalar(Scalar::Exp),
        (FormulaFunction::Power, _) => scalar(Scalar::Power),
        (FormulaFunction::Abs, _) => scalar(Scalar::Abs),
        (FormulaFunction::Coalesce, _) => Ok(Expression::call(Function::Coalesce, arguments)),
        (FormulaFunction::NullIf, [value, other]) => {
            let value = &within_size(value.clone(), 2, "nullif")?;
            let same = Expression::binary(BinaryOperator::Eq, value.clone(), other.clone());
            Ok(case(same, Expression::null(), value.clone()))
        }
        // The formula's reader counts arguments.
        (FormulaFunction::NullIf, _) => Err(AppError::internal()),
    }
}

/// Whole numbers stay whole, so that sums of counts and of decimals stay exact.
fn number_literal(number: f64) -> Literal {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and small enough")]
        let whole = number as i64;
        Literal::Int(whole)
    } else {
        Literal::Float(number)
    }
}
