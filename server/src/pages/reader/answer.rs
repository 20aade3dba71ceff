use app::{
    Assets,
    components::dashboard::ReaderPage,
    reader::{PasswordPage, ReaderApp, ReaderProblem},
    shell,
};
use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::render_app_async_with_context;
use shared::{AppError, account::ThemeChoice};

use crate::{error::ApiError, middleware::FrameAncestors, pages::document, routes::READER_HEADERS};

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The finished dashboard.
pub async fn dashboard(page: ReaderPage, theme: ThemeChoice, frames: FrameAncestors, request: Request) -> Response {
    let view = move || {
        let page = page.clone();
        shell(
            document::entry("reader"),
            theme,
            move || view! { <ReaderApp page=page /> },
        )
    };
    finish(
        render_app_async_with_context(policy(frames.clone()), view)(request).await,
        StatusCode::OK,
        &frames,
    )
}

/// Why there is none, with the status that says the same.
pub async fn problem(error: AppError, frames: FrameAncestors, request: Request) -> Response {
    let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let view = move || {
        let error = error.clone();
        shell(
            without_script(),
            ThemeChoice::Auto,
            move || view! { <ReaderProblem error=error /> },
        )
    };
    finish(
        render_app_async_with_context(policy(frames.clone()), view)(request).await,
        status,
        &frames,
    )
}

/// The form that asks for a link's password.
pub async fn password(action: String, wrong: bool, request: Request) -> Response {
    let frames = FrameAncestors::None;
    let view = move || {
        let action = action.clone();
        shell(
            without_script(),
            ThemeChoice::Auto,
            move || view! { <PasswordPage action=action wrong=wrong /> },
        )
    };
    finish(
        render_app_async_with_context(policy(frames.clone()), view)(request).await,
        StatusCode::UNAUTHORIZED,
        &frames,
    )
}

pub async fn nothing_here() -> Response {
    ApiError(AppError::not_found("page")).into_response()
}

/// Pages on which there is nothing to hydrate.
fn without_script() -> Assets {
    Assets {
        entry: None,
        ..document::entry("reader")
    }
}

fn policy(frames: FrameAncestors) -> impl Fn() + Clone + Send + Sync + 'static {
    move || document::send_policy(frames.clone())
}

fn finish(mut response: Response, status: StatusCode, frames: &FrameAncestors) -> Response {
    // A page that failed while it was drawn keeps its own status.
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    for (name, value) in READER_HEADERS {
        headers.insert(name, value);
    }
    if matches!(frames, FrameAncestors::Origins(_)) {
        headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    }
    response
}
