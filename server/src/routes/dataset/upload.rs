//! The steps of the upload dialog: receive, preview with changing options, load, follow, cancel.

use axum::extract::Request;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{
    WorkspaceSelector,
    dataset::{DatasetService, LoadRequest},
};
use shared::{
    dataset::{Preview, ReadOptions, UploadReceipt, UploadStatus},
    ids::{DatasetId, UploadId},
    permission::Capability,
};

use super::form::FileForm;
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

/// How a received file becomes a dataset.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LoadBody {
    /// For people; default from the file's name. Ignored by a replacement.
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    options: ReadOptions,
    /// The dataset that gets the file as its new version.
    #[serde(default)]
    replace: Option<DatasetId>,
}

type OneUpload = Path<(Param<WorkspaceSelector>, Param<UploadId>)>;

pub fn routes() -> Vec<Route> {
    const ONE: &str = "/api/v1/workspaces/{w}/uploads/{id}";
    let edit = Policy::Member(Capability::Edit);
    vec![
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/uploads",
            edit,
            "Receive a file that is loaded later",
            receive,
        )
        .takes_file(&[("file", "CSV, TSV, XLSX, JSON, NDJSON or Parquet")])
        .answers::<UploadReceipt>(201),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/uploads/{id}/preview",
            edit,
            "Its first rows, read with these options",
            preview,
        )
        .only_reads()
        .takes::<ReadOptions>()
        .answers::<Preview>(200),
        route(
            Method::POST,
            "/api/v1/workspaces/{w}/uploads/{id}/load",
            edit,
            "Start to load it",
            load,
        )
        .takes::<LoadBody>()
        .answers::<UploadStatus>(202),
        route(Method::GET, ONE, edit, "How far it is", status).answers::<UploadStatus>(200),
        route(Method::DELETE, ONE, edit, "Stop loading it, or forget it", cancel).answers_nothing(),
    ]
}

fn datasets(who: &Authenticated) -> DatasetService {
    who.service(DatasetService::new)
}

async fn receive(
    who: Authenticated,
    Path(Param(workspace)): Path<Param<WorkspaceSelector>>,
    request: Request,
) -> Result<(StatusCode, Json<UploadReceipt>), ApiError> {
    let form = FileForm::read(request, &datasets(&who), &workspace).await?;
    Ok((StatusCode::CREATED, Json(form.receipt)))
}

async fn preview(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneUpload,
    Json(options): Json<ReadOptions>,
) -> Result<Json<Preview>, ApiError> {
    Ok(Json(datasets(&who).preview(&workspace, id, &options).await?))
}

async fn load(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneUpload,
    Json(body): Json<LoadBody>,
) -> Result<(StatusCode, Json<UploadStatus>), ApiError> {
    let request = LoadRequest {
        name: body.name,
        options: body.options,
        replace: body.replace,
    };
    Ok((
        StatusCode::ACCEPTED,
        Json(datasets(&who).load(&workspace, id, request).await?),
    ))
}

async fn status(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OneUpload,
) -> Result<Json<UploadStatus>, ApiError> {
    Ok(Json(datasets(&who).status(&workspace, id).await?))
}

async fn cancel(who: Authenticated, Path((Param(workspace), Param(id))): OneUpload) -> Result<StatusCode, ApiError> {
    datasets(&who).cancel(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
