use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{
    WorkspaceSelector,
    dataset::{DatasetService, LoadRequest},
};
use shared::{
    AppError,
    account::Page,
    dataset::{DatasetDetail, DatasetSummary, DatasetVersionInfo, RowsPage},
    ids::{DatasetId, DatasetVersionId},
    names::Title,
    permission::Capability,
};

use super::form::FileForm;
use crate::{
    error::ApiError,
    extract::{IfMatch, Json, Param, Path, Query, etag},
    middleware::Authenticated,
    routes::{Policy, RequestHeader, Route, paging::Paging, route},
};

const PARTS: &[(&str, &str)] = &[
    ("file", "CSV, TSV, XLSX, JSON, NDJSON or Parquet"),
    ("name", "What to call it; default from the file's name"),
    (
        "options",
        "JSON: kind, delimiter, encoding, header, sheet, types; what is left out is detected",
    ),
];

/// `?limit=&cursor=` of rows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RowWindow {
    /// Rows, 1 to 1,000; default 100.
    #[serde(default)]
    limit: Option<u64>,
    /// The `next` of the window before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows to skip, for jumping; not together with `cursor`.
    #[serde(default)]
    offset: Option<u64>,
}

/// `PUT …/datasets/{id}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DatasetUpdate {
    label: Title,
}

type Workspace = Path<Param<WorkspaceSelector>>;
type OneDataset = Path<(Param<WorkspaceSelector>, Param<DatasetId>)>;

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/datasets";
    const ONE: &str = "/api/v1/workspaces/{w}/datasets/{id}";
    let (read, edit) = (Policy::Member(Capability::Read), Policy::Member(Capability::Edit));
    vec![
        route(Method::GET, LIST, read, "Datasets", list)
            .filtered_by::<Paging>()
            .answers::<Page<DatasetSummary>>(200),
        route(
            Method::POST,
            LIST,
            edit,
            "Load a file; a one-table model is made beside it",
            create,
        )
        .tagged()
        .takes_file(PARTS)
        .answers::<DatasetDetail>(201),
        route(Method::GET, ONE, read, "A dataset and its columns", get)
            .tagged()
            .answers::<DatasetDetail>(200),
        route(Method::PUT, ONE, edit, "Rename a dataset", update)
            .tagged()
            .takes::<DatasetUpdate>()
            .answers::<DatasetDetail>(200),
        route(Method::DELETE, ONE, edit, "Delete a dataset", delete).answers_nothing(),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/datasets/{id}/rows",
            read,
            "Rows, in file order",
            rows,
        )
        .filtered_by::<RowWindow>()
        .answers::<RowsPage>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/datasets/{id}/profile",
            read,
            "Columns with top values and histograms",
            profile,
        )
        .tagged()
        .answers::<DatasetDetail>(200),
        route(
            Method::GET,
            "/api/v1/workspaces/{w}/datasets/{id}/versions",
            read,
            "The files it had",
            versions,
        )
        .answers::<Vec<DatasetVersionInfo>>(200),
        route(
            Method::PUT,
            "/api/v1/workspaces/{w}/datasets/{id}/file",
            edit,
            "A new file; the old answers until it is loaded",
            replace,
        )
        .heeds(RequestHeader::IfMatch)
        .tagged()
        .takes_file(PARTS)
        .answers::<DatasetDetail>(200),
    ]
}

fn datasets(who: &Authenticated) -> DatasetService {
    who.service(DatasetService::new)
}

/// A dataset with its version as entity tag.
fn tagged(detail: DatasetDetail) -> Response {
    (etag(detail.version_id), Json(detail)).into_response()
}

async fn list(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<DatasetSummary>>, ApiError> {
    Ok(Json(datasets(&who).list(&workspace, &paging.into()).await?))
}

async fn create(who: Authenticated, Path(Param(workspace)): Workspace, request: Request) -> Result<Response, ApiError> {
    let detail = load(&who, &workspace, request, None, None).await?;
    Ok((StatusCode::CREATED, tagged(detail)).into_response())
}

async fn replace(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
    matching: IfMatch,
    request: Request,
) -> Result<Response, ApiError> {
    let current = datasets(&who).get(&workspace, id).await?.version_id;
    matching.check(current)?;
    // Checked again when the file is there, which may take a while.
    let expected = matching.names_states().then_some(current);
    Ok(tagged(load(&who, &workspace, request, Some(id), expected).await?))
}

async fn load(
    who: &Authenticated,
    workspace: &WorkspaceSelector,
    request: Request,
    replace: Option<DatasetId>,
    expected: Option<DatasetVersionId>,
) -> Result<DatasetDetail, ApiError> {
    let datasets = datasets(who);
    let form = FileForm::read(request, &datasets, workspace).await?;
    let load = LoadRequest {
        name: form.name,
        options: form.options,
        replace,
    };
    Ok(datasets
        .load_and_wait(workspace, form.receipt.upload, load, expected)
        .await?)
}

async fn get(who: Authenticated, Path((Param(workspace), Param(id))): OneDataset) -> Result<Response, ApiError> {
    Ok(tagged(datasets(&who).get(&workspace, id).await?))
}

async fn profile(who: Authenticated, Path((Param(workspace), Param(id))): OneDataset) -> Result<Response, ApiError> {
    Ok(tagged(datasets(&who).profile(&workspace, id).await?))
}

async fn versions(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
) -> Result<Json<Vec<DatasetVersionInfo>>, ApiError> {
    Ok(Json(datasets(&who).versions(&workspace, id).await?))
}

async fn update(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
    Json(update): Json<DatasetUpdate>,
) -> Result<Response, ApiError> {
    Ok(tagged(datasets(&who).rename(&workspace, id, update.label).await?))
}

async fn delete(who: Authenticated, Path((Param(workspace), Param(id))): OneDataset) -> Result<StatusCode, ApiError> {
    datasets(&who).delete(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rows(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneDataset,
    Query(window): Query<RowWindow>,
) -> Result<Json<RowsPage>, ApiError> {
    let offset = match (&window.cursor, window.offset) {
        (Some(cursor), None) => {
            let wrong = || ApiError(AppError::malformed("This cursor does not come from a list.").with_field("cursor"));
            cursor.parse().map_err(|_| wrong())?
        }
        (None, offset) => offset.unwrap_or(0),
        (Some(_), Some(_)) => return Err(AppError::malformed("Give `cursor` or `offset`, not both.").into()),
    };
    let limit = window.limit.unwrap_or(100).clamp(1, 1000);
    Ok(Json(datasets(&who).rows(&workspace, id, offset, limit).await?))
}
