//! Finding what a name of the query means.

use shared::{
    AppError, ErrorCode,
    semantic::{Dimension, Join, Model, ModelTable, TIME_FIELD},
};

use super::{
    Policy,
    located::{Located, Seen},
    resolved::{Fact, Field, Resolved},
};
use crate::{
    catalog::{nearest, unknown_field},
    graph::Way,
};

/// # Errors
/// `unknown_field` with the nearest names; `invalid` for a metric in a dimension's place; `forbidden` when masked.
pub fn find_field<'a>(model: &'a Model, policy: &Policy, name: &str) -> Result<Field<'a>, AppError> {
    if name == TIME_FIELD {
        return Ok(Field::Time);
    }
    if let Some((table, dimension)) = model.dimension(name) {
        check_mask(policy, table, dimension)?;
        let role = name.split_once('.').and_then(|(role, _)| node_name(model, role));
        let node = role.unwrap_or(table.name.as_str());
        return Ok(Field::Of { node, table, dimension });
    }
    if model.metric(name).is_some() {
        return Err(
            AppError::invalid(name, format!("{name} is a metric; it cannot be used as a field."))
                .with_hint("List it under metrics, or compare it in having."),
        );
    }
    let in_tables: Vec<String> = model
        .tables
        .iter()
        .filter(|table| table.dimension(name).is_some())
        .map(|table| format!("{}.{name}", table.name))
        .collect();
    if in_tables.len() > 1 {
        let message = format!("More than one table has a field called {name}.");
        return Err(AppError::new(ErrorCode::UnknownField, message)
            .with_field(name)
            .with_candidates(in_tables));
    }
    Err(unknown_field(model, name))
}

/// The name of a table or role, as the model keeps it.
pub fn node_name<'a>(model: &'a Model, name: &str) -> Option<&'a str> {
    let tables = model.tables.iter().map(|table| table.name.as_str());
    tables
        .chain(model.joins.iter().map(Join::node))
        .find(|node| *node == name)
}

/// # Errors
/// `forbidden` for a masked column.
pub fn check_mask(policy: &Policy, table: &ModelTable, dimension: &Dimension) -> Result<(), AppError> {
    let name = format!("{}.{}", table.name, dimension.name);
    if policy.masked.contains(&name) {
        Err(AppError::forbidden(format!("{name} is hidden from you.")).with_field(name))
    } else {
        Ok(())
    }
}

/// The dimension that a field is in the rows of a fact.
///
/// # Errors
/// `unreachable_dimension` with what can be reached, `ambiguous_path`, `fan_out`; `invalid` when the fact has no time.
pub fn in_fact<'a>(resolved: &Resolved<'a>, field: &Field<'a>, fact: &Fact<'a>) -> Result<Located<'a>, AppError> {
    let base = Way::new();
    let seen = seen_from(resolved, fact, &base);
    match field {
        Field::Time => seen.at(Way::new(), time_of(fact)?),
        Field::Of { dimension, .. } => seen.locate(field, dimension),
    }
}

/// As `in_fact`, where only the dimension's type counts and not its value.
///
/// # Errors
/// As `in_fact`.
pub fn dimension_in<'a>(
    resolved: &Resolved<'a>,
    field: &Field<'a>,
    fact: &Fact<'a>,
) -> Result<&'a Dimension, AppError> {
    match field {
        Field::Time => time_of(fact),
        Field::Of { dimension, .. } => {
            let base = Way::new();
            seen_from(resolved, fact, &base).one(field)?;
            Ok(dimension)
        }
    }
}

const fn seen_from<'r, 'a>(resolved: &'r Resolved<'a>, fact: &Fact<'a>, base: &'r Way<'a>) -> Seen<'r, 'a> {
    Seen {
        scope: resolved.scope,
        clock: &resolved.clock,
        from: fact.place(),
        base,
    }
}

/// # Errors
/// `invalid` when the fact has no time.
pub fn time_of<'a>(fact: &Fact<'a>) -> Result<&'a Dimension, AppError> {
    fact.time.ok_or_else(|| {
        AppError::invalid(TIME_FIELD, format!("{} has no time column.", fact.table.name))
            .with_hint("Set default_time on the table, or name a time field of its own.")
    })
}

/// The position of the output that `name` means: an output name, or else the source behind one.
///
/// # Errors
/// `unknown_field` with the nearest outputs.
pub fn find_output<'n>(
    name: &str,
    place: &str,
    outputs: impl Iterator<Item = (&'n str, String)>,
) -> Result<usize, AppError> {
    let outputs: Vec<(&str, String)> = outputs.collect();
    outputs
        .iter()
        .position(|(output, _)| *output == name)
        .or_else(|| outputs.iter().position(|(_, source)| source == name))
        .ok_or_else(|| {
            let message = format!("{place} names {name}, which is not in the answer.");
            let known = outputs.iter().map(|(output, _)| (*output).to_owned());
            AppError::new(ErrorCode::UnknownField, message)
                .with_field(place)
                .with_candidates(nearest(name, known))
        })
}
