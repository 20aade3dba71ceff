use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use services::audit::Caller;
use shared::ids::RequestId;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{ClientAddress, Peer};
use crate::{metrics, state::AppState};

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of the request this task answers; outside of a request a new one.
pub fn current_request_id() -> RequestId {
    CURRENT
        .try_with(|id| *id)
        .unwrap_or_else(|_| RequestId::from(Uuid::now_v7()))
}

/// `work` with this request's id, caller and log span, for a task that goes on when the client leaves.
pub fn for_this_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let work = Caller::current().scope(work);
    CURRENT.scope(current_request_id(), work).in_current_span()
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Gives the request its id and its client's address, and writes one log line when it is answered. Paths are logged as their
/// pattern (`/s/{token}`) and queries not at all, so that no token or ticket reaches the log.
pub async fn trace_requests(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::from(Uuid::now_v7());
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0);
    let client = state
        .settings()
        .trusted_proxies
        .client(peer, forwarded_for(request.headers()).as_deref());
    let method = request.method().clone();
    let path = pattern(&request);
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(ClientAddress(client));
    let span = tracing::info_span!("request", request.id = %id);
    let answer = Caller::at(client).scope(next.run(request).instrument(span.clone()));
    let mut response = CURRENT.scope(id, answer).await;
    let status = response.status().as_u16();
    let duration = started.elapsed();
    metrics::answered(&method, &path, status, duration);
    if status >= 500 {
        state.services().note_broken();
    }
    let duration_ms = duration.as_micros() as f64 / 1000.0;
    span.in_scope(|| {
        tracing::info!(http.method = %method, http.path = path, http.status = status, duration_ms, client.address = %client, "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Several headers are one list.
fn forwarded_for(headers: &HeaderMap) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The pattern of the request's address, such as `/s/{token}`: nothing secret is in it.
pub fn pattern(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| unmatched(request.uri()).to_owned(), |path| path.as_str().to_owned())
}

/// What is kept of an address no route knows: its first part, which holds no secret.
fn unmatched(uri: &Uri) -> &'static str {
    match uri.path().split('/').nth(1) {
        Some("api") => "/api/…",
        Some("assets") => "/assets/…",
        Some(_) | None => "/…",
    }
}
