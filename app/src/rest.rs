//! Calls of the REST API from the browser, for what is about HTTP itself: sessions, set-up, uploads.

use serde::{Serialize, de::DeserializeOwned};
use shared::{AppError, ErrorCode, error::ErrorBody};

use crate::{WireError, wire};

fn unreachable() -> WireError {
    AppError::new(ErrorCode::Unavailable, "The server did not answer.")
        .with_hint("Check your connection and try again.")
        .into()
}

/// Fetches a text with a bearer.
///
/// # Errors
/// As [`send`].
pub async fn text(address: &str, bearer: &str) -> Result<String, WireError> {
    let request = gloo_net::http::Request::get(address).header("Authorization", &format!("Bearer {bearer}"));
    let response = request.send().await.map_err(|_| unreachable())?;
    let ok = response.ok();
    let text = response.text().await.map_err(|_| unreachable())?;
    if ok { Ok(text) } else { Err(refused(&text)) }
}

/// Fetches JSON with the session of this browser.
///
/// # Errors
/// As [`send`].
pub async fn get<Answer: DeserializeOwned>(address: &str) -> Result<Answer, WireError> {
    let request = gloo_net::http::Request::get(address);
    let response = request.send().await.map_err(|_| unreachable())?;
    let ok = response.ok();
    let text = response.text().await.map_err(|_| unreachable())?;
    if ok {
        wire::read(&text).map_err(|_| unreachable())
    } else {
        Err(refused(&text))
    }
}

fn refused(answer: &str) -> WireError {
    wire::read::<ErrorBody>(answer).map_or_else(|_| unreachable(), |body| body.error.into())
}

/// Sends JSON and reads JSON; an empty answer reads as JSON null.
///
/// # Errors
/// The server's own error, or `unavailable` when it cannot be reached.
pub async fn send<Body: Serialize, Answer: DeserializeOwned>(
    method: &str,
    address: &str,
    body: &Body,
    bearer: Option<&str>,
) -> Result<Answer, WireError> {
    let body = wire::write(body).map_err(|_| unreachable())?;
    let text = exchange(method, address, body, bearer).await?;
    wire::read(&text).map_err(|_| unreachable())
}

/// The part of [`send`] that is the same for all types.
async fn exchange(method: &str, address: &str, body: String, bearer: Option<&str>) -> Result<String, WireError> {
    let request = gloo_net::http::RequestBuilder::new(address)
        .method(method.parse().map_err(|_| unreachable())?)
        .header("Content-Type", "application/json");
    let request = match bearer {
        Some(bearer) => request.header("Authorization", &format!("Bearer {bearer}")),
        None => request,
    };
    let request = request.body(body).map_err(|_| unreachable())?;
    let response = request.send().await.map_err(|_| unreachable())?;
    let text = response.text().await.map_err(|_| unreachable())?;
    if response.ok() { Ok(text) } else { Err(refused(&text)) }
}
