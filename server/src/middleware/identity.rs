use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header, request::Parts};
use services::{
    Services,
    session::{ClientInfo, SessionService},
    token::TokenService,
};
use shared::{AppError, ids::RequestId, permission::Principal};
use tower_sessions::Session;

use super::{ClientAddress, current_request_id, session};
use crate::{error::ApiError, state::AppState};

/// Who sent a request; made once and handed to services.
#[derive(Clone, Debug)]
pub struct Authenticated {
    pub services: Services,
    pub principal: Principal,
    pub request_id: RequestId,
    pub client: ClientInfo,
}

/// Carried by a response: who had asked.
#[derive(Clone, Debug)]
pub struct AskedBy(pub Principal);

impl Authenticated {
    /// A service for this request: `who.service(DatasetService::new)`.
    pub fn service<S>(&self, make: fn(&Services, Principal, RequestId) -> S) -> S {
        make(&self.services, self.principal.clone(), self.request_id)
    }

    /// A request on behalf of nobody known: no cookie and no token was looked at.
    pub fn anonymous(state: &AppState, headers: &HeaderMap, address: Option<ClientAddress>) -> Self {
        Self {
            services: state.services().clone(),
            principal: Principal::Anonymous,
            request_id: current_request_id(),
            client: client_info(headers, address),
        }
    }
}

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let address = parts.extensions.get::<ClientAddress>().copied();
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self::anonymous(state, &parts.headers, address)))
    }
}

fn client_info(headers: &HeaderMap, address: Option<ClientAddress>) -> ClientInfo {
    ClientInfo {
        address: address.map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |address| address.0),
        user_agent: headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
    }
}

/// Finds out who sends the request: by its API token, and only without one by its session. The account behind either is read
/// anew each time, so that what was taken away is gone at once.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ClientAddress>().copied();
    let mut who = Authenticated::anonymous(&state, request.headers(), address);
    let principal = match bearer(request.headers()) {
        Some(Ok(token)) => by_token(&who, token).await,
        Some(Err(error)) => Err(error),
        None if session::is_claimed_twice(request.headers(), state.settings()) => Ok(Principal::Anonymous),
        None => by_session(&who, request.extensions().get::<Session>()).await,
    };
    match principal {
        Ok(principal) => who.principal = principal,
        Err(error) => return error.into_response(),
    }
    let asked = AskedBy(who.principal.clone());
    request.extensions_mut().insert(who);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(asked);
    response
}

/// Refuses anonymous requests before their body is read. Whom a second factor is asked of first, the services refuse.
pub async fn require_user(request: Request, next: Next) -> Response {
    let known = request
        .extensions()
        .get::<Authenticated>()
        .is_some_and(|who| who.principal.person().is_some());
    if known {
        next.run(request).await
    } else {
        ApiError(AppError::unauthenticated()).into_response()
    }
}

/// The token of an `Authorization` header; several of them, or another scheme, are refused rather than ignored.
pub fn bearer(headers: &HeaderMap) -> Option<Result<&str, ApiError>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let first = all.next()?;
    let token = first.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    Some(
        token
            .filter(|_| all.next().is_none())
            .ok_or_else(|| ApiError(AppError::unauthenticated())),
    )
}

async fn by_token(who: &Authenticated, token: &str) -> Result<Principal, ApiError> {
    let tokens = TokenService::new(&who.services, Principal::Anonymous, who.request_id);
    Ok(tokens.authenticate(token).await?)
}

async fn by_session(who: &Authenticated, session: Option<&Session>) -> Result<Principal, ApiError> {
    let Some(session) = session else {
        return Ok(Principal::Anonymous);
    };
    let Some(remembered) = session::remembered(session).await? else {
        return Ok(Principal::Anonymous);
    };
    let sessions = SessionService::new(&who.services, Principal::Anonymous, who.request_id);
    let principal = sessions.authenticate(&remembered).await?;
    if principal == Principal::Anonymous {
        session::end(session).await?;
    }
    Ok(principal)
}
