use http::{HeaderMap, header};
use services::{
    Services,
    factor::Ceremony,
    session::{ClientInfo, DatabaseSessionStore, PendingSignIn, SessionUser, SignedIn},
};
use shared::{AppError, ErrorCode};
use tower_sessions::{Expiry, Session, SessionManagerLayer, cookie::SameSite};

use crate::{config::Settings, error::ApiError};

/// Sessions in the database, found by a cookie that scripts cannot read. Over https its name starts with `__Host-`, so that
/// browsers let no other host or path set it; on plain-http loopback they would refuse that name.
pub fn layer(services: &Services, settings: &Settings) -> SessionManagerLayer<DatabaseSessionStore> {
    SessionManagerLayer::new(DatabaseSessionStore::new(services))
        .with_name(name(settings))
        .with_secure(settings.public_url.is_secure())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

const fn name(settings: &Settings) -> &'static str {
    if settings.public_url.is_secure() {
        "__Host-sightline"
    } else {
        "sightline"
    }
}

/// Whether two cookies say they are the session: one of them was put there by somebody else, and nothing tells which.
pub fn is_claimed_twice(headers: &HeaderMap, settings: &Settings) -> bool {
    let lists = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|list| list.to_str().ok());
    let names = lists
        .flat_map(|list| list.split(';'))
        .filter_map(|cookie| cookie.split('=').next());
    names.filter(|own| own.trim() == name(settings)).count() > 1
}

/// Makes the session that of the person who has just proved who they are, under a new id.
///
/// # Errors
/// When the session cannot be stored.
pub async fn begin(session: &Session, signed_in: SignedIn, client: &ClientInfo) -> Result<(), ApiError> {
    renew(session, signed_in.session_user.with_client(client)).await
}

/// Goes on with the session after its person proved anew who they are, under a new id.
///
/// # Errors
/// When the session cannot be stored.
pub async fn renew(session: &Session, user: SessionUser) -> Result<(), ApiError> {
    session.clear().await;
    session.cycle_id().await.map_err(lost)?;
    session.insert(SessionUser::KEY, user).await.map_err(lost)?;
    // Stored now rather than after the answer: a sign-in that is not kept must not look like one.
    session.save().await.map_err(lost)
}

/// Keeps that a person gave the password, under a new id; whoever was signed in before is signed out.
///
/// # Errors
/// When the session cannot be stored.
pub async fn begin_half(session: &Session, pending: PendingSignIn) -> Result<(), ApiError> {
    session.clear().await;
    session.cycle_id().await.map_err(lost)?;
    keep_pending(session, pending).await
}

/// Keeps what passkeys were asked last.
///
/// # Errors
/// When the session cannot be stored.
pub async fn keep_pending(session: &Session, pending: PendingSignIn) -> Result<(), ApiError> {
    session.insert(PendingSignIn::KEY, pending).await.map_err(lost)?;
    session.save().await.map_err(lost)
}

/// Who gave the password and not yet the second factor.
///
/// # Errors
/// When the session cannot be read.
pub async fn pending(session: &Session) -> Result<Option<PendingSignIn>, ApiError> {
    session.get(PendingSignIn::KEY).await.map_err(lost)
}

/// Keeps what a passkey is asked, until it answers.
///
/// # Errors
/// When the session cannot be stored.
pub async fn keep_ceremony(session: &Session, ceremony: Ceremony) -> Result<(), ApiError> {
    session.insert(Ceremony::KEY, ceremony).await.map_err(lost)?;
    session.save().await.map_err(lost)
}

/// What a passkey was asked: each question is answered once.
///
/// # Errors
/// When the session cannot be read or stored.
pub async fn take_ceremony(session: &Session) -> Result<Option<Ceremony>, ApiError> {
    let ceremony: Option<Ceremony> = session.get(Ceremony::KEY).await.map_err(lost)?;
    // Removing from a session that is not there would make one.
    if ceremony.is_some() {
        session.remove_value(Ceremony::KEY).await.map_err(lost)?;
        session.save().await.map_err(lost)?;
    }
    Ok(ceremony)
}

/// Ends the session and its cookie.
///
/// # Errors
/// When the session cannot be removed.
pub async fn end(session: &Session) -> Result<(), ApiError> {
    session.flush().await.map_err(lost)
}

/// Who the session says was signed in.
///
/// # Errors
/// When the session cannot be read.
pub async fn remembered(session: &Session) -> Result<Option<SessionUser>, ApiError> {
    session.get(SessionUser::KEY).await.map_err(lost)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape `map_err` takes")]
fn lost(error: tower_sessions::session::Error) -> ApiError {
    tracing::error!(%error, "the session store failed");
    let mut refusal = AppError::new(
        ErrorCode::Unavailable,
        "The database does not answer at the moment. Nothing was changed.",
    );
    refusal.retry_after_s = Some(5);
    ApiError(refusal)
}
