use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{
    WorkspaceSelector,
    dashboard::{DashboardFilter, DashboardService, DashboardSource, NewDashboard},
};
use shared::{
    AppError,
    account::Page,
    dashboard::{Dashboard, DashboardDetail, DashboardSummary},
    ids::{DashboardId, DatasetId, FolderId},
    names::Title,
    permission::Capability,
};

use crate::{
    error::ApiError,
    extract::{IfMatch, Json, Param, Path, Query, etag},
    middleware::Authenticated,
    routes::{Policy, RequestHeader, Route, route},
};

/// `?limit=&cursor=&folder=&deleted=`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichDashboards {
    /// Items, 1 to 200; default 50.
    #[serde(default)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Those of one folder; `none`: those in no folder.
    #[serde(default)]
    folder: Option<String>,
    /// Those in the bin.
    #[serde(default)]
    deleted: bool,
}

/// `POST …/dashboards`: an empty one with `title` over `model` or `dataset`, or a whole `document`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DashboardCreate {
    #[serde(default)]
    title: Option<Title>,
    /// Name of a model.
    #[serde(default)]
    model: Option<String>,
    /// The dataset whose own model is asked.
    #[serde(default)]
    dataset: Option<DatasetId>,
    #[serde(default)]
    folder: Option<FolderId>,
    #[serde(default)]
    document: Option<Box<Dashboard>>,
}

type Workspace = Path<Param<WorkspaceSelector>>;
type OneDashboard = Path<(Param<WorkspaceSelector>, Param<DashboardId>)>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/dashboards";
    const ONE: &str = "/api/v1/workspaces/{w}/dashboards/{id}";
    let (read, edit) = (Policy::Member(Capability::Read), Policy::Member(Capability::Edit));
    vec![
        route(Method::GET, LIST, read, "Dashboards; viewers see published ones", list)
            .filtered_by::<WhichDashboards>()
            .answers::<Page<DashboardSummary>>(200),
        route(Method::POST, LIST, edit, "Make a dashboard", create)
            .tagged()
            .takes::<DashboardCreate>()
            .answers::<DashboardDetail>(201),
        route(
            Method::GET,
            ONE,
            read,
            "The draft; for viewers what is published. Its entity tag is the revision",
            get,
        )
        .tagged()
        .answers::<DashboardDetail>(200),
        route(
            Method::PUT,
            ONE,
            edit,
            "Replace the draft; `If-Match` names the revision it was made from",
            put,
        )
        .heeds(RequestHeader::IfMatch)
        .tagged()
        .takes::<Dashboard>()
        .answers::<DashboardDetail>(200),
        route(Method::DELETE, ONE, edit, "Put it into the bin for 30 days", delete).answers_nothing(),
    ]
}

fn dashboards(who: &Authenticated) -> DashboardService {
    who.service(DashboardService::new)
}

pub fn tagged(detail: DashboardDetail) -> Response {
    (etag(detail.summary.revision), Json(detail)).into_response()
}

async fn list(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(which): Query<WhichDashboards>,
) -> Result<Json<Page<DashboardSummary>>, ApiError> {
    let filter = match (which.deleted, which.folder.as_deref()) {
        (true, None) => DashboardFilter::Bin,
        (true, Some(_)) => return Err(AppError::malformed("Give `folder` or `deleted`, not both.").into()),
        (false, None) => DashboardFilter::All,
        (false, Some("none")) => DashboardFilter::Folder(None),
        (false, Some(folder)) => {
            let id = folder
                .parse()
                .map_err(|_| AppError::malformed("This is no folder's id.").with_field("folder"))?;
            DashboardFilter::Folder(Some(id))
        }
    };
    let page = services::PageRequest {
        limit: which.limit,
        cursor: which.cursor,
    };
    Ok(Json(dashboards(&who).list(&workspace, filter, &page).await?))
}

async fn create(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(create): Json<DashboardCreate>,
) -> Result<Response, ApiError> {
    let detail = match create {
        DashboardCreate {
            document: Some(document),
            title: None,
            model: None,
            dataset: None,
            folder,
        } => dashboards(&who).import(&workspace, *document, folder).await?,
        DashboardCreate {
            document: None,
            title: Some(title),
            model,
            dataset,
            folder,
        } => {
            let source = match (model, dataset) {
                (Some(model), None) => DashboardSource::Model(model),
                (None, Some(dataset)) => DashboardSource::Dataset(dataset),
                (Some(_), Some(_)) | (None, None) => {
                    return Err(AppError::invalid("model", "Give `model` or `dataset`.").into());
                }
            };
            dashboards(&who)
                .create(&workspace, NewDashboard { title, source, folder })
                .await?
        }
        DashboardCreate { .. } => {
            return Err(AppError::invalid(
                "title",
                "Give `title` with `model` or `dataset`, or a whole `document`.",
            )
            .into());
        }
    };
    Ok((StatusCode::CREATED, tagged(detail)).into_response())
}

async fn get(who: Authenticated, Path((Param(workspace), Param(id))): OneDashboard) -> Result<Response, ApiError> {
    Ok(tagged(dashboards(&who).get(&workspace, id).await?))
}

async fn put(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDashboard,
    matching: IfMatch,
    Json(document): Json<Dashboard>,
) -> Result<Response, ApiError> {
    let expected = match matching.number()? {
        Some(revision) => u64::from(revision),
        None => dashboards(&who).get(&workspace, id).await?.summary.revision,
    };
    Ok(tagged(dashboards(&who).put(&workspace, id, document, expected).await?))
}

async fn delete(who: Authenticated, Path((Param(workspace), Param(id))): OneDashboard) -> Result<StatusCode, ApiError> {
    dashboards(&who).delete(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
