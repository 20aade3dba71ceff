use http::{Method, StatusCode};
use services::{WorkspaceSelector, workspace::WorkspaceService};
use shared::{
    account::{Page, WorkspaceCreate, WorkspaceInfo, WorkspaceUpdate},
    permission::Capability,
};

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
};

type Workspace = Path<Param<WorkspaceSelector>>;

pub fn routes() -> Vec<Route> {
    const ALL: &str = "/api/v1/workspaces";
    const ONE: &str = "/api/v1/workspaces/{w}";
    let (read, manage) = (Policy::Member(Capability::Read), Policy::Member(Capability::Manage));
    vec![
        route(Method::GET, ALL, Policy::User, "Your workspaces", list).answers::<Page<WorkspaceInfo>>(200),
        route(
            Method::POST,
            ALL,
            Policy::User,
            "Make a workspace; you become its owner",
            create,
        )
        .takes::<WorkspaceCreate>()
        .answers::<WorkspaceInfo>(201),
        route(Method::GET, ONE, read, "A workspace", get).answers::<WorkspaceInfo>(200),
        route(
            Method::PUT,
            ONE,
            manage,
            "Change title, address or who may share",
            update,
        )
        .takes::<WorkspaceUpdate>()
        .answers::<WorkspaceInfo>(200),
        route(
            Method::DELETE,
            ONE,
            manage,
            "Delete a workspace and all that is in it",
            delete,
        )
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("workspaces"))
    .collect()
}

fn workspaces(who: &Authenticated) -> WorkspaceService {
    who.service(WorkspaceService::new)
}

async fn list(who: Authenticated) -> Result<Json<Page<WorkspaceInfo>>, ApiError> {
    // One person is in few workspaces: always one page.
    Ok(Json(Page {
        items: workspaces(&who).list().await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Json(request): Json<WorkspaceCreate>,
) -> Result<(StatusCode, Json<WorkspaceInfo>), ApiError> {
    Ok((StatusCode::CREATED, Json(workspaces(&who).create(request).await?)))
}

async fn get(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<Json<WorkspaceInfo>, ApiError> {
    Ok(Json(workspaces(&who).get(&workspace).await?))
}

async fn update(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(update): Json<WorkspaceUpdate>,
) -> Result<Json<WorkspaceInfo>, ApiError> {
    Ok(Json(workspaces(&who).update(&workspace, update).await?))
}

async fn delete(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<StatusCode, ApiError> {
    workspaces(&who).delete(&workspace).await?;
    Ok(StatusCode::NO_CONTENT)
}
