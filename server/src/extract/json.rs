use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};
use shared::{AppError, ErrorCode, json::Node};

use super::{
    json_names::NamedOnce,
    json_scan::{ScanProblem, scan},
};
use crate::{error::ApiError, state::AppState};

/// A JSON body, in and out. Reading is limited in bytes and depth; broken JSON is 400, JSON that does not fit is 422 with the
/// path of the field.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let RawJson(bytes) = RawJson::from_request(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// The bytes of a JSON body, within the limits of size and depth, that name no field twice.
#[derive(Clone, Debug)]
pub struct RawJson(pub Bytes);

impl FromRequest<AppState> for RawJson {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limits = &state.settings().limits;
        if !is_json(request.headers()) {
            let error = AppError::new(
                ErrorCode::UnsupportedMediaType,
                "Send JSON, with the header `Content-Type: application/json`.",
            );
            return Err(ApiError(error));
        }
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts.headers, body, limits.body_bytes).await?;
        check(&bytes, limits.json_depth)?;
        Ok(Self(bytes))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        Some(_) | None => true,
    });
    utf8 && (essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")))
}

/// Bytes of the body, as its sender says.
pub fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A whole body within `limit` bytes.
///
/// # Errors
/// 413 when it is larger, 400 when it breaks off.
pub async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let too_large = || {
        ApiError(AppError::new(
            ErrorCode::TooLarge,
            format!("The body is larger than {} KiB.", limit / 1024),
        ))
    };
    if declared_length(headers).is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large()),
        Err(_) => Err(ApiError(AppError::malformed("The body broke off before its end."))),
    }
}

/// Bytes that came as, or were turned into, JSON.
///
/// # Errors
/// As for a body.
pub fn parse_within<T: DeserializeOwned>(bytes: &[u8], depth: usize) -> Result<T, ApiError> {
    check(bytes, depth)?;
    parse(bytes)
}

fn check(bytes: &[u8], depth: usize) -> Result<(), ApiError> {
    scan(bytes, depth).map_err(|problem| match problem {
        ScanProblem::TooDeep => ApiError(AppError::malformed(format!(
            "The JSON is nested deeper than {depth} levels."
        ))),
        ScanProblem::NulCharacter => ApiError(AppError::new(
            ErrorCode::Invalid,
            "A text holds a NUL character, which cannot be kept.",
        )),
        ScanProblem::HugeNumber => ApiError(AppError::new(
            ErrorCode::Invalid,
            "A number is too large to be kept as it is.",
        )),
    })?;
    read::<NamedOnce>(bytes).map(|NamedOnce| ())
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // A list would be read as the fields of an object in the order they happen to be declared in.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(ApiError(AppError::new(
            ErrorCode::Invalid,
            "This does not fit: a list, expected an object.",
        )));
    }
    let value = read(bytes)?;
    serde_path_to_error::deserialize(Node(value)).map_err(|error| {
        let path = error.path().to_string();
        refusal(error.inner(), &path)
    })
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refusal(error.inner(), &path)
    })?;
    reader.end().map_err(|error| refusal(&error, "."))?;
    Ok(value)
}

fn refusal(error: &serde_json::Error, path: &str) -> ApiError {
    use serde_json::error::Category;
    let text = error.to_string();
    // serde_json's own position, without which the sentence is about the field.
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let broken_text = ["surrogate", "unicode code point", "end of hex escape"]
        .iter()
        .any(|words| reason.contains(words));
    let refusal = match error.classify() {
        Category::Syntax if broken_text => {
            AppError::new(ErrorCode::Invalid, "A text holds half of a Unicode character.")
        }
        Category::Syntax | Category::Eof | Category::Io => AppError::malformed(format!(
            "The JSON cannot be read: {reason} (line {}, column {}).",
            error.line(),
            error.column()
        )),
        Category::Data if reason.starts_with("duplicate field") => {
            AppError::malformed(format!("The JSON names a field twice: {reason}."))
        }
        Category::Data => AppError::new(ErrorCode::Invalid, format!("This does not fit: {reason}.")),
    };
    ApiError(if path == "." { refusal } else { refusal.with_field(path) })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "read by serde only")]
        list: Vec<u8>,
    }

    fn refused(text: &str) -> AppError {
        parse_within::<Body>(text.as_bytes(), 64).unwrap_err().0
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let wrong = refused(r#"{"list":[1,"x"]}"#);
        assert_eq!((wrong.http_status(), wrong.field.as_deref()), (422, Some("list[1]")));
        assert_eq!(refused(r#"{"list":[],"other":1}"#).http_status(), 422);
        for broken in [
            "",
            "{",
            r#"{"list":[1,]}"#,
            r#"{"list":[NaN]}"#,
            r#"{"list":[]} x"#,
            r#"{"list":[],"list":[]}"#,
        ] {
            assert_eq!(refused(broken).http_status(), 400, "{broken}");
        }
        assert_eq!(refused(r#"{"list":["\ud800"]}"#).http_status(), 422);
        assert_eq!(refused(" [[1]]").http_status(), 422);
    }

    #[test]
    fn only_json_in_utf8_is_json() {
        let headers =
            |kind: &'static str| HeaderMap::from_iter([(header::CONTENT_TYPE, http::HeaderValue::from_static(kind))]);
        assert!(is_json(&headers("application/json")) && is_json(&headers("application/json; charset=UTF-8")));
        for kind in [
            "text/plain",
            "application/json; charset=utf-16",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is_json(&headers(kind)), "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
