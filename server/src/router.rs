//! The whole of what is served, put together from the route table and the pages.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use shared::{AppError, ErrorCode};

use crate::{
    AppState,
    error::ApiError,
    middleware::{
        body_in_time, catch_panics, finish_errors, identify, note_refusals, refuse_cross_site, refuse_oversize,
        security_headers, session, trace_requests,
    },
    pages,
    routes::{Route, table},
};

/// Routes that read the session and those that never do stand in two trees: what is not in the first cannot see a cookie.
pub fn router(state: AppState) -> Router {
    let (with_session, without): (Vec<Route>, Vec<Route>) =
        table().into_iter().partition(|route| route.policy.reads_session());
    let signed_in = add(with_session, &state)
        .merge(pages::app(&state))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(state.clone(), identify))
        .layer(session::layer(state.services(), state.settings()))
        .layer(from_fn_with_state(state.clone(), refuse_cross_site));
    let open = add(without, &state).merge(pages::reader(&state));
    signed_in
        .merge(open)
        .method_not_allowed_fallback(method_not_allowed)
        // Every reader of a body has a limit of its own; the framework's 2 MB would cut files that are streamed to disk.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), body_in_time))
        .layer(from_fn_with_state(state.clone(), refuse_oversize))
        .layer(from_fn(catch_panics))
        .layer(from_fn_with_state(state.clone(), note_refusals))
        .layer(from_fn(finish_errors))
        .layer(from_fn_with_state(state.clone(), security_headers))
        .layer(from_fn_with_state(state.clone(), trace_requests))
        .with_state(state)
}

fn add(routes: Vec<Route>, state: &AppState) -> Router<AppState> {
    routes
        .into_iter()
        .fold(Router::new(), |router, route| route.add_to(router, state))
}

async fn method_not_allowed() -> Response {
    ApiError(AppError::new(
        ErrorCode::MethodNotAllowed,
        "This address does not take this method.",
    ))
    .into_response()
}
