//! The arithmetic of derived metrics as expressions of a plan.

use std::collections::BTreeMap;

use shared::{
    AppError,
    names::Identifier,
    semantic::{FormulaComparison, FormulaCondition, FormulaFunction, FormulaOperator, FormulaTerm},
};

use crate::logical::{BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator};

/// `term` over the values of its inputs.
pub(super) fn calculated(
    term: &FormulaTerm,
    inputs: &BTreeMap<&Identifier, Expression>,
) -> Result<Expression, AppError> {
    match term {
        FormulaTerm::Number(number) => Ok(Expression::literal(number_literal(*number))),
        FormulaTerm::Input(name) => inputs.get(name).cloned().ok_or_else(|| {
            AppError::invalid(
                name.to_string(),
                format!("The formula uses {name}, which is none of its inputs."),
            )
        }),
        FormulaTerm::Negate(of) => Ok(Expression::unary(UnaryOperator::Negate, calculated(of, inputs)?)),
        FormulaTerm::Binary { operator, left, right } => {
            let operator = match operator {
                FormulaOperator::Add => BinaryOperator::Add,
                FormulaOperator::Subtract => BinaryOperator::Subtract,
                FormulaOperator::Multiply => BinaryOperator::Multiply,
                FormulaOperator::Divide => BinaryOperator::Divide,
            };
            Ok(Expression::binary(
                operator,
                calculated(left, inputs)?,
                calculated(right, inputs)?,
            ))
        }
        FormulaTerm::Call { function, arguments } => {
            let arguments = arguments
                .iter()
                .map(|argument| calculated(argument, inputs))
                .collect::<Result<Vec<_>, _>>()?;
            call(*function, arguments)
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
        FormulaTerm::Previous { .. } | FormulaTerm::Within { .. } => Err(AppError::internal()),
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
        (FormulaFunction::Coalesce, _) => Ok(Expression::call(Function::Coalesce, arguments)),
        (FormulaFunction::NullIf, [value, other]) => {
            let same = Expression::binary(BinaryOperator::Eq, value.clone(), other.clone());
            Ok(case(same, Expression::null(), value.clone()))
        }
        (FormulaFunction::Abs, [value]) => {
            let zero = Expression::literal(Literal::Int(0));
            let negative = Expression::binary(BinaryOperator::Lt, value.clone(), zero);
            let turned = Expression::unary(UnaryOperator::Negate, value.clone());
            Ok(case(negative, turned, value.clone()))
        }
        // The formula's reader counts arguments.
        (FormulaFunction::NullIf | FormulaFunction::Abs, _) => Err(AppError::internal()),
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
