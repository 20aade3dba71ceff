use http::{Method, StatusCode};
use services::{WorkspaceSelector, share::ShareService};
use shared::{
    account::Page,
    ids::{DashboardId, ShareId},
    permission::Capability,
    share::{ShareCreate, ShareCreated, ShareInfo, ShareUpdate},
};

use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;
type OneShare = Path<(Param<WorkspaceSelector>, Param<DashboardId>, Param<ShareId>)>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/dashboards/{id}/shares";
    const ONE: &str = "/api/v1/workspaces/{w}/dashboards/{id}/shares/{share}";
    let policy = Policy::Member(Capability::Share);
    vec![
        route(Method::GET, LIST, policy, "Links of a dashboard", list).answers::<Page<ShareInfo>>(200),
        route(
            Method::POST,
            LIST,
            policy,
            "Make a link; its address is shown once",
            create,
        )
        .takes::<ShareCreate>()
        .answers::<ShareCreated>(201),
        route(Method::GET, ONE, policy, "A link", get).answers::<ShareInfo>(200),
        route(Method::PUT, ONE, policy, "Change a link; absent fields stay", update)
            .takes::<ShareUpdate>()
            .answers::<ShareInfo>(200),
        route(Method::DELETE, ONE, policy, "Revoke a link, at once", revoke).answers_nothing(),
    ]
}

fn shares(who: &Authenticated) -> ShareService {
    who.service(ShareService::new)
}

async fn list(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
) -> Result<Json<Page<ShareInfo>>, ApiError> {
    Ok(Json(Page {
        items: shares(&who).list(&workspace, id).await?,
        next: None,
    }))
}

async fn create(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    Json(create): Json<ShareCreate>,
) -> Result<(StatusCode, Json<ShareCreated>), ApiError> {
    Ok((
        StatusCode::CREATED,
        Json(shares(&who).create(&workspace, id, create).await?),
    ))
}

async fn get(
    who: Authenticated,
    Path((Param(workspace), Param(id), Param(share))): OneShare,
) -> Result<Json<ShareInfo>, ApiError> {
    Ok(Json(shares(&who).get(&workspace, id, share).await?))
}

async fn update(
    who: Authenticated,
    Path((Param(workspace), Param(id), Param(share))): OneShare,
    Json(update): Json<ShareUpdate>,
) -> Result<Json<ShareInfo>, ApiError> {
    Ok(Json(shares(&who).update(&workspace, id, share, update).await?))
}

async fn revoke(
    who: Authenticated,
    Path((Param(workspace), Param(id), Param(share))): OneShare,
) -> Result<StatusCode, ApiError> {
    shares(&who).revoke(&workspace, id, share).await?;
    Ok(StatusCode::NO_CONTENT)
}
