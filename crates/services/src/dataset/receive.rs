//! Receiving a file: streamed to disk, counted, refused as soon as it is too large.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
};

use futures::{Stream, StreamExt as _};
use shared::{
    AppError, ErrorCode,
    dataset::{FileKind, Preview, ReadOptions, UploadReceipt, too_large},
    ids::{UploadId, WorkspaceId},
    permission::Capability,
};
use tokio::io::AsyncWriteExt as _;

use super::{
    DatasetService,
    store::used_space,
    upload_registry::{Receiving, Upload},
};
use crate::{Context, ServiceResult, WorkspaceSelector};

impl DatasetService {
    /// The most bytes that an uploaded file may have.
    ///
    /// # Errors
    /// For callers who may not read in the workspace.
    pub async fn upload_limit(&self, workspace: &WorkspaceSelector) -> ServiceResult<u64> {
        self.context.workspace_access(workspace, Capability::Read).await?;
        Ok(self.context.data()?.limits().upload_bytes)
    }

    /// Writes a file to the upload folder, where it waits to be previewed and loaded; forgotten after an hour. When the
    /// stream ends early or the caller leaves, nothing stays behind.
    ///
    /// # Errors
    /// 415 for an ending that is none of a table's; 413 for too large a file; 422 `limit` when the workspace is full, `invalid`
    /// for an empty file; 400 when the stream breaks off; 507 when the disk is full.
    pub async fn receive<B, E>(
        &self,
        workspace: &WorkspaceSelector,
        file_name: &str,
        bytes: impl Stream<Item = Result<B, E>> + Send,
    ) -> ServiceResult<UploadReceipt>
    where
        B: AsRef<[u8]> + Send,
        E: Display,
    {
        let access = self.context.upload_access(workspace).await?;
        let file_name = clean_name(file_name)?;
        let id: UploadId = self.context.new_id();
        let received = receive_file(&self.context, access.workspace_id, id, bytes).await?;
        let written = received.bytes;
        self.context.data()?.uploads().insert(Upload {
            id,
            workspace_id: access.workspace_id,
            user_id: access.user.user_id,
            file_name: file_name.clone(),
            path: received.keep(),
            bytes: written,
            received_at: self.context.now(),
        });
        Ok(UploadReceipt {
            upload: id,
            file_name,
            bytes: written,
        })
    }

    /// The first rows as they would be loaded with `options`.
    ///
    /// # Errors
    /// 404 for another's or a forgotten upload; 422 `unreadable_file` with the reason and the line.
    pub async fn preview(
        &self,
        workspace: &WorkspaceSelector,
        upload: UploadId,
        options: &ReadOptions,
    ) -> ServiceResult<Preview> {
        let access = self.context.upload_access(workspace).await?;
        let data = self.context.data()?;
        let upload = data.uploads().find(upload, access.workspace_id, access.user.user_id)?;
        let stop = engine::CancellationToken::new();
        // Dropped with this future, so that a caller who leaves ends the worker's job.
        let _guard = stop.clone().drop_guard();
        Ok(data
            .engine()
            .preview(&upload.path, &upload.file_name, options, &stop)
            .await?)
    }
}

/// Writes a stream to the upload folder, as long as the workspace has room. The file goes away unless it is kept.
///
/// # Errors
/// As [`DatasetService::receive`].
pub(crate) async fn receive_file<B, E>(
    context: &Context,
    workspace_id: WorkspaceId,
    id: UploadId,
    bytes: impl Stream<Item = Result<B, E>> + Send,
) -> ServiceResult<ReceivedFile>
where
    B: AsRef<[u8]> + Send,
    E: Display,
{
    let data = context.data()?;
    let space = Space {
        context,
        workspace_id,
        file: data.uploads().receive(id, workspace_id),
    };
    space.refuse_when_full().await?;
    let mut file = ReceivedFile::new(data.upload_dir().join(format!("{id}.upload")));
    file.bytes = write_stream(&file.path, bytes, data.limits().upload_bytes, &space).await?;
    Ok(file)
}

/// What a workspace has room for while a file comes in.
struct Space<'a> {
    context: &'a Context,
    workspace_id: WorkspaceId,
    file: Receiving<'a>,
}

impl Space<'_> {
    /// The file itself does not count yet: stored, it is smaller than it is sent.
    async fn refuse_when_full(&self) -> ServiceResult<()> {
        let limits = *self.context.data()?.limits();
        let used = used_space(&self.context.reader(self.workspace_id), self.workspace_id, None).await?;
        used.with(self.file.others_bytes(), 0).check(&limits)?;
        Ok(())
    }
}

/// The last part of what a browser sent, without control characters; at most 200 characters.
pub(crate) fn bare_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or(sent);
    let name: String = last.chars().filter(|letter| !letter.is_control()).collect();
    let name = name.trim();
    let skipped = name.chars().count().saturating_sub(200);
    name.chars().skip(skipped).collect()
}

fn clean_name(sent: &str) -> Result<String, AppError> {
    let name = bare_name(sent);
    if FileKind::from_file_name(&name).is_some() {
        return Ok(name);
    }
    let refusal = AppError::new(
        ErrorCode::UnsupportedMediaType,
        "This kind of file cannot be read as a table.",
    );
    Err(refusal
        .with_field("file")
        .with_hint("Send CSV, TSV, XLSX, JSON, NDJSON or Parquet, with that ending in the file's name."))
}

/// A file that goes away unless it is kept.
pub(crate) struct ReceivedFile {
    pub path: PathBuf,
    pub bytes: u64,
    kept: bool,
}

impl ReceivedFile {
    const fn new(path: PathBuf) -> Self {
        Self {
            path,
            bytes: 0,
            kept: false,
        }
    }

    pub fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for ReceivedFile {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(error = %error, "a partial upload could not be removed");
        }
    }
}

const BUFFER_BYTES: usize = 256 * 1024;
/// Between two looks at whether there is still space.
const LOOK_EVERY: u64 = 1 << 20;

async fn write_stream<B, E>(
    path: &Path,
    bytes: impl Stream<Item = Result<B, E>> + Send,
    limit: u64,
    space: &Space<'_>,
) -> ServiceResult<u64>
where
    B: AsRef<[u8]> + Send,
    E: Display,
{
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let file = tokio::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .await?;
    let mut file = tokio::io::BufWriter::with_capacity(BUFFER_BYTES, file);
    let mut written: u64 = 0;
    let mut looked_at: u64 = 0;
    let mut bytes = std::pin::pin!(bytes);
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|_| broken_off(written))?;
        written = written.saturating_add(u64::try_from(chunk.as_ref().len()).unwrap_or(u64::MAX));
        if written > limit {
            return Err(too_large(limit).into());
        }
        if written - looked_at >= LOOK_EVERY {
            looked_at = written;
            space.file.reached(written);
            space.refuse_when_full().await?;
        }
        file.write_all(chunk.as_ref()).await?;
    }
    if written == 0 {
        return Err(AppError::invalid("file", "The file is empty.").into());
    }
    space.file.reached(written);
    space.refuse_when_full().await?;
    file.flush().await?;
    Ok(written)
}

fn broken_off(written: u64) -> AppError {
    AppError::malformed(format!(
        "The upload broke off after {written} bytes. Nothing was stored; send the file again."
    ))
    .with_field("file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_and_keep_their_ending() {
        assert_eq!(clean_name("C:\\data\\Orders 2024.CSV").unwrap(), "Orders 2024.CSV");
        assert_eq!(clean_name("../../etc/orders.csv").unwrap(), "orders.csv");
        assert_eq!(clean_name("run.exe").unwrap_err().http_status(), 415);
        assert_eq!(clean_name("").unwrap_err().http_status(), 415);
        assert!(
            clean_name(&format!("{}.csv", "x".repeat(500)))
                .unwrap()
                .ends_with(".csv")
        );
    }
}
