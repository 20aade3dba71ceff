//! A published dashboard on a one-table model with the dimensions `country` and `status`, written straight into the tables.

use entity::{dashboard, dashboard_version, model, model_version};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;
use shared::{
    ids::{DashboardId, WorkspaceId},
    semantic,
};
use uuid::Uuid;

use super::Instance;

/// `published`: false leaves a draft.
#[expect(clippy::disallowed_methods, reason = "rows that no service made")]
pub async fn dashboard(instance: &Instance, workspace: WorkspaceId, published: bool) -> DashboardId {
    let now = instance.clock.now();
    let (model_id, dashboard_id, workspace) = (Uuid::now_v7(), Uuid::now_v7(), workspace.as_uuid());
    let name = format!("shop_{}", model_id.simple());
    let document: semantic::Model = serde_json::from_value(json!({
        "format": 1,
        "model": name,
        "tables": [{
            "name": "orders",
            "source": {"dataset": "orders"},
            "dimensions": [{"name": "country", "type": "string", "expr": {"col": "country"}}, {"name": "status", "type": "string", "expr": {"col": "status"}}],
        }],
    }))
    .unwrap();
    let transaction = instance.services.database().write_transaction().await.unwrap();
    model::ActiveModel {
        id: Set(model_id),
        workspace_id: Set(workspace),
        name: Set(name.clone()),
        current_version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&transaction)
    .await
    .unwrap();
    model_version::ActiveModel {
        model_id: Set(model_id),
        version: Set(1),
        workspace_id: Set(workspace),
        document: Set(serde_json::to_string(&document).unwrap()),
        created_by: Set(None),
        created_at: Set(now),
    }
    .insert(&transaction)
    .await
    .unwrap();
    dashboard::ActiveModel {
        id: Set(dashboard_id),
        workspace_id: Set(workspace),
        folder_id: Set(None),
        title: Set("Sales".to_owned()),
        model: Set(name.clone()),
        revision: Set(1),
        document: Set("{}".to_owned()),
        published_number: Set(published.then_some(1)),
        published_revision: Set(published.then_some(1)),
        created_by: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
        restricted: Set(false),
    }
    .insert(&transaction)
    .await
    .unwrap();
    if published {
        dashboard_version::ActiveModel {
            dashboard_id: Set(dashboard_id),
            number: Set(1),
            workspace_id: Set(workspace),
            revision: Set(1),
            model: Set(name),
            model_version: Set(1),
            published_by: Set(None),
            published_at: Set(now),
        }
        .insert(&transaction)
        .await
        .unwrap();
    }
    transaction.commit().await.unwrap();
    dashboard_id.into()
}
