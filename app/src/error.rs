//! The product's one error, dressed so that server functions can return it.

use std::fmt;

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use shared::{AppError, ErrorCode};

use crate::wire::WireEncoding;

/// `AppError` for Leptos, so that `shared` stays free of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WireError(pub AppError);

impl fmt::Display for WireError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl std::error::Error for WireError {}

impl From<AppError> for WireError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl FromServerFnError for WireError {
    type Encoder = WireEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Request(_) => AppError::new(ErrorCode::Unavailable, "The server did not answer.")
                .with_hint("What you did is kept here. Check your connection and try again."),
            ServerFnErrorErr::Args(reason) | ServerFnErrorErr::MissingArg(reason) => AppError::malformed(reason),
            ServerFnErrorErr::Deserialization(_) => {
                AppError::new(ErrorCode::Unavailable, "The server's answer could not be read.")
                    .with_hint("Reload the page; the server may have been updated.")
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => AppError::internal(),
        };
        Self(error)
    }
}
