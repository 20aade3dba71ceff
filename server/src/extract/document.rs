use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::Options;
use shared::AppError;

use super::json::{Json, parse_within, read_body};
use crate::{error::ApiError, state::AppState};

/// A document that people write by hand: JSON, or YAML with `Content-Type: application/yaml`. Either is read by the same rules.
#[derive(Clone, Copy, Debug)]
pub struct Document<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Document<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !is_yaml(request.headers()) {
            return Json::from_request(request, state).await.map(|Json(value)| Self(value));
        }
        let limits = &state.settings().limits;
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, limits.body_bytes).await?;
        let json = json_of(&bytes, limits.json_depth, limits.body_bytes)?;
        parse_within(&json, limits.json_depth).map(Self)
    }
}

fn is_yaml(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    ["application/yaml", "application/x-yaml", "text/yaml"]
        .iter()
        .any(|yaml| essence.eq_ignore_ascii_case(yaml))
}

/// The same document as JSON. `no` and `01` stay texts; aliases may not blow it up.
fn json_of(yaml: &[u8], depth: usize, limit: usize) -> Result<Vec<u8>, ApiError> {
    let text = str::from_utf8(yaml).map_err(|_| AppError::malformed("The YAML is no UTF-8 text."))?;
    let value: Value = serde_saphyr::from_str_with_options(text, options(depth, limit)).map_err(|error| {
        let reason = error.to_string();
        // Only the first line is a sentence; the rest points at the source with a drawing.
        let reason = reason.lines().next().unwrap_or_default();
        AppError::malformed(format!("The YAML cannot be read: {reason}."))
    })?;
    serde_json::to_vec(&value).map_err(|_| AppError::internal().into())
}

fn options(depth: usize, limit: usize) -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: depth,
            max_documents: 1,
            max_total_scalar_bytes: limit,
        },
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<Value, AppError> {
        let json = json_of(yaml.as_bytes(), 64, 1 << 20).map_err(|error| error.0)?;
        parse_within(&json, 64).map_err(|error| error.0)
    }

    #[test]
    fn yaml_says_what_it_looks_like() {
        let read =
            read("model: shop # ours\ncountry: no\ncode: 01\ntables:\n  - {name: orders, hidden: true, width: 2.5}\n");
        let same = serde_json::json!({"model": "shop", "country": "no", "code": "01",
            "tables": [{"name": "orders", "hidden": true, "width": 2.5}]});
        assert_eq!(read, Ok(same));
    }

    #[test]
    fn hostile_yaml_is_refused_in_one_line() {
        let deep = "[".repeat(5_000);
        let steps: String = (1..12)
            .map(|step| {
                format!(
                    "a{step}: &a{step} [{}]\n",
                    vec![format!("*a{}", step - 1); 10].join(",")
                )
            })
            .collect();
        let laughs = format!("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{steps}");
        for bad in ["a: [", "a: 1\na: 2", &deep, &laughs, "a: 1\n---\nb: 2", "a: \"\\0\""] {
            let refusal = read(bad).unwrap_err();
            assert!(
                matches!(refusal.http_status(), 400 | 422) && !refusal.message.contains('\n'),
                "{refusal:?}"
            );
        }
    }
}
