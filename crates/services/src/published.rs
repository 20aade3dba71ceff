//! What links and frames ask of a dashboard: that it is there and readers may see it.

use std::collections::HashSet;

use entity::{dashboard, dashboard_version, model, model_version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::{
    AppError,
    ids::{DashboardId, WorkspaceId},
    semantic::Condition,
};

use crate::ServiceResult;

/// Lets a dashboard through that has a published version.
///
/// # Errors
/// 404 when it is not in this workspace or in the bin; 409 when it was never published.
pub async fn require_published(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    dashboard: DashboardId,
) -> ServiceResult<i32> {
    let found: Option<Option<i32>> = dashboard::Entity::find_by_id(dashboard.as_uuid())
        .select_only()
        .column(dashboard::Column::PublishedNumber)
        .filter(dashboard::Column::WorkspaceId.eq(workspace.as_uuid()))
        .filter(dashboard::Column::DeletedAt.is_null())
        .into_tuple()
        .one(connection)
        .await?;
    match found {
        Some(Some(number)) => Ok(number),
        Some(None) => Err(AppError::conflict(
            "This dashboard has not been published, so there is nothing to show to readers yet.",
        )
        .with_hint("Publish it first.")
        .into()),
        None => Err(AppError::not_found("dashboard").into()),
    }
}

/// What the dashboard is called, also in the bin; empty when it is gone.
///
/// # Errors
/// When the database fails.
pub async fn title(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    dashboard: DashboardId,
) -> ServiceResult<String> {
    let found: Option<String> = dashboard::Entity::find_by_id(dashboard.as_uuid())
        .select_only()
        .column(dashboard::Column::Title)
        .filter(dashboard::Column::WorkspaceId.eq(workspace.as_uuid()))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.unwrap_or_default())
}

/// The dimensions a lock can hold on to: of the model version the dashboard was published with, as `table.dimension` and as
/// `dimension`.
///
/// # Errors
/// As `require_published`; an empty set when the model is gone, so that every lock counts as unbound.
pub async fn lockable_fields(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    dashboard: DashboardId,
) -> ServiceResult<HashSet<String>> {
    let number = require_published(connection, workspace, dashboard).await?;
    let mut fields = HashSet::new();
    let Some(version) = dashboard_version::Entity::find_by_id((dashboard.as_uuid(), number))
        .one(connection)
        .await?
    else {
        return Ok(fields);
    };
    let model = model::Entity::find()
        .filter(model::Column::WorkspaceId.eq(workspace.as_uuid()))
        .filter(model::Column::Name.eq(version.model))
        .one(connection)
        .await?;
    let Some(model) = model else { return Ok(fields) };
    let document = model_version::Entity::find_by_id((model.id, version.model_version))
        .one(connection)
        .await?;
    let Some(document) = document else { return Ok(fields) };
    for table in document.document()?.tables {
        for dimension in &table.dimensions {
            fields.insert(format!("{}.{}", table.name, dimension.name));
            fields.insert(dimension.name.to_string());
        }
    }
    Ok(fields)
}

/// Refuses conditions on fields that are not there: a lock that locks nothing must not look like one.
///
/// # Errors
/// 422 on field `locked`, naming the field.
pub fn require_bound(locked: &[Condition], fields: &HashSet<String>) -> Result<(), AppError> {
    for condition in locked {
        if let Some(field) = unbound_field(condition, fields) {
            return Err(AppError::invalid(
                "locked",
                format!("The dashboard's model has no dimension `{field}` to lock."),
            ));
        }
    }
    Ok(())
}

fn unbound_field<'a>(condition: &'a Condition, fields: &HashSet<String>) -> Option<&'a str> {
    match condition {
        Condition::And { and: parts } | Condition::Or { or: parts } => {
            parts.iter().find_map(|part| unbound_field(part, fields))
        }
        Condition::Not { not } => unbound_field(not, fields),
        Condition::Row(row) => row.and.iter().find_map(|part| unbound_field(part, fields)),
        Condition::Field(field) => [Some(&field.field), field.other.as_ref()]
            .into_iter()
            .flatten()
            .find(|name| !fields.contains(*name))
            .map(String::as_str),
        // The planner knows segments and metrics, and refuses a query with one that is not there.
        Condition::Segment { .. } | Condition::Metric(_) => None,
    }
}
