//! The request a server function runs in, provided by the server.

use axum::http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::{ServiceError, Services, audit::Caller};
use shared::{AppError, ErrorCode, ids::RequestId, permission::Principal};

use crate::WireError;

/// Who asks, and the instance asked.
#[derive(Clone)]
pub struct Request {
    pub services: Services,
    pub principal: Principal,
    pub request_id: RequestId,
    /// Parts of a page are made in tasks of their own, which do not know it.
    pub caller: Caller,
}

/// A service for this request, from its constructor.
///
/// # Errors
/// A defect of the server: no request was provided.
pub fn request<Service>(make: impl FnOnce(&Services, Principal, RequestId) -> Service) -> Result<Service, WireError> {
    let request = use_context::<Request>().ok_or_else(AppError::internal)?;
    let Request {
        services,
        principal,
        request_id,
        caller,
    } = request;
    Ok(caller.enter(|| make(&services, principal, request_id)))
}

/// The answer of a service as a server function gives it: the error's status is the response's.
///
/// # Errors
/// The service's own.
pub fn answer<T>(result: Result<T, ServiceError>) -> Result<T, WireError> {
    result.map_err(|error| {
        let error = match use_context::<Request>() {
            Some(request) => error.app_error(request.request_id),
            None => AppError::internal(),
        };
        if sets_status(&error)
            && let Some(response) = use_context::<ResponseOptions>()
            && let Ok(status) = axum::http::StatusCode::from_u16(error.http_status())
        {
            response.set_status(status);
        }
        WireError(error)
    })
}

/// A function's answer carries every status. A page is not a failure because nobody is signed in: it says so, or asks.
fn sets_status(error: &AppError) -> bool {
    let is_function = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/fn/"));
    is_function || error.code != ErrorCode::Unauthenticated
}
