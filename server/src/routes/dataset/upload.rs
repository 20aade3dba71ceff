//! The steps of the upload dialog: receive, preview with changing options, load, follow, cancel.

use axum::extract::Request;
use http::{Method, StatusCode};
use services::{
    WorkspaceSelector,
    dataset::{DatasetService, LoadRequest},
};
use shared::{
    dataset::{Preview, ReadOptions, UploadReceipt, UploadStatus},
    ids::UploadId,
    permission::Capability,
};

use super::form::FileForm;
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
    routes::{Policy, Route, route},
};

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
        .takes::<LoadRequest>()
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
    Json(request): Json<LoadRequest>,
) -> Result<(StatusCode, Json<UploadStatus>), ApiError> {
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
