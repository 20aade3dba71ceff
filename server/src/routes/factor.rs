use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use services::FactorService;
use shared::{
    AppError,
    factor::{
        Confirmation, Factors, PasskeyCreate, PasskeyCreated, PasskeyInfo, PasskeyRename, RecoveryCodes, TotpConfirm,
        TotpSetup,
    },
    ids::PasskeyId,
};
use tower_sessions::Session;

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::{Authenticated, session},
};

/// What a browser is asked for, as `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` reads
/// it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct PasskeyOptions(pub serde_json::Value);

pub fn routes() -> Vec<Route> {
    const ALL: &str = "/api/v1/me/factors";
    const TOTP: &str = "/api/v1/me/factors/totp";
    const PASSKEYS: &str = "/api/v1/me/passkeys";
    const PASSKEY: &str = "/api/v1/me/passkeys/{id}";
    const CONFIRMATION: &str = "/api/v1/me/confirmation";
    let own = Policy::Session;
    vec![
        route(
            Method::POST,
            CONFIRMATION,
            own,
            "Confirm that it is you; good for 10 minutes",
            confirm,
        )
        .takes::<Confirmation>()
        .answers_nothing(),
        route(
            Method::POST,
            "/api/v1/me/confirmation/passkey",
            own,
            "What your passkeys are asked to confirm that it is you",
            ask_passkey,
        )
        .answers::<PasskeyOptions>(200),
        route(Method::GET, ALL, own, "Your second factors", factors).answers::<Factors>(200),
        route(
            Method::POST,
            TOTP,
            own,
            "Begin to set up an authenticator app; the secret is shown once",
            begin_totp,
        )
        .answers::<TotpSetup>(201),
        route(
            Method::POST,
            "/api/v1/me/factors/totp/confirmation",
            own,
            "Turn codes of the app on with the first of them; a first factor brings recovery codes, shown once",
            confirm_totp,
        )
        .takes::<TotpConfirm>()
        .answers::<RecoveryCodes>(200),
        route(Method::DELETE, TOTP, own, "Turn codes of the app off", remove_totp).answers_nothing(),
        route(
            Method::POST,
            "/api/v1/me/factors/recovery-codes",
            own,
            "Ten new recovery codes in place of the old ones; they are shown once",
            new_recovery_codes,
        )
        .answers::<RecoveryCodes>(201),
        route(
            Method::POST,
            "/api/v1/me/passkeys/options",
            own,
            "What a browser is asked for a new passkey",
            begin_passkey,
        )
        .answers::<PasskeyOptions>(200),
        route(Method::POST, PASSKEYS, own, "Keep a new passkey", add_passkey)
            .takes::<PasskeyCreate>()
            .answers::<PasskeyCreated>(201),
        route(Method::PUT, PASSKEY, own, "Rename a passkey", rename_passkey)
            .takes::<PasskeyRename>()
            .answers::<PasskeyInfo>(200),
        route(Method::DELETE, PASSKEY, own, "Remove a passkey", remove_passkey).answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("second factor"))
    .collect()
}

fn service(who: &Authenticated) -> FactorService {
    who.service(FactorService::new)
}

async fn confirm(
    who: Authenticated,
    session: Session,
    Json(confirmation): Json<Confirmation>,
) -> Result<StatusCode, ApiError> {
    let Some(remembered) = session::remembered(&session).await? else {
        return Err(AppError::unauthenticated().into());
    };
    let asked = session::take_ceremony(&session).await?;
    let renewed = service(&who)
        .confirm(confirmation, &remembered, asked.as_ref(), &who.client)
        .await?;
    session::renew(&session, renewed).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn ask_passkey(who: Authenticated, session: Session) -> Result<Json<PasskeyOptions>, ApiError> {
    let ceremony = service(&who).ask_passkey().await?;
    let options = PasskeyOptions(ceremony.options.clone());
    session::keep_ceremony(&session, ceremony).await?;
    Ok(Json(options))
}

async fn factors(who: Authenticated) -> Result<Json<Factors>, ApiError> {
    Ok(Json(service(&who).factors().await?))
}

async fn begin_totp(who: Authenticated) -> Result<(StatusCode, Json<TotpSetup>), ApiError> {
    Ok((StatusCode::CREATED, Json(service(&who).begin_totp().await?)))
}

async fn confirm_totp(who: Authenticated, Json(confirm): Json<TotpConfirm>) -> Result<Json<RecoveryCodes>, ApiError> {
    Ok(Json(service(&who).confirm_totp(&confirm).await?))
}

async fn remove_totp(who: Authenticated) -> Result<StatusCode, ApiError> {
    service(&who).remove_totp().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn new_recovery_codes(who: Authenticated) -> Result<(StatusCode, Json<RecoveryCodes>), ApiError> {
    Ok((StatusCode::CREATED, Json(service(&who).new_recovery_codes().await?)))
}

async fn begin_passkey(who: Authenticated, session: Session) -> Result<Json<PasskeyOptions>, ApiError> {
    let ceremony = service(&who).begin_passkey().await?;
    let options = PasskeyOptions(ceremony.options.clone());
    session::keep_ceremony(&session, ceremony).await?;
    Ok(Json(options))
}

async fn add_passkey(
    who: Authenticated,
    session: Session,
    Json(create): Json<PasskeyCreate>,
) -> Result<(StatusCode, Json<PasskeyCreated>), ApiError> {
    let asked = session::take_ceremony(&session).await?;
    let made = service(&who).add_passkey(create, asked.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

async fn rename_passkey(
    who: Authenticated,
    Path(Param(id)): Path<Param<PasskeyId>>,
    Json(rename): Json<PasskeyRename>,
) -> Result<Json<PasskeyInfo>, ApiError> {
    Ok(Json(service(&who).rename_passkey(id, rename).await?))
}

async fn remove_passkey(who: Authenticated, Path(Param(id)): Path<Param<PasskeyId>>) -> Result<StatusCode, ApiError> {
    service(&who).remove_passkey(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
