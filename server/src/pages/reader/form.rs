use axum::body::Body;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};
use shared::{AppError, ErrorCode};

use crate::error::ApiError;

/// Longest form, in bytes: a filter with many members.
const FORM_BYTES: usize = 64 * 1024;

/// Names and values of an URL-encoded form.
pub async fn pairs(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, ApiError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::new(ErrorCode::UnsupportedMediaType, "This page takes a plain form.").into());
    }
    let bytes = Limited::new(body, FORM_BYTES)
        .collect()
        .await
        .map_err(|_| AppError::new(ErrorCode::TooLarge, "The form is too large."))?
        .to_bytes();
    serde_urlencoded::from_bytes(&bytes).map_err(|_| AppError::malformed("The form cannot be read.").into())
}
