//! Links, frames and their keys.

use leptos::{prelude::*, server_fn::codec::Json};
use shared::{
    ids::{DashboardId, EmbedId, EmbedKeyId, ShareId},
    share::{
        EmbedCreate, EmbedInfo, EmbedKeyCreate, EmbedKeyCreated, EmbedKeyInfo, ShareCreate, ShareCreated, ShareInfo,
        ShareUpdate,
    },
};

use crate::WireError;

#[server(prefix = "/api/fn", endpoint = "share/list", input = Json, output = Json)]
pub async fn list_shares(workspace: String, dashboard: DashboardId) -> Result<Vec<ShareInfo>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::share::ShareService::new)?
            .list(&workspace, dashboard)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "share/create", input = Json, output = Json)]
pub async fn create_share(
    workspace: String,
    dashboard: DashboardId,
    create: ShareCreate,
) -> Result<ShareCreated, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::share::ShareService::new)?
            .create(&workspace, dashboard, create)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "share/update", input = Json, output = Json)]
pub async fn update_share(
    workspace: String,
    dashboard: DashboardId,
    id: ShareId,
    update: ShareUpdate,
) -> Result<ShareInfo, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::share::ShareService::new)?
            .update(&workspace, dashboard, id, update)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "share/revoke", input = Json, output = Json)]
pub async fn revoke_share(workspace: String, dashboard: DashboardId, id: ShareId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::share::ShareService::new)?
            .revoke(&workspace, dashboard, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed/list", input = Json, output = Json)]
pub async fn list_embeds(workspace: String, dashboard: DashboardId) -> Result<Vec<EmbedInfo>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed::EmbedService::new)?
            .list(&workspace, dashboard)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed/create", input = Json, output = Json)]
pub async fn create_embed(
    workspace: String,
    dashboard: DashboardId,
    create: EmbedCreate,
) -> Result<EmbedInfo, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed::EmbedService::new)?
            .create(&workspace, dashboard, create)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed/delete", input = Json, output = Json)]
pub async fn delete_embed(workspace: String, dashboard: DashboardId, id: EmbedId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed::EmbedService::new)?
            .delete(&workspace, dashboard, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed-key/list", input = Json, output = Json)]
pub async fn list_embed_keys(workspace: String) -> Result<Vec<EmbedKeyInfo>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed_key::EmbedKeyService::new)?
            .list(&workspace)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed-key/create", input = Json, output = Json)]
pub async fn create_embed_key(workspace: String, create: EmbedKeyCreate) -> Result<EmbedKeyCreated, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed_key::EmbedKeyService::new)?
            .create(&workspace, create)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "embed-key/revoke", input = Json, output = Json)]
pub async fn revoke_embed_key(workspace: String, kid: EmbedKeyId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::embed_key::EmbedKeyService::new)?
            .delete(&workspace, kid)
            .await,
    )
}
