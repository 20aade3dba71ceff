//! Loading a received file: read in a worker, stored as Parquet, then made known in one transaction.

use engine::CancellationToken;
use futures::Stream;
use schemars::JsonSchema;
use serde::Deserialize;
use shared::{
    AppError,
    dataset::{DatasetDetail, ReadOptions, UploadState, UploadStatus},
    ids::{DatasetId, DatasetVersionId, UploadId, UserId},
    permission::Capability,
};
use std::{fmt::Display, time::Instant};
use tokio::task::JoinHandle;

use super::{
    DatasetService,
    store::{NewVersion, store_version},
    upload_registry::Upload,
};
use crate::{Context, ServiceError, ServiceResult, WorkspaceSelector, metrics};

/// How a received file becomes a dataset.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadRequest {
    /// For people; default from the file's name. The machine name is made from it. Ignored by a replacement.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub options: ReadOptions,
    /// The dataset that gets the file as its new version.
    #[serde(default)]
    pub replace: Option<DatasetId>,
}

impl DatasetService {
    /// Starts loading and returns at once; the load goes on when the caller leaves. See `status`.
    ///
    /// # Errors
    /// 404 for another's or a forgotten upload, or a dataset to replace that is not there; 409 when it is being loaded.
    pub async fn load(
        &self,
        workspace: &WorkspaceSelector,
        upload: UploadId,
        request: LoadRequest,
    ) -> ServiceResult<UploadStatus> {
        self.start(workspace, upload, request, None).await?;
        self.status(workspace, upload).await
    }

    /// Receives and loads in one go, for programs.
    ///
    /// # Errors
    /// As `receive` and as a failed `status`.
    pub async fn upload<B, E>(
        &self,
        workspace: &WorkspaceSelector,
        file_name: &str,
        bytes: impl Stream<Item = Result<B, E>> + Send,
        request: LoadRequest,
    ) -> ServiceResult<DatasetDetail>
    where
        B: AsRef<[u8]> + Send,
        E: Display,
    {
        let receipt = self.receive(workspace, file_name, bytes).await?;
        self.load_and_wait(workspace, receipt.upload, request, None).await
    }

    /// Loads a received file and waits until it is there. The load goes on when the caller leaves; a failed one is forgotten.
    /// `expected` is the version a replacement takes the place of; `None`: whichever is current then.
    ///
    /// # Errors
    /// As `load` and as a failed `status`; 412 when another version is current.
    pub async fn load_and_wait(
        &self,
        workspace: &WorkspaceSelector,
        upload: UploadId,
        request: LoadRequest,
        expected: Option<DatasetVersionId>,
    ) -> ServiceResult<DatasetDetail> {
        let (service, workspace) = (self.clone(), workspace.clone());
        let whole = async move {
            let loaded = match service.start(&workspace, upload, request, expected).await {
                Ok(task) => task.await?,
                Err(error) => Err(error),
            };
            // Nobody asks for its status, so a failed one cannot be tried again.
            if let Some(path) = service.context.data()?.uploads().cancel(upload) {
                remove(&path).await;
            }
            loaded
        };
        tokio::spawn(whole).await?
    }

    /// Where a load is; kept for an hour after it ended.
    ///
    /// # Errors
    /// 404 for another's or a forgotten upload.
    pub async fn status(&self, workspace: &WorkspaceSelector, upload: UploadId) -> ServiceResult<UploadStatus> {
        let access = self.context.upload_access(workspace).await?;
        let uploads = self.context.data()?.uploads();
        uploads.find(upload, access.workspace_id, access.user.user_id)?;
        Ok(uploads.status(upload).ok_or_else(|| AppError::not_found("upload"))?)
    }

    /// Stops a load, or forgets a file that waits. A load that is done stays done.
    ///
    /// # Errors
    /// 404 for another's or a forgotten upload.
    pub async fn cancel(&self, workspace: &WorkspaceSelector, upload: UploadId) -> ServiceResult<()> {
        let access = self.context.upload_access(workspace).await?;
        let uploads = self.context.data()?.uploads();
        uploads.find(upload, access.workspace_id, access.user.user_id)?;
        if let Some(path) = uploads.cancel(upload) {
            remove(&path).await;
        }
        Ok(())
    }

    async fn start(
        &self,
        workspace: &WorkspaceSelector,
        upload: UploadId,
        request: LoadRequest,
        expected: Option<DatasetVersionId>,
    ) -> ServiceResult<JoinHandle<ServiceResult<DatasetDetail>>> {
        let access = match request.replace {
            Some(dataset) => self.context.object_access(workspace, dataset, Capability::Edit).await?,
            None => self.context.workspace_access(workspace, Capability::Edit).await?,
        };
        let data = self.context.data()?;
        let upload = data.uploads().find(upload, access.workspace_id, access.user.user_id)?;
        let cancel = data.uploads().begin(upload.id)?;
        let context = self.context.clone();
        Ok(tokio::spawn(async move {
            let since = Instant::now();
            let load = Load {
                context,
                upload,
                expected,
                cancel,
            };
            let loaded = load.run(request).await;
            metrics::loaded(loaded.is_ok(), since.elapsed());
            loaded
        }))
    }
}

/// A running load. Whatever ends it, also a panic, is said in its status.
struct Load {
    context: Context,
    upload: Upload,
    expected: Option<DatasetVersionId>,
    cancel: CancellationToken,
}

impl Load {
    async fn run(self, request: LoadRequest) -> ServiceResult<DatasetDetail> {
        let outcome = self.ingest_and_store(request).await;
        let state = match &outcome {
            Ok(detail) => UploadState::Done {
                dataset: detail.summary.id,
            },
            Err(error) => UploadState::Failed {
                error: error.app_error(self.context.request_id()),
            },
        };
        if outcome.is_ok() {
            remove(&self.upload.path).await;
        }
        self.finish(state);
        outcome
    }

    async fn ingest_and_store(&self, request: LoadRequest) -> ServiceResult<DatasetDetail> {
        let data = self.context.data()?;
        let progress = |progress| data.uploads().progress(self.upload.id, progress);
        let upload = &self.upload;
        let ingested = data
            .engine()
            .ingest(
                &upload.path,
                &upload.file_name,
                &request.options,
                progress,
                &self.cancel,
            )
            .await?;
        let version_id: DatasetVersionId = self.context.new_id();
        let version = NewVersion {
            workspace_id: upload.workspace_id,
            user_id: UserId::from(upload.user_id.as_uuid()),
            dataset_id: request.replace.unwrap_or_else(|| self.context.new_id()),
            version_id,
            file_name: upload.file_name.clone(),
            name: request.name,
            replaces: request.replace.is_some(),
            expected: self.expected,
        };
        let key = version.object_key();
        data.engine().store().put_file(&key, &ingested.parquet).await?;
        let stored = store_version(&self.context, version, ingested).await;
        data.rollups().wake();
        // A refusal comes before the commit. After any other failure the row may be there all the same (a connection that is
        // lost at COMMIT does not tell), so the object stays, and the sweep at the next start decides.
        if matches!(stored, Err(ServiceError::Refused(_)))
            && let Err(error) = data.engine().store().delete(&key).await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a refused version could not be removed"
            );
        }
        stored
    }

    fn finish(&self, state: UploadState) {
        if let Ok(data) = self.context.data() {
            data.uploads().finish(self.upload.id, state);
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.finish(UploadState::Failed {
                error: AppError::internal(),
            });
        }
    }
}

/// A file that stays behind is swept later.
pub(super) async fn remove(path: &std::path::Path) {
    if let Err(error) = tokio::fs::remove_file(path).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        let error = ServiceError::from(error);
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "an upload could not be removed"
        );
    }
}
