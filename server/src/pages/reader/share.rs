use app::{components::dashboard::ReaderSource, reader::load};
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use http::header;
use services::{
    ServiceError, WorkspaceSelector,
    reader::ReaderService,
    share::{OpenShare, ShareDoor, ShareOpening, ShareProof, ShareService},
};
use shared::{AppError, ErrorCode, account::ThemeChoice, permission::Principal};

use super::{answer, form};
use crate::{
    AppState,
    error::ApiError,
    extract::Path,
    middleware::{Authenticated, FrameAncestors},
    routes::PROOF_COOKIE,
};

/// The page of a link: the dashboard, the question for its password, or why it does not open.
pub async fn page(
    State(state): State<AppState>,
    who: Authenticated,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    if let Some(token) = token.strip_suffix(".csv") {
        // Below the link's own address, where the cookie of its password goes.
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        return Redirect::temporary(&format!("{}/csv{query}", address(token))).into_response();
    }
    let cookies = CookieJar::from_headers(request.headers());
    let proof = cookies.get(PROOF_COOKIE).map(Cookie::value);
    let opening = who
        .service(ShareService::new)
        .open(&token, proof, ShareDoor::Page, who.client.address)
        .await;
    match opening {
        Ok(ShareOpening::Open(open)) => opened(&state, &who, &token, *open, request).await,
        Ok(ShareOpening::NeedsPassword) => answer::password(asked(&token, &request), false, request).await,
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
            answer::dashboard(page, ThemeChoice::Auto, FrameAncestors::None, request).await
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
            let mut response = Redirect::to(&asked(&token, &again)).into_response();
            remember(&mut response, &state, &token, &proof);
            response
        }
        Err(error) => {
            let refusal = error.app_error(who.request_id);
            let wrong = refusal.code == ErrorCode::Unauthenticated;
            if wrong {
                answer::password(asked(&token, &again), true, again).await
            } else {
                answer::problem(refusal, FrameAncestors::None, again).await
            }
        }
    }
}

/// The link's address with the filter state that was asked for.
fn asked(token: &str, request: &Request) -> String {
    match request.uri().query() {
        Some(query) => format!("{}?{query}", address(token)),
        None => address(token),
    }
}

async fn refused(who: &Authenticated, error: &ServiceError, request: Request) -> Response {
    answer::problem(error.app_error(who.request_id), FrameAncestors::None, request).await
}

/// The field `password` of the form.
async fn password(headers: &http::HeaderMap, body: axum::body::Body) -> Result<String, ApiError> {
    let given = form::pairs(headers, body)
        .await?
        .into_iter()
        .find(|(name, _)| name == "password");
    given.map(|(_, password)| password).ok_or_else(|| {
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
