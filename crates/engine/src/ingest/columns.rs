//! The columns a load decides on.

use shared::{
    AppError, ErrorCode,
    dataset::{ColumnProfile, DatasetColumn, ReadOptions},
    semantic::Warning,
    table::ColumnType,
};

use super::{
    source::Observed,
    table::{ColumnNames, Reading, decide},
};
use crate::protocol::WorkerFailure;

/// Per column whether its type is given.
///
/// # Errors
/// `invalid` for a type of a column that is not there.
pub fn given_types(names: &[String], options: &ReadOptions) -> Result<Vec<bool>, WorkerFailure> {
    for name in options.types.keys() {
        if !names.contains(name) {
            let error = AppError::new(
                ErrorCode::Invalid,
                format!("There is no column {name} to give a type to."),
            );
            return Err(WorkerFailure::refuse(
                error.with_field("options.types").with_candidates(names.to_vec()),
            ));
        }
    }
    Ok(names.iter().map(|name| options.types.contains_key(name)).collect())
}

/// Readings of all columns, and what should be said about them.
pub fn decide_all(
    names: &[String],
    observed: &Observed,
    options: &ReadOptions,
    semicolons: bool,
) -> (Vec<Reading>, Vec<Warning>) {
    let decisions = names
        .iter()
        .zip(&observed.columns)
        .map(|(name, evidence)| decide(evidence, name, options.types.get(name).copied(), semicolons));
    let (readings, notes): (Vec<_>, Vec<_>) = decisions.map(|decision| (decision.reading, decision.note)).unzip();
    (readings, notes.into_iter().flatten().collect())
}

/// The public types: given ones as given, since geo and JSON are stored as text.
pub fn column_types(names: &[String], readings: &[Reading], options: &ReadOptions) -> Vec<ColumnType> {
    let own = |reading: &Reading| match reading {
        Reading::Json => ColumnType::Json,
        other => other.kind().column_type(),
    };
    names
        .iter()
        .zip(readings)
        .map(|(name, reading)| options.types.get(name).copied().unwrap_or_else(|| own(reading)))
        .collect()
}

pub fn dataset_columns(names: &ColumnNames, types: &[ColumnType], profiles: Vec<ColumnProfile>) -> Vec<DatasetColumn> {
    let columns = names.names.iter().zip(&names.labels).zip(types).zip(profiles);
    columns
        .map(|(((name, label), kind), profile)| DatasetColumn {
            name: name.clone(),
            label: label.clone(),
            kind: *kind,
            nulls: profile.nulls,
            distinct: profile.distinct,
            min: profile.min.clone(),
            max: profile.max.clone(),
            profile: Some(profile),
        })
        .collect()
}
