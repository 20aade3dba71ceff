use app::{components::dashboard::ReaderSource, reader::load};
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use http::header;
use http_body_util::{BodyExt as _, Limited};
use services::{
    ServiceError, WorkspaceSelector,
    reader::ReaderService,
    share::{OpenShare, ShareDoor, ShareOpening, ShareProof, ShareService},
};
use shared::{AppError, ErrorCode, permission::Principal};

use super::answer;
use crate::{
    AppState,
    error::ApiError,
    extract::Path,
    middleware::{Authenticated, FrameAncestors},
    routes::PROOF_COOKIE,
};

/// A password form is not longer.
const FORM_BYTES: usize = 8 * 1024;

/// The page of a link: the dashboard, the question for its password, or why it does not open.
pub async fn page(
    State(state): State<AppState>,
    who: Authenticated,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let cookies = CookieJar::from_headers(request.headers());
    let proof = cookies.get(PROOF_COOKIE).map(Cookie::value);
    let opening = who
        .service(ShareService::new)
        .open(&token, proof, ShareDoor::Page, who.client.address)
        .await;
    match opening {
        Ok(ShareOpening::Open(open)) => opened(&state, &who, &token, *open, request).await,
        Ok(ShareOpening::NeedsPassword) => answer::password(address(&token), false, request).await,
        Err(error) => refused(&who, &error, request).await,
    }
}

async fn opened(state: &AppState, who: &Authenticated, token: &str, open: OpenShare, request: Request) -> Response {
    let workspace = WorkspaceSelector::Id(open.grant.workspace_id);
    let dashboard = open.grant.dashboard_id;
    let reader = ReaderService::new(&who.services, Principal::Share(open.grant), who.request_id);
    let source = ReaderSource::Share {
        token: token.to_owned(),
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let mut response = match load::page(&reader, &workspace, dashboard, &query, source, address(token)).await {
        Ok(mut page) => {
            page.hide_title = open.hide_title;
            answer::dashboard(page, FrameAncestors::None, request).await
        }
        Err(error) => return refused(who, &error, request).await,
    };
    if let Some(proof) = open.proof {
        remember(&mut response, state, token, &proof);
    }
    response
}

/// Takes the password form. What was asked for in the address is kept.
pub async fn unlock(
    State(state): State<AppState>,
    who: Authenticated,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let password = match password(&parts.headers, body).await {
        Ok(password) => password,
        Err(error) => return error.into_response(),
    };
    let again = Request::from_parts(parts, axum::body::Body::empty());
    match who
        .service(ShareService::new)
        .unlock(&token, &password, who.client.address)
        .await
    {
        Ok(proof) => {
            let query = again.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
            let mut response = Redirect::to(&format!("{}{query}", address(&token))).into_response();
            remember(&mut response, &state, &token, &proof);
            response
        }
        Err(error) => {
            let refusal = error.app_error(who.request_id);
            let wrong = refusal.code == ErrorCode::Unauthenticated;
            if wrong {
                answer::password(address(&token), true, again).await
            } else {
                answer::problem(refusal, FrameAncestors::None, again).await
            }
        }
    }
}

async fn refused(who: &Authenticated, error: &ServiceError, request: Request) -> Response {
    answer::problem(error.app_error(who.request_id), FrameAncestors::None, request).await
}

/// The field `password` of an URL-encoded form.
async fn password(headers: &http::HeaderMap, body: axum::body::Body) -> Result<String, ApiError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::new(ErrorCode::UnsupportedMediaType, "Send the password as a form.").into());
    }
    let too_large = || ApiError(AppError::new(ErrorCode::TooLarge, "The form is too large."));
    let bytes = Limited::new(body, FORM_BYTES)
        .collect()
        .await
        .map_err(|_| too_large())?
        .to_bytes();
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&bytes).map_err(|_| AppError::malformed("The form cannot be read."))?;
    let given = fields
        .into_iter()
        .find(|(name, _)| name == "password")
        .map(|(_, value)| value);
    given.ok_or_else(|| {
        AppError::malformed("The form has no password.")
            .with_field("password")
            .into()
    })
}

/// The cookie goes to this link only, and is gone with the proof.
fn remember(response: &mut Response, state: &AppState, token: &str, proof: &ShareProof) {
    let life = proof.expires_at - state.services().clock().now();
    let cookie = Cookie::build((PROOF_COOKIE, proof.value.clone()))
        .path(address(token))
        .http_only(true)
        .secure(state.settings().public_url.is_secure())
        .same_site(SameSite::Lax)
        .max_age(time::Duration::seconds(life.num_seconds().max(0)));
    if let Ok(value) = cookie.build().to_string().parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Only characters of a token get into the address, whatever was sent.
fn address(token: &str) -> String {
    let token: String = token
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    format!("/s/{token}")
}
