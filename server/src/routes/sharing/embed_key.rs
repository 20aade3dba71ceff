use http::{Method, StatusCode};
use services::{WorkspaceSelector, embed_key::EmbedKeyService};
use shared::{
    account::Page,
    ids::EmbedKeyId,
    permission::Capability,
    share::{EmbedKeyCreate, EmbedKeyCreated, EmbedKeyInfo},
};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

type Workspace = Path<Param<WorkspaceSelector>>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/embed-keys";
    let manage = Policy::Member(Capability::Manage);
    vec![
        route(Method::GET, LIST, manage, "Keys that sign embed tickets", list).answers::<Page<EmbedKeyInfo>>(200),
        route(
            Method::POST,
            LIST,
            manage,
            "Make a key; its secret is shown once",
            create,
        )
        .takes::<EmbedKeyCreate>()
        .answers::<EmbedKeyCreated>(201),
        route(
            Method::DELETE,
            "/api/v1/workspaces/{w}/embed-keys/{kid}",
            manage,
            "End a key and the frames it opened",
            delete,
        )
        .answers_nothing(),
    ]
}

fn keys(who: &Authenticated) -> EmbedKeyService {
    who.service(EmbedKeyService::new)
}

async fn list(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<Json<Page<EmbedKeyInfo>>, ApiError> {
    Ok(Json(Page {
        items: keys(&who).list(&workspace).await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(create): Json<EmbedKeyCreate>,
) -> Result<(StatusCode, Json<EmbedKeyCreated>), ApiError> {
    Ok((StatusCode::CREATED, Json(keys(&who).create(&workspace, create).await?)))
}

async fn delete(
    who: Authenticated,
    Path((Param(workspace), Param(kid))): Path<(Param<WorkspaceSelector>, Param<EmbedKeyId>)>,
) -> Result<StatusCode, ApiError> {
    keys(&who).delete(&workspace, kid).await?;
    Ok(StatusCode::NO_CONTENT)
}
