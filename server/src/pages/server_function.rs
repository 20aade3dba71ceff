use app::server_fns::request::Request as PageRequest;
use axum::{
    body::Body,
    extract::{FromRequest as _, Request, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use services::audit::Caller;
use shared::{AppError, ErrorCode};

use crate::{AppState, error::ApiError, extract::RawJson, middleware::Authenticated};

/// An error has a few hundred bytes.
const ERROR_BYTES: usize = 64 * 1024;

/// Answers a server function. Its body is checked like that of any other route before the framework reads it.
pub async fn answer(State(state): State<AppState>, who: Authenticated, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let checked = Request::from_parts(parts.clone(), body);
    let bytes = match RawJson::from_request(checked, &state).await {
        Ok(RawJson(bytes)) => bytes,
        Err(error) => return error.into_response(),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let caller = Caller::current();
    let context = move || {
        provide_context(PageRequest {
            services: who.services.clone(),
            principal: who.principal.clone(),
            request_id: who.request_id,
            caller: caller.clone(),
        });
    };
    let limit = state.settings().limits.answer;
    let answer = async { handle_server_fns_with_context(context, request).await.into_response() };
    match tokio::time::timeout(limit, answer).await {
        Ok(response) if response.status() == StatusCode::INTERNAL_SERVER_ERROR => arguments_refused(response).await,
        Ok(response) => response,
        Err(_) => {
            let words = format!("This took longer than {} seconds and was stopped.", limit.as_secs());
            ApiError(AppError::new(ErrorCode::Timeout, words)).into_response()
        }
    }
}

/// A function's own error has set its status. The framework's, that the arguments do not fit, comes as 500 with words about
/// an answer: that is no defect of the server.
async fn arguments_refused(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ERROR_BYTES).await else {
        return ApiError(AppError::internal()).into_response();
    };
    match serde_json::from_slice::<AppError>(&bytes) {
        Ok(error) if error.code != ErrorCode::Internal => {
            let refusal = AppError::new(ErrorCode::Invalid, "The arguments do not fit this function.");
            ApiError(refusal).into_response()
        }
        Ok(_) | Err(_) => Response::from_parts(parts, Body::from(bytes)),
    }
}
