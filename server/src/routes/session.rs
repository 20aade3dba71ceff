use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::session::{SessionService, SignIn, SignedIn};
use shared::{
    AppError, ErrorCode,
    account::{Me, SessionInfo, SignInRequest},
    factor::{FactorNeeded, FactorProof},
    ids::SessionId,
};
use tower_sessions::Session;

use super::{Policy, Route, account, factor::PasskeyOptions, route};
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

/// As `PublicKeyCredential.toJSON()` gives it.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct PasskeyAnswer(serde_json::Value);

pub fn routes() -> Vec<Route> {
    const FACTOR: &str = "/api/v1/session/factor";
    const HALF: &str = "The account has a second factor: go on with `POST /session/factor`.";
    vec![
        route(Method::POST, "/api/v1/session", Policy::Visitor, "Sign in", sign_in)
            .takes::<SignInRequest>()
            .answers::<Me>(200)
            .or_answers::<FactorNeeded>(202, HALF),
        route(Method::DELETE, "/api/v1/session", Policy::Visitor, "Sign out", sign_out).answers_nothing(),
        route(
            Method::POST,
            "/api/v1/session/link",
            Policy::Visitor,
            "Sign in by a link of the server's console",
            by_link,
        )
        .takes::<LinkRequest>()
        .answers::<Me>(200)
        .or_answers::<FactorNeeded>(202, HALF),
        route(
            Method::GET,
            FACTOR,
            Policy::Visitor,
            "What a sign-in that was begun is completed with",
            factor_needed,
        )
        .answers::<FactorNeeded>(200),
        route(
            Method::POST,
            "/api/v1/session/factor/passkey",
            Policy::Visitor,
            "Ask the passkeys of a sign-in that was begun, once more",
            ask_passkey,
        )
        .answers::<FactorNeeded>(200),
        route(
            Method::POST,
            FACTOR,
            Policy::Visitor,
            "Complete a sign-in by a code, a recovery code or a passkey",
            complete,
        )
        .takes::<FactorProof>()
        .answers::<Me>(200),
        route(
            Method::POST,
            "/api/v1/session/passkey/options",
            Policy::Visitor,
            "Begin to sign in by a passkey alone: what the browser is asked",
            ask_any_passkey,
        )
        .answers::<PasskeyOptions>(200),
        route(
            Method::POST,
            "/api/v1/session/passkey",
            Policy::Visitor,
            "Sign in by a passkey alone: what the browser answered",
            by_passkey,
        )
        .takes::<PasskeyAnswer>()
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
) -> Result<Response, ApiError> {
    let outcome = sessions(&who).sign_in(&request, &who.client).await?;
    go_on(who, &session, outcome).await
}

async fn by_link(who: Authenticated, session: Session, Json(request): Json<LinkRequest>) -> Result<Response, ApiError> {
    let outcome = sessions(&who).redeem_link(&request.token, &who.client).await?;
    go_on(who, &session, outcome).await
}

async fn go_on(who: Authenticated, session: &Session, outcome: SignIn) -> Result<Response, ApiError> {
    match outcome {
        SignIn::Done(signed_in) => Ok(welcome(who, session, signed_in).await?.into_response()),
        SignIn::FactorNeeded(pending) => {
            let (needed, pending) = sessions(&who).factor_needed(&pending).await?;
            session::begin_half(session, pending).await?;
            Ok((StatusCode::ACCEPTED, Json(needed)).into_response())
        }
    }
}

/// Begins the session of a person who proved who they are, and says what they find.
pub async fn welcome(who: Authenticated, session: &Session, signed_in: SignedIn) -> Result<Json<Me>, ApiError> {
    let principal = sessions(&who).authenticate(&signed_in.session_user).await?;
    session::begin(session, signed_in, &who.client).await?;
    account::me(Authenticated { principal, ..who }).await
}

async fn ask_any_passkey(who: Authenticated, session: Session) -> Result<Json<PasskeyOptions>, ApiError> {
    let ceremony = sessions(&who).ask_passkey(&who.client).await?;
    let options = PasskeyOptions(ceremony.options.clone());
    session::keep_ceremony(&session, ceremony).await?;
    Ok(Json(options))
}

async fn by_passkey(
    who: Authenticated,
    session: Session,
    Json(PasskeyAnswer(answer)): Json<PasskeyAnswer>,
) -> Result<Json<Me>, ApiError> {
    let asked = session::take_ceremony(&session).await?;
    let signed_in = sessions(&who).by_passkey(asked.as_ref(), &answer, &who.client).await?;
    welcome(who, &session, signed_in).await
}

async fn factor_needed(who: Authenticated, session: Session) -> Result<Json<FactorNeeded>, ApiError> {
    let pending = session::pending(&session).await?.ok_or_else(not_begun)?;
    let (needed, _) = sessions(&who).factor_needed(&pending).await?;
    Ok(Json(FactorNeeded {
        passkey: None,
        ..needed
    }))
}

async fn ask_passkey(who: Authenticated, session: Session) -> Result<Json<FactorNeeded>, ApiError> {
    let pending = session::pending(&session).await?.ok_or_else(not_begun)?;
    let (needed, pending) = sessions(&who).factor_needed(&pending).await?;
    session::keep_pending(&session, pending).await?;
    Ok(Json(needed))
}

async fn complete(who: Authenticated, session: Session, Json(proof): Json<FactorProof>) -> Result<Json<Me>, ApiError> {
    let pending = session::pending(&session).await?.ok_or_else(not_begun)?;
    let signed_in = sessions(&who).complete(&pending, &proof, &who.client).await?;
    welcome(who, &session, signed_in).await
}

fn not_begun() -> AppError {
    AppError::new(ErrorCode::Unauthenticated, "No sign-in is under way here.")
        .with_hint("Start with your e-mail address and password.")
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
