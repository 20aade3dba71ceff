//! What names inside of a model's definitions mean in one query.

use std::{cell::Cell, collections::BTreeMap};

use shared::{
    AppError, ErrorCode,
    semantic::{Model, Parameter, ParameterType, Query},
};

use crate::{catalog::nearest, graph::Graph, logical::Literal};

/// Relations that the conditions of one query may be looked up in, each counted as often as it is planned: metrics whose
/// filters ask metrics again multiply.
const MOST_GATES: usize = 200;

/// Fields and functions of definitions that one query may be written out from.
const MOST_DEFINITIONS: usize = 5_000;
/// Times that metrics may be aggregated for one query: for its rows, its totals, and what shares are taken of.
const MOST_RELATIONS: usize = 200;

/// Values of the model's parameters, and how much of its definitions one query has looked into.
#[derive(Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, Literal>,
    gates: Cell<usize>,
    definitions: Cell<usize>,
    relations: Cell<usize>,
}

impl Parameters {
    pub fn get(&self, name: &str) -> Option<&Literal> {
        self.values.get(name)
    }

    /// Another condition is looked up in a relation of its own.
    ///
    /// # Errors
    /// `limit` when there are too many of them.
    pub fn count_gate(&self) -> Result<(), AppError> {
        count(&self.gates, MOST_GATES, "where", || {
            format!("The conditions of a query may look into at most {MOST_GATES} other tables and metrics.")
        })
    }

    /// Another field or function is written out.
    ///
    /// # Errors
    /// `limit` when there are too many of them.
    pub fn count_definition(&self) -> Result<(), AppError> {
        count(&self.definitions, MOST_DEFINITIONS, "expr", || {
            format!("What a query asks is made of more than {MOST_DEFINITIONS} fields and functions of the model.")
        })
    }

    /// Metrics are aggregated once more.
    ///
    /// # Errors
    /// `limit` when that is too often.
    pub fn count_relation(&self) -> Result<(), AppError> {
        count(&self.relations, MOST_RELATIONS, "metrics", || {
            format!("The metrics of a query would be aggregated more than {MOST_RELATIONS} times.")
        })
    }
}

fn count(counted: &Cell<usize>, most: usize, field: &str, message: impl FnOnce() -> String) -> Result<(), AppError> {
    counted.set(counted.get() + 1);
    if counted.get() <= most {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Limit, message()).with_field(field))
}

/// Joins, and values of parameters.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub graph: Graph<'a>,
    pub parameters: &'a Parameters,
}

/// Every parameter of the model: what the query says, else its default.
///
/// # Errors
/// `unknown_field` for a parameter that the model does not have; `invalid` for a value of another type or out of its bounds.
pub fn parameters(query: &Query, model: &Model) -> Result<Parameters, AppError> {
    let known = || model.parameters.iter().map(|parameter| parameter.name.to_string());
    for name in query.parameters.keys() {
        if !known().any(|parameter| parameter == *name) {
            let message = format!("The model {} has no parameter called {name}.", model.model);
            return Err(AppError::new(ErrorCode::UnknownField, message)
                .with_field(format!("parameters.{name}"))
                .with_candidates(nearest(name, known())));
        }
    }
    let values = model
        .parameters
        .iter()
        .map(|parameter| {
            let value = query
                .parameters
                .get(parameter.name.as_str())
                .unwrap_or(&parameter.default);
            Ok((parameter.name.to_string(), value_of(parameter, value)?))
        })
        .collect::<Result<_, AppError>>()?;
    Ok(Parameters {
        values,
        ..Parameters::default()
    })
}

fn value_of(parameter: &Parameter, value: &serde_json::Value) -> Result<Literal, AppError> {
    let name = &parameter.name;
    let wrong = |what: String| AppError::invalid(format!("parameters.{name}"), format!("{name} {what}"));
    let literal = match (parameter.kind, value) {
        (ParameterType::Number, serde_json::Value::Number(number)) => {
            let number = number.as_f64().filter(|number| number.is_finite());
            let number = number.ok_or_else(|| wrong("is a number that can be computed with.".to_owned()))?;
            if parameter.min.is_some_and(|least| number < least) || parameter.max.is_some_and(|most| number > most) {
                let bound =
                    |bound: Option<f64>, else_: &str| bound.map_or_else(|| else_.to_owned(), |bound| bound.to_string());
                return Err(wrong(format!(
                    "lies from {} to {}; {number} was given.",
                    bound(parameter.min, "any number"),
                    bound(parameter.max, "any number")
                )));
            }
            Literal::Float(number)
        }
        (ParameterType::String, serde_json::Value::String(text)) => Literal::Text(text.clone()),
        (ParameterType::Boolean, serde_json::Value::Bool(truth)) => Literal::Bool(*truth),
        (ParameterType::Date, serde_json::Value::String(text)) => {
            let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
            let day = day.map_err(|_| wrong(format!("is a date such as 2026-11-20; {text} was given.")))?;
            Literal::Date(day.to_string())
        }
        (ParameterType::Number | ParameterType::String | ParameterType::Boolean | ParameterType::Date, _) => {
            return Err(wrong(format!("is a {}.", parameter.kind.as_str())));
        }
    };
    if !parameter.values.is_empty() && !parameter.values.contains(value) {
        let allowed = parameter.values.iter().map(ToString::to_string).collect();
        return Err(wrong("is one of the values that the model allows.".to_owned()).with_candidates(allowed));
    }
    Ok(literal)
}
