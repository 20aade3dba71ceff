use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{WorkspaceSelector, dashboard::DashboardService};
use shared::{
    account::Page,
    dashboard::{HistoryEntry, OpsAccepted, OpsRequest, RecordedAction},
    ids::DashboardId,
    permission::Capability,
};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
    routes::{Policy, Route, paging::Paging, route},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Since {
    /// The last revision that is known; default 0.
    #[serde(default)]
    since: u64,
}

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;

pub fn routes() -> Vec<Route> {
    const OPS: &str = "/api/v1/workspaces/{w}/dashboards/{id}/ops";
    let edit = Policy::Member(Capability::Edit);
    vec![
        route(
            Method::POST,
            OPS,
            edit,
            "Add actions to the log; 409 with the newer ones when they no longer fit",
            append,
        )
        .takes::<OpsRequest>()
        .answers::<OpsAccepted>(200),
        route(Method::GET, OPS, edit, "Actions after a revision", actions)
            .filtered_by::<Since>()
            .answers::<Vec<RecordedAction>>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/dashboards/{id}/history",
            edit,
            "Who did what, the newest first",
            history,
        )
        .filtered_by::<Paging>()
        .answers::<Page<HistoryEntry>>(200),
    ]
}

async fn append(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(request): Json<OpsRequest>,
) -> Result<Response, ApiError> {
    Ok(
        match who
            .service(DashboardService::new)
            .append(&workspace, id, request)
            .await?
        {
            Ok(accepted) => Json(accepted).into_response(),
            Err(mut rejected) => {
                rejected.error.request_id = Some(who.request_id);
                (StatusCode::CONFLICT, Json(rejected)).into_response()
            }
        },
    )
}

async fn actions(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Query(Since { since }): Query<Since>,
) -> Result<Json<Vec<RecordedAction>>, ApiError> {
    Ok(Json(
        who.service(DashboardService::new)
            .actions(&workspace, id, since)
            .await?,
    ))
}

async fn history(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<HistoryEntry>>, ApiError> {
    Ok(Json(
        who.service(DashboardService::new)
            .history(&workspace, id, &paging.into())
            .await?,
    ))
}
