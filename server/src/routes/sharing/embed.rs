use http::{Method, StatusCode};
use services::{WorkspaceSelector, embed::EmbedService};
use shared::{
    account::Page,
    ids::{DashboardId, EmbedId},
    permission::Capability,
    share::{EmbedCreate, EmbedInfo},
};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;
type OneEmbed = Path<(Param<WorkspaceSelector>, Param<DashboardId>, Param<EmbedId>)>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/dashboards/{id}/embeds";
    const ONE: &str = "/api/v1/workspaces/{w}/dashboards/{id}/embeds/{embed}";
    let policy = Policy::Member(Capability::Share);
    vec![
        route(Method::GET, LIST, policy, "Frames of a dashboard", list).answers::<Page<EmbedInfo>>(200),
        route(Method::POST, LIST, policy, "Let these origins frame it", create)
            .takes::<EmbedCreate>()
            .answers::<EmbedInfo>(201),
        route(Method::GET, ONE, policy, "A frame", get).answers::<EmbedInfo>(200),
        route(Method::DELETE, ONE, policy, "End a frame, at once", delete).answers_nothing(),
    ]
}

fn embeds(who: &Authenticated) -> EmbedService {
    who.service(EmbedService::new)
}

async fn list(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<Page<EmbedInfo>>, ApiError> {
    Ok(Json(Page {
        items: embeds(&who).list(&workspace, id).await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(create): Json<EmbedCreate>,
) -> Result<(StatusCode, Json<EmbedInfo>), ApiError> {
    Ok((
        StatusCode::CREATED,
        Json(embeds(&who).create(&workspace, id, create).await?),
    ))
}

async fn get(
    who: Authenticated,
    Path((Param(workspace), Param(id), Param(embed))): OneEmbed,
) -> Result<Json<EmbedInfo>, ApiError> {
    Ok(Json(embeds(&who).get(&workspace, id, embed).await?))
}

async fn delete(
    who: Authenticated,
    Path((Param(workspace), Param(id), Param(embed))): OneEmbed,
) -> Result<StatusCode, ApiError> {
    embeds(&who).delete(&workspace, id, embed).await?;
    Ok(StatusCode::NO_CONTENT)
}
