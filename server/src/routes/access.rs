//! Who can see one dashboard or dataset.

use http::Method;
use services::{AccessService, WorkspaceSelector};
use shared::{
    access::{AccessUpdate, ObjectAccess},
    ids::{DashboardId, DatasetId},
    permission::Capability,
};

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
};

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;
type OneDataset = Path<(Param<WorkspaceSelector>, Param<DatasetId>)>;

pub fn routes() -> Vec<Route> {
    const DASHBOARD: &str = "/api/v1/workspaces/{w}/dashboards/{id}/access";
    const DATASET: &str = "/api/v1/workspaces/{w}/datasets/{id}/access";
    let (read, share) = (Policy::Member(Capability::Read), Policy::Member(Capability::Share));
    vec![
        route(
            Method::GET,
            DASHBOARD,
            read,
            "Who can see a dashboard, and why",
            dashboard,
        )
        .answers::<ObjectAccess>(200),
        route(
            Method::PUT,
            DASHBOARD,
            share,
            "Set who can see a dashboard, and change it, beside the roles in the workspace",
            set_dashboard,
        )
        .takes::<AccessUpdate>()
        .answers::<ObjectAccess>(200),
        route(Method::GET, DATASET, read, "Who can see a dataset, and why", dataset).answers::<ObjectAccess>(200),
        route(
            Method::PUT,
            DATASET,
            share,
            "Set who can see a dataset, and change it, beside the roles in the workspace",
            set_dataset,
        )
        .takes::<AccessUpdate>()
        .answers::<ObjectAccess>(200),
    ]
    .into_iter()
    .map(|route| route.about("access"))
    .collect()
}

fn access(who: &Authenticated) -> AccessService {
    who.service(AccessService::new)
}

async fn dashboard(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<ObjectAccess>, ApiError> {
    Ok(Json(access(&who).get(&workspace, id).await?))
}

async fn set_dashboard(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(update): Json<AccessUpdate>,
) -> Result<Json<ObjectAccess>, ApiError> {
    Ok(Json(access(&who).set(&workspace, id, update).await?))
}

async fn dataset(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
) -> Result<Json<ObjectAccess>, ApiError> {
    Ok(Json(access(&who).get(&workspace, id).await?))
}

async fn set_dataset(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
    Json(update): Json<AccessUpdate>,
) -> Result<Json<ObjectAccess>, ApiError> {
    Ok(Json(access(&who).set(&workspace, id, update).await?))
}
