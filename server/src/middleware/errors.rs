use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use shared::{AppError, ErrorCode, error::ErrorBody, ids::RequestId};

use crate::error::ErrorNote;

/// Writes the body of every error answer, in its one shape and with the request's id. Answers that are no errors, and pages
/// with an error status of their own, pass unchanged.
pub async fn finish_errors(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().copied();
    let shape = if request.uri().path().starts_with("/api/fn/") {
        Shape::Bare
    } else {
        Shape::Named
    };
    let mut response = next.run(request).await;
    let noted = response.extensions_mut().remove::<ErrorNote>().map(|note| *note.0);
    let error = match noted {
        Some(error) => error,
        None if shape == Shape::Named && is_bare_error(&response) => unnamed(response.status()),
        None => return response,
    };
    let mut finished = body(error, response.status(), id, shape);
    // Headers set on the way (a cookie that is cleared, `Allow`, `Retry-After`) stay.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            finished.headers_mut().append(name, value.clone());
        }
    }
    *finished.extensions_mut() = std::mem::take(response.extensions_mut());
    finished
}

/// How an error is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `{"error":{…}}`, for everyone.
    Named,
    /// The error alone, which is what our own pages' server functions read.
    Bare,
}

fn body(mut error: AppError, status: StatusCode, id: Option<RequestId>, shape: Shape) -> Response {
    error.request_id = error.request_id.or(id);
    let retry = error.retry_after_s;
    let mut response = match shape {
        Shape::Named => (status, axum::Json(ErrorBody { error })).into_response(),
        Shape::Bare => (status, axum::Json(error)).into_response(),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = retry {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A refusal made by the framework: an error status with plain text or nothing.
fn is_bare_error(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let plain = kind.is_empty() || kind.starts_with("text/plain");
    plain && (response.status().is_client_error() || response.status().is_server_error())
}

fn unnamed(status: StatusCode) -> AppError {
    match status {
        StatusCode::NOT_FOUND => AppError::not_found("page"),
        StatusCode::METHOD_NOT_ALLOWED => {
            AppError::new(ErrorCode::MethodNotAllowed, "This address does not take this method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => AppError::new(ErrorCode::TooLarge, "The request is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            AppError::new(ErrorCode::UnsupportedMediaType, "This content type is not taken here.")
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            AppError::new(ErrorCode::Invalid, "The request does not fit what this address takes.")
        }
        status if status.is_client_error() => AppError::malformed("The request cannot be read."),
        _ => AppError::internal(),
    }
}
