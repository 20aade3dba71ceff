use std::time::Duration;

use axum::extract::State;
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;
use shared::{AppError, ErrorCode};

use super::{Policy, Route, route};
use crate::{error::ApiError, extract::Json, state::AppState};

#[derive(Debug, Serialize, JsonSchema)]
struct Alive {
    status: &'static str,
    version: &'static str,
    uptime_s: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Ready {
    status: &'static str,
    database: &'static str,
    storage: &'static str,
}

/// How long the database may take before this server counts as not ready.
const PATIENCE: Duration = Duration::from_secs(3);

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/healthz",
            Policy::Public,
            "Whether the process lives",
            alive,
        )
        .answers::<Alive>(200)
        .about("health"),
        route(
            Method::GET,
            "/readyz",
            Policy::Public,
            "Whether database and storage answer",
            ready,
        )
        .answers::<Ready>(200)
        .about("health"),
    ]
}

async fn alive(State(state): State<AppState>) -> Json<Alive> {
    Json(Alive {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime_s: state.started().elapsed().as_secs(),
    })
}

async fn ready(State(state): State<AppState>) -> Result<Json<Ready>, ApiError> {
    let unavailable = |message: &str| {
        let mut error = AppError::new(ErrorCode::Unavailable, message);
        error.retry_after_s = Some(2);
        ApiError(error)
    };
    if state.is_ending() {
        return Err(unavailable("This server is about to end."));
    }
    match tokio::time::timeout(PATIENCE, state.services().database().reader().ping()).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) | Err(_) => return Err(unavailable("The database does not answer.")),
    }
    match tokio::fs::metadata(&state.settings().files).await {
        Ok(folder) if folder.is_dir() => Ok(Json(Ready {
            status: "ok",
            database: "ok",
            storage: "ok",
        })),
        Ok(_) | Err(_) => Err(unavailable("The folder of files cannot be read.")),
    }
}
