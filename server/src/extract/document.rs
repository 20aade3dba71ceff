use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
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
    kind.is_some_and(names_yaml)
}

fn names_yaml(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim();
    ["application/yaml", "application/x-yaml", "text/yaml"]
        .iter()
        .any(|yaml| essence.eq_ignore_ascii_case(yaml))
}

/// How a document is answered: as YAML to whoever asks for it by `Accept`, as JSON to everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    Json,
    Yaml,
}

impl<S: Sync> FromRequestParts<S> for DocumentFormat {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get_all(header::ACCEPT).iter();
        let mut kinds = accepted
            .filter_map(|kinds| kinds.to_str().ok())
            .flat_map(|kinds| kinds.split(','));
        Ok(if kinds.any(names_yaml) { Self::Yaml } else { Self::Json })
    }
}

impl DocumentFormat {
    /// # Errors
    /// 500 for what cannot be written, which no document is.
    pub fn answer<T: Serialize>(self, document: &T) -> Result<Response, ApiError> {
        let differs = [(header::VARY, "accept")];
        Ok(match self {
            Self::Json => (differs, Json(document)).into_response(),
            Self::Yaml => {
                let kind = [(header::CONTENT_TYPE, "application/yaml")];
                (differs, kind, yaml_of(document)?).into_response()
            }
        })
    }
}

/// What is a text stays one to every reader of YAML: `no` and `01` are quoted. No line is folded.
fn yaml_of<T: Serialize>(document: &T) -> Result<String, ApiError> {
    // By way of JSON, so that both forms say the same.
    let value = serde_json::to_value(document).map_err(|_| AppError::internal())?;
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(&value, options).map_err(|_| AppError::internal().into())
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
    fn what_is_written_is_read_as_the_same() {
        let texts = [
            "",
            " ",
            "no",
            "Yes",
            "on",
            "~",
            "null",
            "true",
            "01",
            "1",
            "1.5",
            "-3e5",
            "1_000",
            "0x1F",
            "0o7",
            ".inf",
            ".nan",
            "12:30",
            "2026-11-20",
            "a: b",
            "# c",
            "a #b",
            "- x",
            "? x",
            "[x]",
            "{x}",
            "&a",
            "*a",
            "!t",
            "%d",
            "@x",
            "`x",
            "'",
            "\"",
            "\\",
            "<<",
            "---",
            "...",
            "a\nb",
            "a\n",
            "\n\na",
            "  lead\n  more\n",
            "end ",
            "tab\t",
            "CR\r\nLF",
            "\u{85}\u{2028}\u{feff}",
            "\u{1}\u{7f}",
            "Größe 🎈",
            "SELECT a,\n  b -- c\nFROM t WHERE x = ':' AND y <> '#'",
        ];
        let long = format!("{} {}  x", "word ".repeat(60), "y".repeat(300));
        let mut fields: serde_json::Map<String, Value> =
            texts.iter().map(|text| ((*text).to_owned(), (*text).into())).collect();
        fields.insert(long.clone(), long.into());
        let numbers = serde_json::json!([
            0,
            -1,
            1.5,
            1e300,
            9_007_199_254_740_993_i64,
            null,
            true,
            [],
            {},
            [[], [{}]]
        ]);
        fields.insert("numbers".to_owned(), numbers);
        let written = Value::Object(fields);
        let yaml = yaml_of(&written).map_err(|error| error.0).unwrap();
        assert_eq!(read(&yaml), Ok(written), "{yaml}");
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
