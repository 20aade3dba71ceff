//! Files and what became of them.

use leptos::prelude::*;
use shared::{
    dataset::{self, DatasetDetail, DatasetSummary, Preview, ReadOptions, RowsPage},
    ids::{DatasetId, UploadId},
};

use crate::{WireError, wire::Json};

#[server(prefix = "/api/fn", endpoint = "dataset/list", input = Json, output = Json)]
pub async fn list_datasets(workspace: String) -> Result<Vec<DatasetSummary>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .list(&workspace, &services::PageRequest::largest())
            .await,
    )
    .map(|page| page.items)
}

/// The most bytes that an uploaded file may have.
#[server(prefix = "/api/fn", endpoint = "dataset/limit", input = Json, output = Json)]
pub async fn upload_limit(workspace: String) -> Result<u64, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .upload_limit(&workspace)
            .await,
    )
}

/// With the profile of every column.
#[server(prefix = "/api/fn", endpoint = "dataset/profile", input = Json, output = Json)]
pub async fn dataset_profile(workspace: String, id: DatasetId) -> Result<DatasetDetail, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .profile(&workspace, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dataset/rows", input = Json, output = Json)]
pub async fn dataset_rows(workspace: String, id: DatasetId, offset: u64, limit: u64) -> Result<RowsPage, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .rows(&workspace, id, offset, limit)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dataset/delete", input = Json, output = Json)]
pub async fn delete_dataset(workspace: String, id: DatasetId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .delete(&workspace, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dataset/preview", input = Json, output = Json)]
pub async fn preview_upload(workspace: String, upload: UploadId, options: ReadOptions) -> Result<Preview, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .preview(&workspace, upload, &options)
            .await,
    )
}

/// Starts loading; `replace` names the dataset that gets a new version.
#[server(prefix = "/api/fn", endpoint = "dataset/load", input = Json, output = Json)]
pub async fn load_upload(
    workspace: String,
    upload: UploadId,
    name: String,
    options: ReadOptions,
    replace: Option<DatasetId>,
) -> Result<dataset::UploadStatus, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .load(
                &workspace,
                upload,
                services::dataset::LoadRequest {
                    name: Some(name),
                    options,
                    replace,
                },
            )
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dataset/status", input = Json, output = Json)]
pub async fn upload_status(workspace: String, upload: UploadId) -> Result<dataset::UploadStatus, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .status(&workspace, upload)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dataset/cancel", input = Json, output = Json)]
pub async fn cancel_upload(workspace: String, upload: UploadId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dataset::DatasetService::new)?
            .cancel(&workspace, upload)
            .await,
    )
}
