use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::session::SessionService;
use shared::{
    account::{Me, SessionInfo, SignInRequest},
    ids::SessionId,
    permission::Principal,
};
use tower_sessions::Session;

use super::{Policy, Route, account, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::{Authenticated, session},
};

/// `POST /session/link`: the secret part of a link printed on the server's console.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    token: String,
}

pub fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/api/v1/session", Policy::Visitor, "Sign in", sign_in)
            .takes::<SignInRequest>()
            .answers::<Me>(200),
        route(Method::DELETE, "/api/v1/session", Policy::Visitor, "Sign out", sign_out).answers_nothing(),
        route(
            Method::POST,
            "/api/v1/session/link",
            Policy::Visitor,
            "Sign in by a link of the server's console",
            by_link,
        )
        .takes::<LinkRequest>()
        .answers::<Me>(200),
        route(
            Method::GET,
            "/api/v1/sessions",
            Policy::Session,
            "Your own sessions",
            list,
        )
        .answers::<Vec<SessionInfo>>(200),
        route(
            Method::DELETE,
            "/api/v1/sessions",
            Policy::Session,
            "End your other sessions",
            end_others,
        )
        .answers_nothing(),
        route(
            Method::DELETE,
            "/api/v1/sessions/{id}",
            Policy::Session,
            "End one of your sessions",
            end,
        )
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("session"))
    .collect()
}

fn sessions(who: &Authenticated) -> SessionService {
    who.service(SessionService::new)
}

async fn sign_in(
    who: Authenticated,
    session: Session,
    Json(request): Json<SignInRequest>,
) -> Result<Json<Me>, ApiError> {
    let signed_in = sessions(&who).sign_in(&request, &who.client).await?;
    let me = Principal::User(signed_in.user.clone());
    session::begin(&session, signed_in, &who.client).await?;
    account::me(Authenticated { principal: me, ..who }).await
}

async fn by_link(who: Authenticated, session: Session, Json(request): Json<LinkRequest>) -> Result<Json<Me>, ApiError> {
    let signed_in = sessions(&who).redeem_link(&request.token, &who.client).await?;
    let me = Principal::User(signed_in.user.clone());
    session::begin(&session, signed_in, &who.client).await?;
    account::me(Authenticated { principal: me, ..who }).await
}

async fn sign_out(who: Authenticated, session: Session) -> Result<Response, ApiError> {
    sessions(&who).sign_out().await?;
    session::end(&session).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn list(who: Authenticated, session: Session) -> Result<Json<Vec<SessionInfo>>, ApiError> {
    Ok(Json(sessions(&who).list(session.id()).await?))
}

async fn end(who: Authenticated, Path(Param(id)): Path<Param<SessionId>>) -> Result<StatusCode, ApiError> {
    sessions(&who).end(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end_others(who: Authenticated, session: Session) -> Result<StatusCode, ApiError> {
    sessions(&who).end_others(session.id()).await?;
    Ok(StatusCode::NO_CONTENT)
}
