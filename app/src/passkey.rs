//! Passkeys in the browser: options of the server go in as JSON, and what the authenticator answers comes out as JSON.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use shared::{AppError, ErrorCode};
use wasm_bindgen::{JsCast, JsValue};

use crate::WireError;

/// Whether this browser can use passkeys here: it knows them, and the page was reached by a name.
pub fn are_possible_here() -> bool {
    let known = Reflect::get(&js_sys::global(), &"PublicKeyCredential".into()).is_ok_and(|kind| kind.is_function());
    let host = web_sys::window().and_then(|window| window.location().hostname().ok());
    known && host.is_some_and(|host| !host.starts_with('[') && host.parse::<std::net::Ipv4Addr>().is_err())
}

/// Makes a new passkey.
///
/// # Errors
/// When this browser has none, or the person or the device refused.
pub async fn create(options: &Value) -> Result<Value, WireError> {
    exchange("create", "parseCreationOptionsFromJSON", options).await
}

/// Asks for a passkey that was made before.
///
/// # Errors
/// As [`create`].
pub async fn get(options: &Value) -> Result<Value, WireError> {
    exchange("get", "parseRequestOptionsFromJSON", options).await
}

async fn exchange(verb: &str, parse: &str, options: &Value) -> Result<Value, WireError> {
    let asked = ask(verb, parse, options).map_err(|_| unknown_here())?;
    let answer = wasm_bindgen_futures::JsFuture::from(asked)
        .await
        .map_err(|_| refused())?;
    // Writes the credential by way of its own `toJSON`.
    let text = JSON::stringify(&answer).map_err(|_| unknown_here())?;
    serde_json::from_str(&String::from(text)).map_err(|_| unknown_here().into())
}

fn ask(verb: &str, parse: &str, options: &Value) -> Result<Promise, JsValue> {
    let window = js_sys::global();
    let kind = Reflect::get(&window, &"PublicKeyCredential".into())?;
    let parse: Function = Reflect::get(&kind, &parse.into())?.dyn_into()?;
    let public_key = parse.call1(&kind, &JSON::parse(&options.to_string())?)?;
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &public_key)?;
    let navigator = Reflect::get(&window, &"navigator".into())?;
    let credentials = Reflect::get(&navigator, &"credentials".into())?;
    let verb: Function = Reflect::get(&credentials, &verb.into())?.dyn_into()?;
    verb.call1(&credentials, &request)?.dyn_into()
}

fn unknown_here() -> AppError {
    AppError::new(ErrorCode::Unsupported, "This browser does not know passkeys here.")
        .with_hint("Use another browser, or another way.")
}

fn refused() -> WireError {
    AppError::new(ErrorCode::Cancelled, "No passkey was given.")
        .with_hint("Try again, or use another way.")
        .into()
}
