use axum::extract::{
    FromRequest as _, Request,
    multipart::{Field, Multipart},
};
use http::HeaderMap;
use serde::de::DeserializeOwned;
use services::{WorkspaceSelector, dataset::DatasetService};
use shared::{
    AppError, ErrorCode,
    dataset::{ReadOptions, UploadReceipt, too_large},
};

use crate::{error::ApiError, extract::declared_length};

/// Bytes of a part that is no file.
const TEXT_BYTES: usize = 64 * 1024;
const PARTS: usize = 10;

/// An upload's form, after its file was streamed to disk.
#[derive(Debug)]
pub struct FileForm {
    pub receipt: UploadReceipt,
    /// What to call the dataset.
    pub name: Option<String>,
    pub options: ReadOptions,
}

impl FileForm {
    /// Reads the parts in whatever order they come; the file goes straight to disk.
    ///
    /// # Errors
    /// 413 for a form that says it is larger than a file may be; 415 when it is no form; 400 when it breaks off, has no file, two files or an unknown part; and what `receive` refuses.
    pub async fn read(
        request: Request,
        datasets: &DatasetService,
        workspace: &WorkspaceSelector,
    ) -> Result<Self, ApiError> {
        let file_bytes = datasets.upload_limit(workspace).await?;
        let mut form = open(request, file_bytes).await?;
        let mut waiting = Waiting {
            datasets,
            workspace,
            receipt: None,
        };
        match waiting.read_parts(&mut form).await {
            Ok((receipt, name, options)) => {
                waiting.receipt = None;
                Ok(Self { receipt, name, options })
            }
            Err(error) => {
                waiting.cancel().await?;
                Err(error)
            }
        }
    }
}

/// The form of a request.
///
/// # Errors
/// 413 for one that says it is larger than a file may be; 415 when it is no form.
pub async fn open(request: Request, file_bytes: u64) -> Result<Multipart, ApiError> {
    refuse_oversize(request.headers(), file_bytes)?;
    Multipart::from_request(request, &()).await.map_err(|_| {
        let error = AppError::new(
            ErrorCode::UnsupportedMediaType,
            "Send a multipart form with the file in its part `file`.",
        );
        ApiError(error)
    })
}

/// The next part of a form whose file has not come yet.
///
/// # Errors
/// 400 when it breaks off, or was the last.
pub async fn next_part(form: &mut Multipart) -> Result<Field<'_>, ApiError> {
    form.next_field().await.map_err(|_| broken())?.ok_or_else(no_file)
}

/// Reads a part that is of no use here.
///
/// # Errors
/// 413 when it is no short text, 400 when it breaks off.
pub async fn pass_over(part: Field<'_>) -> Result<(), ApiError> {
    text(part).await.map(drop)
}

fn no_file() -> ApiError {
    ApiError(AppError::malformed("The form has no part `file`.").with_field("file"))
}

/// What the file of a part is called.
///
/// # Errors
/// 400 when it has no name.
pub fn file_name(field: &Field<'_>) -> Result<String, ApiError> {
    let nameless = || ApiError(AppError::malformed("The part `file` has no file name.").with_field("file"));
    field.file_name().map(str::to_owned).ok_or_else(nameless)
}

/// A form that is too large by its own words is not waited for. All of its other parts have room beside the file.
fn refuse_oversize(headers: &HeaderMap, file_bytes: u64) -> Result<(), ApiError> {
    let parts = u64::try_from(PARTS * TEXT_BYTES).unwrap_or(u64::MAX);
    match declared_length(headers) {
        Some(length) if length > file_bytes.saturating_add(parts) => Err(too_large(file_bytes).into()),
        Some(_) | None => Ok(()),
    }
}

/// A received file while the rest of its form is read. Refused, or left by its sender, it must not wait for an hour.
struct Waiting<'a> {
    datasets: &'a DatasetService,
    workspace: &'a WorkspaceSelector,
    receipt: Option<UploadReceipt>,
}

impl Waiting<'_> {
    async fn read_parts(
        &mut self,
        form: &mut Multipart,
    ) -> Result<(UploadReceipt, Option<String>, ReadOptions), ApiError> {
        let (mut name, mut options) = (None, None);
        for count in 0.. {
            let Some(field) = form.next_field().await.map_err(|_| broken())? else {
                break;
            };
            if count >= PARTS {
                return Err(ApiError(AppError::malformed("The form has too many parts.")));
            }
            match field.name().unwrap_or_default() {
                "file" if self.receipt.is_none() => {
                    self.receipt = Some(receive(field, self.datasets, self.workspace).await?);
                }
                "name" if name.is_none() => name = Some(text(field).await?),
                "options" if options.is_none() => options = Some(json(field).await?),
                other => {
                    return Err(ApiError(AppError::malformed(format!(
                        "The form has the part `{}` twice, or it is not known.",
                        shown(other)
                    ))));
                }
            }
        }
        let receipt = self.receipt.clone().ok_or_else(no_file)?;
        Ok((receipt, name, options.unwrap_or_default()))
    }

    async fn cancel(&mut self) -> Result<(), ApiError> {
        if let Some(receipt) = self.receipt.take() {
            self.datasets.cancel(self.workspace, receipt.upload).await?;
        }
        Ok(())
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Some(receipt) = self.receipt.take() else { return };
        let (datasets, workspace) = (self.datasets.clone(), self.workspace.clone());
        tokio::spawn(async move {
            if let Err(error) = datasets.cancel(&workspace, receipt.upload).await {
                tracing::warn!(
                    error = crate::cli::chain(&error),
                    "an abandoned upload waits for the sweep"
                );
            }
        });
    }
}

async fn receive(
    field: Field<'_>,
    datasets: &DatasetService,
    workspace: &WorkspaceSelector,
) -> Result<UploadReceipt, ApiError> {
    let file_name = file_name(&field)?;
    Ok(datasets.receive(workspace, &file_name, field).await?)
}

async fn text(mut field: Field<'_>) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        if bytes.len() + chunk.len() > TEXT_BYTES {
            return Err(ApiError(AppError::new(
                ErrorCode::TooLarge,
                "A part of the form that is no file is too large.",
            )));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| ApiError(AppError::malformed("A part of the form is no UTF-8 text.")))
}

async fn json<T: DeserializeOwned + Default>(field: Field<'_>) -> Result<T, ApiError> {
    let text = text(field).await?;
    if text.trim().is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(&text).map_err(|error| {
        let error = match error.classify() {
            serde_json::error::Category::Data => {
                AppError::invalid("options", format!("The options do not fit: {error}."))
            }
            _ => AppError::malformed(format!("The options are no JSON: {error}.")).with_field("options"),
        };
        ApiError(error)
    })
}

fn broken() -> ApiError {
    ApiError(AppError::malformed(
        "The form broke off before its end. Nothing was kept; send it again.",
    ))
}

/// A name from outside, short enough to be said.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
