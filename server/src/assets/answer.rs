use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use shared::AppError;

use super::embedded::{Asset, find, served};
use crate::{
    error::ApiError,
    extract::Path,
    routes::{Content, Policy, Route, route},
};

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");

pub fn routes() -> Vec<Route> {
    let file = Content::Text("application/octet-stream");
    vec![
        route(
            Method::GET,
            "/assets/{*path}",
            Policy::Public,
            "A file of the pages",
            asset,
        )
        .answers_content(file),
        route(Method::GET, "/favicon.ico", Policy::Public, "The icon", favicon).answers_content(file),
        route(
            Method::GET,
            "/robots.txt",
            Policy::Public,
            "Nothing here is for search engines",
            robots,
        )
        .answers_content(Content::Text("text/plain")),
    ]
    .into_iter()
    .map(|route| route.about("files"))
    .collect()
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    match served(&path) {
        Some(asset) => Ok(answer(asset, &headers)),
        None => Err(AppError::not_found("file").into()),
    }
}

async fn favicon(headers: HeaderMap) -> Result<Response, ApiError> {
    match find("favicon.ico").or_else(|| find("favicon.svg")) {
        Some(asset) => Ok(answer(asset, &headers)),
        None => Err(AppError::not_found("file").into()),
    }
}

async fn robots() -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "User-agent: *\nDisallow: /\n",
    )
        .into_response()
}

/// The smallest form the client takes; nothing but headers when the client has it already.
fn answer(asset: &'static Asset, request: &HeaderMap) -> Response {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (coding, bytes) = match (asset.brotli, asset.gzip) {
        (Some(brotli), _) if accepts(accepted, "br") => (Some("br"), brotli),
        (_, Some(gzip)) if accepts(accepted, "gzip") => (Some("gzip"), gzip),
        (_, _) => (None, asset.plain),
    };
    let short_digest = asset.digest.get(..32).unwrap_or(asset.digest);
    let tag = format!(
        "\"{short_digest}{}\"",
        coding.map(|coding| format!("-{coding}")).unwrap_or_default()
    );
    let known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|candidate| candidate.trim().trim_start_matches("W/") == tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(Bytes::from_static(bytes)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        if asset.immutable { IMMUTABLE } else { REVALIDATED },
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Embedded pages lie in frames of other sites, and some of those ask for this.
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    response
}

/// Whether an `Accept-Encoding` takes a coding: named, or by `*`, and not with weight 0.
fn accepts(header: &str, coding: &str) -> bool {
    let mut by_star = false;
    for entry in header.split(',') {
        let mut parts = entry.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight == 0.0))
        });
        if name.eq_ignore_ascii_case(coding) {
            return !refused;
        }
        by_star |= name == "*" && !refused;
    }
    by_star
}

#[cfg(test)]
mod tests {
    use super::*;

    static SCRIPT: Asset = Asset {
        name: "app.js",
        path: "app-0123.js",
        content_type: "text/javascript; charset=utf-8",
        immutable: true,
        digest: "0123456789abcdef0123456789abcdef0123",
        plain: b"plain",
        brotli: Some(b"brotli"),
        gzip: Some(b"gzip"),
    };

    fn asked(pairs: &[(HeaderName, &'static str)]) -> Response {
        answer(
            &SCRIPT,
            &pairs
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
                .collect(),
        )
    }

    #[test]
    fn the_smallest_form_the_client_takes_is_sent() {
        let coding = |accepted| {
            asked(&[(header::ACCEPT_ENCODING, accepted)])
                .headers()
                .get(header::CONTENT_ENCODING)
                .cloned()
        };
        assert_eq!(coding("gzip, deflate, br"), Some(HeaderValue::from_static("br")));
        assert_eq!(coding("gzip, br;q=0"), Some(HeaderValue::from_static("gzip")));
        assert_eq!(coding("*"), Some(HeaderValue::from_static("br")));
        assert_eq!(coding("identity"), None);
        assert_eq!(
            asked(&[]).headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let tag = asked(&[(header::ACCEPT_ENCODING, "br")]).headers()[header::ETAG].clone();
        let again = |accepted| {
            let headers = HeaderMap::from_iter([
                (header::IF_NONE_MATCH, tag.clone()),
                (header::ACCEPT_ENCODING, HeaderValue::from_static(accepted)),
            ]);
            answer(&SCRIPT, &headers).status()
        };
        assert_eq!(again("br"), StatusCode::NOT_MODIFIED);
        assert_eq!(again("gzip"), StatusCode::OK);
    }
}
