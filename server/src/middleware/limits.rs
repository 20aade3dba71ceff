use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use shared::{AppError, ErrorCode};

use crate::{config::Limits, error::ApiError, state::AppState};

/// Refuses addresses that are too long or hold a NUL, headers that are too long, and compressed bodies, before anything reads
/// them.
pub async fn refuse_oversize(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match check(&request, &state.settings().limits) {
        Ok(()) => next.run(request).await,
        Err((status, error)) => {
            let mut response = (status, ApiError(error)).into_response();
            // Nobody knows where the next request would begin.
            let headers = response.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            response
        }
    }
}

fn check(request: &Request, limits: &Limits) -> Result<(), (StatusCode, AppError)> {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if address.len() > limits.address_bytes {
        return Err((
            StatusCode::URI_TOO_LONG,
            AppError::new(ErrorCode::TooLarge, "The address is too long."),
        ));
    }
    // No database keeps it in a text, and no name, id or search term has one.
    if address.contains("%00") {
        let error = AppError::malformed("The address holds a NUL character.");
        return Err((StatusCode::BAD_REQUEST, error));
    }
    let headers = request.headers();
    if is_ambiguous(request.version(), headers) {
        let error = AppError::malformed("The request does not say clearly whom it is for, or where it ends.");
        return Err((StatusCode::BAD_REQUEST, error));
    }
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

/// What a proxy in front could read in another way than we do: no host or several, and two ways to say the body's length.
fn is_ambiguous(version: Version, headers: &HeaderMap) -> bool {
    let hosts = headers.get_all(header::HOST).iter().count();
    let lengths = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
    hosts > 1 || (hosts == 0 && version == Version::HTTP_11) || lengths.iter().all(|name| headers.contains_key(name))
}
