//! Publishing, copying, moving, bringing back.

use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{WorkspaceSelector, dashboard::DashboardService};
use shared::{
    account::Page,
    dashboard::{DashboardDetail, DashboardSummary, DashboardVersion},
    ids::{DashboardId, FolderId},
    names::Title,
    permission::Capability,
};

use super::document::tagged;
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
    routes::{Policy, Route, paging::Paging, route},
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CopyRequest {
    /// Default "Copy of …".
    #[serde(default)]
    title: Option<Title>,
    /// Default: the original's.
    #[serde(default)]
    folder: Option<FolderId>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// `null`: in no folder.
    folder: Option<FolderId>,
}

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;

pub fn routes() -> Vec<Route> {
    const PUBLISH: &str = "/api/v1/workspaces/{w}/dashboards/{id}/publish";
    let edit = Policy::Member(Capability::Edit);
    vec![
        route(Method::POST, PUBLISH, edit, "Show the draft to readers", publish).answers::<DashboardVersion>(200),
        route(Method::DELETE, PUBLISH, edit, "Take it away from readers", unpublish).answers_nothing(),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/dashboards/{id}/versions",
            edit,
            "What was published, the newest first",
            versions,
        )
        .filtered_by::<Paging>()
        .answers::<Page<DashboardVersion>>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/dashboards/{id}/duplicate",
            edit,
            "Copy the draft",
            duplicate,
        )
        .tagged()
        .takes::<CopyRequest>()
        .answers::<DashboardDetail>(201),
        route(
            Method::PUT,
            "/api/v1/workspaces/{w}/dashboards/{id}/folder",
            edit,
            "Move it to a folder",
            move_to,
        )
        .takes::<Place>()
        .answers::<DashboardSummary>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/dashboards/{id}/restore",
            edit,
            "Bring it back from the bin",
            restore,
        )
        .answers::<DashboardSummary>(200),
    ]
}

fn dashboards(who: &Authenticated) -> DashboardService {
    who.service(DashboardService::new)
}

async fn publish(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<DashboardVersion>, ApiError> {
    Ok(Json(dashboards(&who).publish(&workspace, id).await?))
}

async fn unpublish(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<StatusCode, ApiError> {
    dashboards(&who).unpublish(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn versions(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<DashboardVersion>>, ApiError> {
    Ok(Json(dashboards(&who).versions(&workspace, id, &paging.into()).await?))
}

async fn duplicate(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(copy): Json<CopyRequest>,
) -> Result<Response, ApiError> {
    let detail = dashboards(&who)
        .duplicate(&workspace, id, copy.title, copy.folder)
        .await?;
    Ok((StatusCode::CREATED, tagged(detail)).into_response())
}

async fn move_to(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(place): Json<Place>,
) -> Result<Json<DashboardSummary>, ApiError> {
    Ok(Json(dashboards(&who).move_to(&workspace, id, place.folder).await?))
}

async fn restore(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<DashboardSummary>, ApiError> {
    Ok(Json(dashboards(&who).restore(&workspace, id).await?))
}
