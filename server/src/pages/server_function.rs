use app::server_fns::request::Request as PageRequest;
use axum::{
    body::Body,
    extract::{FromRequest as _, Request, State},
    response::{IntoResponse as _, Response},
};
use leptos::prelude::provide_context;
use leptos_axum::handle_server_fns_with_context;
use shared::AppError;

use crate::{AppState, error::ApiError, extract::RawJson, middleware::Authenticated};

/// Answers a server function. Its body is checked like that of any other route before the framework reads it.
pub async fn answer(State(state): State<AppState>, who: Authenticated, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let checked = Request::from_parts(parts.clone(), body);
    let bytes = match RawJson::from_request(checked, &state).await {
        Ok(RawJson(bytes)) => bytes,
        Err(error) => return error.into_response(),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let context = move || {
        provide_context(PageRequest {
            services: who.services.clone(),
            principal: who.principal.clone(),
            request_id: who.request_id,
        });
    };
    let limit = state.settings().limits.answer;
    match tokio::time::timeout(limit, handle_server_fns_with_context(context, request)).await {
        Ok(response) => response.into_response(),
        Err(_) => {
            let words = format!("This took longer than {} seconds and was stopped.", limit.as_secs());
            ApiError(AppError::new(shared::ErrorCode::Timeout, words)).into_response()
        }
    }
}
