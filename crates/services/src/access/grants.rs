//! Rights as rows.

use entity::object_grant;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use shared::{
    access::{Grant, Subject},
    ids::WorkspaceId,
};
use uuid::Uuid;

use crate::{Context, Object, ServiceResult};

/// Adds rights on an object that has none of these yet.
pub(crate) async fn give(
    transaction: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    object: Object,
    grants: &[Grant],
    context: &Context,
) -> ServiceResult<()> {
    if grants.is_empty() {
        return Ok(());
    }
    let (dashboard, dataset) = match object {
        Object::Dashboard(id) => (Some(id.as_uuid()), None),
        Object::Dataset(id) => (None, Some(id.as_uuid())),
    };
    let rows = grants.iter().map(|grant| {
        let (user, group) = match grant.to {
            Subject::User(id) => (Some(id.as_uuid()), None),
            Subject::Group(id) => (None, Some(id.as_uuid())),
        };
        object_grant::ActiveModel {
            id: Set(context.new_id::<Uuid>()),
            workspace_id: Set(workspace_id.as_uuid()),
            dashboard_id: Set(dashboard),
            dataset_id: Set(dataset),
            user_id: Set(user),
            group_id: Set(group),
            role: Set(grant.role.as_str().to_owned()),
            created_at: Set(context.now()),
        }
    });
    object_grant::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
