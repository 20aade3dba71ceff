//! The one error that crosses the wire. What happened inside stays in the server's log, under the same request id.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::RequestId;

/// Closed set of reasons a request fails; `AppError::http_status` is the only table from reason to status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request cannot be read: broken JSON, bad header, bad id.
    Malformed,
    /// No identity, or an expired one.
    Unauthenticated,
    /// Cross-site request without proof of origin.
    CrossSite,
    /// Visible, but the role is too low.
    Forbidden,
    /// The session is good, but its person last proved who they are too long ago; see `POST /me/confirmation`.
    ConfirmationRequired,
    /// The instance asks for a second factor, and this account has none yet.
    SecondFactorRequired,
    /// Not there, or not visible to this principal.
    NotFound,
    MethodNotAllowed,
    /// Something else changed first (stale revision, taken name).
    Conflict,
    /// `If-Match` does not match.
    PreconditionFailed,
    /// It was here, and is gone on purpose (expired or revoked link, used set-up link).
    Gone,
    TooLarge,
    UnsupportedMediaType,
    HeadersTooLarge,
    /// Understood, but against a rule; `field` and `message` say which.
    Invalid,
    /// A file that could not be read as what it claims to be.
    UnreadableFile,
    TooManyRequests,
    /// The caller cancelled.
    Cancelled,
    UnknownField,
    UnreachableDimension,
    AmbiguousPath,
    FanOut,
    NonAdditive,
    /// More was asked for than the configured cap.
    Limit,
    /// A language feature this version does not have; named in the message.
    Unsupported,
    /// The data behind this was deleted.
    SourceGone,
    Unavailable,
    Timeout,
    OutOfMemory,
    StorageFull,
    Internal,
}

impl ErrorCode {
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated => 401,
            Self::CrossSite | Self::Forbidden | Self::ConfirmationRequired | Self::SecondFactorRequired => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::Gone | Self::SourceGone => 410,
            Self::PreconditionFailed => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid
            | Self::UnreadableFile
            | Self::UnknownField
            | Self::UnreachableDimension
            | Self::AmbiguousPath
            | Self::FanOut
            | Self::NonAdditive
            | Self::Limit
            | Self::Unsupported
            | Self::OutOfMemory => 422,
            Self::TooManyRequests => 429,
            Self::HeadersTooLarge => 431,
            Self::Cancelled => 499,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Timeout => 504,
            Self::StorageFull => 507,
        }
    }
}

/// What a caller is told. `message` is a full sentence for people, without SQL, paths, secrets or cell values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppError {
    pub code: ErrorCode,
    pub message: String,
    /// The input it is about: a JSON path or form field name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What could have been meant (field names, join paths).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// Seconds after which trying again makes sense (429, 503).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

impl AppError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            hint: None,
            candidates: Vec::new(),
            retry_after_s: None,
            request_id: None,
        }
    }

    /// The same words for "not there" and "not yours", so that nothing can be learned from the difference.
    pub fn not_found(noun: &str) -> Self {
        Self::new(
            ErrorCode::NotFound,
            format!("There is no such {noun}, or you have no access to it."),
        )
    }

    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message).with_field(field)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }

    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "Sign in to go on.")
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Malformed, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Conflict, message)
    }

    /// For defects only. The cause belongs in the log, not here.
    pub fn internal() -> Self {
        Self::new(
            ErrorCode::Internal,
            "Something went wrong on our side. Nothing was changed.",
        )
    }

    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn with_candidates(mut self, candidates: Vec<String>) -> Self {
        self.candidates = candidates;
        self
    }

    pub const fn http_status(&self) -> u16 {
        self.code.http_status()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for AppError {}

impl From<crate::names::NameError> for AppError {
    fn from(error: crate::names::NameError) -> Self {
        Self::new(ErrorCode::Invalid, error.to_string())
    }
}

/// The body of every error answer over REST: `{"error":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    pub error: AppError,
}
