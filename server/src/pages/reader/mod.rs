//! What readers of links and frames see: complete pages, drawn here, for which no session cookie is read.

mod answer;
mod embed;
mod form;
mod share;

use axum::{Router, routing::get};

use crate::AppState;

/// Pages of readers. Whatever else lies below their addresses is not there.
pub fn reader(_: &AppState) -> Router<AppState> {
    Router::new()
        .route("/s/{token}", get(share::page).post(share::unlock))
        .route("/embed/d/{id}", get(embed::page).post(embed::again))
        .route("/s/{token}/{*rest}", get(answer::nothing_here))
        .route("/embed/{*rest}", get(answer::nothing_here))
}
