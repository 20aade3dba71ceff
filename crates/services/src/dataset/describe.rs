//! A finished load as a row, and as what model inference needs to know.

use chrono::{DateTime, Utc};
use engine::Ingested;
use entity::dataset_version;
use shared::{
    dataset::{ColumnProfile, DatasetColumn},
    semantic::InferredColumn,
    table::Cell,
};

use super::store::NewVersion;
use crate::{ServiceResult, convert};

pub(super) fn version_row(
    new: &NewVersion,
    number: i32,
    ingested: &Ingested,
    now: DateTime<Utc>,
) -> ServiceResult<dataset_version::Model> {
    let profiles: Vec<Option<&ColumnProfile>> = ingested.columns.iter().map(|column| column.profile.as_ref()).collect();
    let columns: Vec<DatasetColumn> = ingested
        .columns
        .iter()
        .map(|column| DatasetColumn {
            profile: None,
            ..column.clone()
        })
        .collect();
    Ok(dataset_version::Model {
        id: new.version_id.as_uuid(),
        workspace_id: new.workspace_id.as_uuid(),
        dataset_id: new.dataset_id.as_uuid(),
        number,
        file_name: new.file_name.clone(),
        file_kind: ingested.kind.as_str().to_owned(),
        row_count: convert::to_stored(ingested.rows),
        column_count: i32::try_from(columns.len()).unwrap_or(i32::MAX),
        bytes: convert::to_stored(ingested.bytes),
        columns: serde_json::to_string(&columns)?,
        profiles: serde_json::to_string(&profiles)?,
        rejects: serde_json::to_string(&ingested.rejects)?,
        renamed: serde_json::to_string(&ingested.renamed)?,
        options: serde_json::to_string(&ingested.options)?,
        created_by: Some(new.user_id.as_uuid()),
        created_at: now,
        retired_at: None,
    })
}

pub(super) fn inferred_columns(ingested: &Ingested) -> Vec<InferredColumn> {
    let columns = ingested.columns.iter();
    columns.map(|column| inferred_column(column, ingested.rows)).collect()
}

/// What a profile tells of a column of a table with so many rows.
pub(crate) fn inferred_column(column: &DatasetColumn, rows: u64) -> InferredColumn {
    let text = |cell: &Cell| match cell {
        Cell::Null => None,
        Cell::Bool(truth) => Some(truth.to_string()),
        Cell::Int(number) => Some(number.to_string()),
        Cell::Float(number) => Some(number.to_string()),
        Cell::Text(text) => Some(text.clone()),
    };
    InferredColumn {
        name: column.name.clone(),
        label: column.label.clone(),
        kind: column.kind,
        rows,
        nulls: column.nulls,
        distinct: column.distinct,
        distinct_is_estimate: column
            .profile
            .as_ref()
            .is_some_and(|profile| profile.distinct_is_estimate),
        min: text(&column.min),
        max: text(&column.max),
    }
}
