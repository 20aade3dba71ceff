use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, Method, header};
use serde_json::Value;

use super::{describe, page};
use crate::{
    error::ApiError,
    routes::{Content, Policy, Route, route, table},
    state::AppState,
};

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/api/openapi.json",
            Policy::Public,
            "This description",
            document,
        )
        .answers::<Value>(200)
        .about("documentation"),
        route(
            Method::GET,
            "/api/docs",
            Policy::Public,
            "This description, to read and to try",
            docs,
        )
        .answers_content(Content::Html)
        .about("documentation"),
    ]
}

async fn document(State(state): State<AppState>) -> axum::Json<Value> {
    axum::Json(describe(&table(), state.settings().public_url.as_str()))
}

async fn docs(State(state): State<AppState>) -> Result<Response, ApiError> {
    let nonce = services::secrets::random_token()?;
    let document = describe(&table(), state.settings().public_url.as_str());
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Html(page::render(&document, &nonce)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
