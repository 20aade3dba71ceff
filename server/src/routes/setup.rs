use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::setup::SetupService;
use shared::{
    account::{Me, SetupRequest},
    names::{Email, Title},
};
use tower_sessions::Session;

use super::{Policy, Route, route, session::welcome};
use crate::{
    error::ApiError,
    extract::{Json, Query},
    middleware::Authenticated,
};

#[derive(Debug, Deserialize, JsonSchema)]
struct SetupLink {
    /// The secret part of the link that the server printed.
    token: String,
}

/// `POST /setup`: the secret part of the link, the first admin and the first workspace.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetupBody {
    token: String,
    email: Email,
    name: Title,
    /// 12 characters or more.
    password: String,
    /// What to call the workspace.
    workspace: Title,
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
        .takes::<SetupBody>()
        .answers::<Me>(201),
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
    Json(body): Json<SetupBody>,
) -> Result<(StatusCode, Json<Me>), ApiError> {
    let request = SetupRequest {
        email: body.email,
        name: body.name,
        password: body.password,
        workspace: body.workspace,
    };
    let done = setup(&who).complete(&body.token, request).await?;
    let me = welcome(who, &session, done.signed_in).await?;
    Ok((StatusCode::CREATED, me))
}
