//! Refusals on their way to the wire.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use services::ServiceError;
use shared::AppError;

use crate::middleware::current_request_id;

/// What handlers and extractors answer instead of a result. The body is written by `middleware::finish_errors`, which knows
/// the request's id.
#[derive(Clone, Debug)]
pub struct ApiError(pub AppError);

/// Carried by a response until its body is written.
#[derive(Clone, Debug)]
pub struct ErrorNote(pub Box<AppError>);

impl fmt::Display for ApiError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self(error.app_error(current_request_id()))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(ErrorNote(Box::new(self.0)));
        response
    }
}
