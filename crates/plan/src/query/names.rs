//! Finding what a name of the query means.

use shared::{
    AppError, ErrorCode,
    semantic::{Dimension, Model, ModelTable, TIME_FIELD},
};

use super::{
    Policy,
    resolved::{Fact, Field},
};
use crate::catalog::{nearest, unknown_field};

/// # Errors
/// `unknown_field` with the nearest names; `invalid` for a metric in a dimension's place; `forbidden` when masked.
pub fn find_field<'a>(model: &'a Model, policy: &Policy, name: &str) -> Result<Field<'a>, AppError> {
    if name == TIME_FIELD {
        return Ok(Field::Time);
    }
    if let Some((table, dimension)) = model.dimension(name) {
        check_mask(policy, table, dimension)?;
        return Ok(Field::Of { table, dimension });
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
/// `unreachable_dimension` with what can be reached; `invalid` when the fact has no time.
pub fn in_fact<'a>(field: &Field<'a>, fact: &Fact<'a>) -> Result<&'a Dimension, AppError> {
    match field {
        Field::Time => fact.time.ok_or_else(|| {
            AppError::invalid(TIME_FIELD, format!("{} has no time column.", fact.table.name))
                .with_hint("Set default_time on the table, or name a time field of its own.")
        }),
        Field::Of { table, dimension } if table.name == fact.table.name => Ok(dimension),
        Field::Of { .. } => Err(unreachable_from(&field.name(), fact.table)),
    }
}

fn unreachable_from(name: &str, table: &ModelTable) -> AppError {
    let own = table
        .dimensions
        .iter()
        .map(|dimension| format!("{}.{}", table.name, dimension.name))
        .collect();
    AppError::new(
        ErrorCode::UnreachableDimension,
        format!("{name} cannot be reached from {}.", table.name),
    )
    .with_field(name)
    .with_candidates(own)
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
