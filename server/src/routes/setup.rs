use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use services::setup::SetupService;
use shared::account::{SetupRequest, WorkspaceInfo};
use tower_sessions::Session;

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Query},
    middleware::{Authenticated, session},
};

#[derive(Debug, Deserialize, JsonSchema)]
struct SetupLink {
    /// The secret part of the link that the server printed.
    token: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SetupAnswer {
    workspace: WorkspaceInfo,
}

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/api/v1/setup",
            Policy::Visitor,
            "Whether a set-up link is alive",
            check,
        )
        .filtered_by::<SetupLink>()
        .answers_nothing(),
        route(
            Method::POST,
            "/api/v1/setup",
            Policy::Visitor,
            "Make the first admin and workspace, and sign in",
            complete,
        )
        .filtered_by::<SetupLink>()
        .takes::<SetupRequest>()
        .answers::<SetupAnswer>(201),
    ]
    .into_iter()
    .map(|route| route.about("set-up"))
    .collect()
}

fn setup(who: &Authenticated) -> SetupService {
    who.service(SetupService::new)
}

async fn check(who: Authenticated, Query(link): Query<SetupLink>) -> Result<StatusCode, ApiError> {
    setup(&who).check(&link.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn complete(
    who: Authenticated,
    session: Session,
    Query(link): Query<SetupLink>,
    Json(request): Json<SetupRequest>,
) -> Result<(StatusCode, Json<SetupAnswer>), ApiError> {
    let done = setup(&who).complete(&link.token, request).await?;
    session::begin(&session, done.signed_in, &who.client).await?;
    Ok((
        StatusCode::CREATED,
        Json(SetupAnswer {
            workspace: done.workspace,
        }),
    ))
}
