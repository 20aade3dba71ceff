use std::fmt::Display;

use axum::extract::FromRequestParts;
use http::{HeaderName, HeaderValue, header, request::Parts};
use shared::{AppError, ErrorCode};

use crate::error::ApiError;

/// An `ETag` header for one state of an object.
pub fn etag(state: impl Display) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{state}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    [(header::ETAG, value)]
}

/// The states `If-Match` names; `None` without the header, or for `*`.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<Vec<String>>);

impl IfMatch {
    /// # Errors
    /// 412 when the header names other states than the current one.
    pub fn check(&self, current: impl Display) -> Result<(), ApiError> {
        let current = format!("\"{current}\"");
        match &self.0 {
            Some(states) if !states.contains(&current) => Err(ApiError(AppError::new(
                ErrorCode::PreconditionFailed,
                "Someone else changed this first. Load it again and repeat your change.",
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the caller wants one of certain states, and no other.
    pub const fn names_states(&self) -> bool {
        self.0.is_some()
    }
}

impl IfMatch {
    /// The one version the header names, for objects whose state is a number.
    ///
    /// # Errors
    /// 412 when it names no number: no such version can be the current one.
    pub fn number(&self) -> Result<Option<u32>, ApiError> {
        let Some(states) = &self.0 else { return Ok(None) };
        let number = match states.as_slice() {
            [state] => state.trim_matches('"').parse().ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| {
            ApiError(AppError::new(
                ErrorCode::PreconditionFailed,
                "If-Match names no version.",
            ))
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value
            .to_str()
            .map_err(|_| ApiError(AppError::malformed("If-Match cannot be read.")))?;
        if text.trim() == "*" {
            return Ok(Self(None));
        }
        Ok(Self(Some(
            text.split(',')
                .map(|state| state.trim().trim_start_matches("W/").to_owned())
                .collect(),
        )))
    }
}
