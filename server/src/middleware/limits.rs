use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use shared::{AppError, ErrorCode};

use crate::{config::Limits, error::ApiError, state::AppState};

/// Refuses addresses and headers that are too long, and compressed bodies, before anything reads them.
pub async fn refuse_oversize(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match check(&request, &state.settings().limits) {
        Ok(()) => next.run(request).await,
        Err((status, error)) => (status, ApiError(error)).into_response(),
    }
}

fn check(request: &Request, limits: &Limits) -> Result<(), (StatusCode, AppError)> {
    if request
        .uri()
        .path_and_query()
        .is_some_and(|address| address.as_str().len() > limits.address_bytes)
    {
        return Err((
            StatusCode::URI_TOO_LONG,
            AppError::new(ErrorCode::TooLarge, "The address is too long."),
        ));
    }
    let headers = request.headers();
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if bytes > limits.header_bytes || headers.len() > limits.headers {
        let error = AppError::new(ErrorCode::HeadersTooLarge, "The request's headers are too large.");
        return Err((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, error));
    }
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| coding != "identity")
    {
        let error = AppError::new(
            ErrorCode::UnsupportedMediaType,
            "Compressed request bodies are not taken; send it as it is.",
        );
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    Ok(())
}
