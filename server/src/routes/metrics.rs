use std::net::IpAddr;

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use services::secrets::Digest;
use shared::AppError;

use super::{Content, Policy, Route, route};
use crate::{
    error::ApiError,
    metrics,
    middleware::{Peer, bearer},
    state::AppState,
};

/// Prometheus' text form.
const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/metrics",
            Policy::Public,
            "Counts and durations for Prometheus; for this machine, or with the token of SIGHTLINE_METRICS_TOKEN",
            read,
        )
        .answers_content(Content::Text(KIND))
        .about("health"),
    ]
}

async fn read(
    State(state): State<AppState>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let peer = peer.map(|Extension(Peer(address))| address);
    if !may_read(state.settings().metrics_token.as_deref(), peer, &headers)? {
        return Err(AppError::not_found("page").into());
    }
    Ok(([(header::CONTENT_TYPE, KIND)], metrics::text(state.services())).into_response())
}

/// With a token whoever has it; without one this machine, unless a proxy on it speaks for somebody.
fn may_read(token: Option<&str>, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<bool, ApiError> {
    match token {
        Some(token) => match bearer(headers).transpose()? {
            Some(given) => Ok(Digest::of(given).matches_hex(&Digest::of(token).to_hex())),
            None => Err(AppError::unauthenticated().into()),
        },
        None => {
            let is_forwarded = ["x-forwarded-for", "forwarded", "x-real-ip", "via"]
                .iter()
                .any(|name| headers.contains_key(*name));
            Ok(!is_forwarded && peer.is_some_and(|peer| peer.to_canonical().is_loopback()))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn without_a_token_only_this_machine_reads() {
        let (here, there) = (Some([127, 0, 0, 1].into()), Some([192, 0, 2, 1].into()));
        let plain = HeaderMap::new();
        assert!(may_read(None, here, &plain).unwrap());
        assert!(!may_read(None, there, &plain).unwrap());
        assert!(!may_read(None, None, &plain).unwrap());
        let forwarded = HeaderMap::from_iter([(
            header::HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static("192.0.2.1"),
        )]);
        assert!(!may_read(None, here, &forwarded).unwrap());
    }

    #[test]
    fn with_a_token_whoever_has_it_reads() {
        let with = |token: &str| {
            let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
            HeaderMap::from_iter([(header::AUTHORIZATION, value)])
        };
        let there = Some([192, 0, 2, 1].into());
        assert!(may_read(Some("a long enough token"), there, &with("a long enough token")).unwrap());
        assert!(!may_read(Some("a long enough token"), there, &with("another")).unwrap());
        assert!(may_read(Some("a long enough token"), there, &HeaderMap::new()).is_err());
    }
}
