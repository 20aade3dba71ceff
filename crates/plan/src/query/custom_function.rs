//! Functions of the model: a call becomes the function's own expression, with the arguments in the place of their names.

use std::collections::BTreeMap;

use guard::{
    CheckedExpression, CustomFunction, Dialect, ExpressionRules, check_expression, expression::Expression as Sql,
};
use shared::{AppError, ErrorCode, semantic::Model};

use super::{definition::Reading, moments::TimeValue};
use crate::logical::Expression;

/// What stands for the arguments of a function, by their names; as times, where they are.
pub type Arguments = BTreeMap<String, TimeValue>;

/// Functions of functions deeper than this go in circles.
const DEEPEST: usize = 16;
/// Parts that an expression may have once what it names is written out.
const LARGEST: usize = 10_000;

/// An expression of the model that the guard lets through.
///
/// # Errors
/// `invalid` with what the guard says.
pub fn checked(model: &Model, sql: &str) -> Result<CheckedExpression, AppError> {
    let calls = model.functions.iter().map(|function| CustomFunction {
        name: function.name.to_string(),
        arguments: function.args.len(),
    });
    let custom: Vec<CustomFunction> = calls.collect();
    let rules = ExpressionRules {
        dialect: Dialect::Postgres,
        custom_functions: &custom,
        aggregates: false,
    };
    check_expression(sql, &rules)
        .map_err(|refusal| AppError::invalid("expr", format!("{refusal}")).with_hint(sql.to_owned()))
}

/// The expression, unless so many copies of it are too large: definitions that name each other multiply.
///
/// # Errors
/// `limit`.
pub(super) fn within_size(value: Expression, copies: usize, name: &str) -> Result<Expression, AppError> {
    if value.parts().saturating_mul(copies) <= LARGEST {
        return Ok(value);
    }
    let message = format!("Written out, {name} has more than {LARGEST} parts.");
    Err(AppError::new(ErrorCode::Limit, message).with_field("expr"))
}

impl Reading<'_, '_> {
    /// # Errors
    /// `invalid` for a function that calls itself; `limit` for one that grows too large; else as reading its expression.
    pub(super) fn custom(&self, name: &str, arguments: &[Sql], depth: usize) -> Result<Expression, AppError> {
        let model = self.scope.graph.model;
        let Some(function) = model.functions.iter().find(|function| function.name.as_str() == name) else {
            let message = format!("The model {} has no function called {name}.", model.model);
            return Err(AppError::new(ErrorCode::UnknownField, message).with_field("expr"));
        };
        if depth >= DEEPEST {
            return Err(AppError::invalid("expr", format!("The function {name} calls itself.")));
        }
        self.scope.parameters.count_definition()?;
        let given: Arguments = function
            .args
            .iter()
            .zip(arguments)
            .map(|(name, argument)| Ok((name.to_string(), self.time(argument, depth)?)))
            .collect::<Result<_, AppError>>()?;
        let inside = Reading {
            arguments: Some(&given),
            ..*self
        };
        let value = inside.lower(&checked(model, &function.expr.sql)?.expression, depth + 1)?;
        within_size(value, 1, name)
    }

    /// What a name stands for inside of a function.
    ///
    /// # Errors
    /// `invalid` for a name that is none of the arguments.
    pub(super) fn argument<'g>(given: &'g Arguments, name: &str) -> Result<&'g TimeValue, AppError> {
        given
            .get(name)
            .ok_or_else(|| AppError::invalid("expr", format!("{name} is none of the function's arguments.")))
    }
}
