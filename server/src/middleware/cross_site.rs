use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, Method, header};
use shared::{AppError, ErrorCode};

use crate::{config::PublicUrl, error::ApiError, state::AppState};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses unsafe methods that another site could have caused: a browser adds the cookie by itself, so the request must prove
/// that our own page sent it. API tokens are never added by a browser and need no proof.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // No route takes other methods than these and the safe ones.
    let safe = !matches!(
        *request.method(),
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE
    );
    let headers = request.headers();
    if safe || headers.contains_key(header::AUTHORIZATION) || proves_own_site(headers, &state.settings().public_url) {
        return next.run(request).await;
    }
    let error = AppError::new(ErrorCode::CrossSite, "This request does not prove that it comes from Sightline itself.").with_hint(
        "Programs send an API token (`Authorization: Bearer …`); browsers must open Sightline under its configured address.",
    );
    ApiError(error).into_response()
}

/// Both headers, when present, must agree; neither present proves nothing.
fn proves_own_site(headers: &HeaderMap, own: &PublicUrl) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &http::HeaderValue| value.to_str().unwrap_or("unreadable"))
    };
    let site = text(FETCH_SITE);
    let origin = text(header::ORIGIN);
    match (site, origin) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => own.is_own_origin(origin),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::config::Source;

    fn judged(pairs: &[(HeaderName, &'static str)]) -> bool {
        let own = PublicUrl::from_source(
            &Source::from_environment([("SIGHTLINE_PUBLIC_URL", "https://bi.example.com".to_owned())]),
            "127.0.0.1:3000".parse().unwrap(),
        );
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        proves_own_site(&headers, &own.unwrap())
    }

    #[test]
    fn only_our_own_pages_pass() {
        assert!(judged(&[(FETCH_SITE, "same-origin")]));
        assert!(judged(&[(header::ORIGIN, "https://bi.example.com")]));
        assert!(!judged(&[]));
        assert!(!judged(&[(header::ORIGIN, "null")]));
        assert!(!judged(&[(header::ORIGIN, "https://evil.example")]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(
                !judged(&[(FETCH_SITE, site), (header::ORIGIN, "https://bi.example.com")]),
                "{site}"
            );
        }
    }
}
