use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{StatusCode, header};
use services::audit::RefusedRequest;
use shared::{ErrorCode, permission::Principal};

use super::{current_request_id, identity::AskedBy, trace::pattern};
use crate::{error::ErrorNote, state::AppState};

/// Addresses that hold a secret, or take one in their body: that there is none of this name may be somebody guessing.
const GUESSABLE: [&str; 6] = [
    "/s/{token}",
    "/invite/{token}",
    "/api/v1/invites/{token}",
    "/api/v1/setup",
    "/api/v1/session/link",
    "/login/link",
];

/// Notes answers that refuse something for a reason of security, for the audit log. Services note what they know more about;
/// of one request only the first refusal counts.
pub async fn note_refusals(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let what = pattern(&request);
    let method = request.method().clone();
    let proves = request.headers().contains_key(header::AUTHORIZATION);
    let response = next.run(request).await;
    let code = match response.extensions().get::<ErrorNote>() {
        Some(note) => Some(note.0.code),
        None => code_of(response.status()),
    };
    if let Some(code) = code.filter(|code| is_of_security(*code, proves, &what)) {
        let asked = response.extensions().get::<AskedBy>();
        RefusedRequest {
            principal: asked.map_or(Principal::Anonymous, |asked| asked.0.clone()),
            code,
            what: format!("{method} {what}"),
            request_id: current_request_id(),
        }
        .note(state.services());
    }
    response
}

/// Pages and server functions say only by their status what became of a request.
fn code_of(status: StatusCode) -> Option<ErrorCode> {
    match status {
        StatusCode::UNAUTHORIZED => Some(ErrorCode::Unauthenticated),
        StatusCode::FORBIDDEN => Some(ErrorCode::Forbidden),
        StatusCode::TOO_MANY_REQUESTS => Some(ErrorCode::TooManyRequests),
        StatusCode::NOT_FOUND => Some(ErrorCode::NotFound),
        _ => None,
    }
}

/// All that has to do with who may do what. That nobody is signed in, a thing is not there or a form was filled in wrongly
/// does not.
fn is_of_security(code: ErrorCode, proves: bool, pattern: &str) -> bool {
    match code {
        ErrorCode::CrossSite | ErrorCode::Forbidden | ErrorCode::TooManyRequests => true,
        ErrorCode::Unauthenticated => proves,
        ErrorCode::NotFound => GUESSABLE.iter().any(|start| pattern.starts_with(start)),
        ErrorCode::Malformed
        | ErrorCode::ConfirmationRequired
        | ErrorCode::SecondFactorRequired
        | ErrorCode::MethodNotAllowed
        | ErrorCode::Conflict
        | ErrorCode::PreconditionFailed
        | ErrorCode::Gone
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::HeadersTooLarge
        | ErrorCode::Invalid
        | ErrorCode::UnreadableFile
        | ErrorCode::Cancelled
        | ErrorCode::UnknownField
        | ErrorCode::UnreachableDimension
        | ErrorCode::AmbiguousPath
        | ErrorCode::FanOut
        | ErrorCode::NonAdditive
        | ErrorCode::Limit
        | ErrorCode::Unsupported
        | ErrorCode::SourceGone
        | ErrorCode::Unavailable
        | ErrorCode::Timeout
        | ErrorCode::OutOfMemory
        | ErrorCode::StorageFull
        | ErrorCode::Internal => false,
    }
}
