use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use crate::components::dashboard::ReaderState;

/// Codes of JSON-RPC 2.0.
pub const METHOD_NOT_FOUND: i32 = -32_601;
pub const INVALID_PARAMS: i32 = -32_602;
/// The server's own refusals; their text code stands in `data`.
pub const REFUSED: i32 = -32_000;

/// What a host may send.
#[derive(Clone, Debug, Deserialize)]
pub struct Incoming {
    jsonrpc: String,
    v: u32,
    /// Absent: no answer is wanted.
    #[serde(default)]
    pub id: Option<Value>,
    pub method: String,
    #[serde(default)]
    pub params: Value,
}

impl Incoming {
    /// `None` for what is no message of this contract.
    pub fn read(data: &JsValue) -> Option<Self> {
        let text = js_sys::JSON::stringify(data).ok()?.as_string()?;
        let message: Self = crate::wire::read(&text).ok()?;
        (message.jsonrpc == "2.0" && message.v == 1).then_some(message)
    }
}

/// The window around this frame; `None` when the page stands alone.
pub fn host_window() -> Option<web_sys::Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok()??;
    (parent != window).then_some(parent)
}

pub fn notify(reader: ReaderState, method: &str, params: &Value) {
    send(
        reader,
        &json!({ "jsonrpc": "2.0", "v": 1, "method": method, "params": params }),
    );
}

/// Answers a request that wanted an answer.
pub fn accept(reader: ReaderState, id: Option<Value>) {
    if let Some(id) = id {
        send(reader, &json!({ "jsonrpc": "2.0", "v": 1, "id": id, "result": {} }));
    }
}

/// As [`accept`], when it was not done.
pub fn refuse(reader: ReaderState, id: Option<Value>, code: i32, message: &str) {
    if let Some(id) = id {
        let error = json!({ "code": code, "message": message });
        send(reader, &json!({ "jsonrpc": "2.0", "v": 1, "id": id, "error": error }));
    }
}

fn send(reader: ReaderState, message: &Value) {
    let (Some(host), Some((_, access))) = (host_window(), reader.embed()) else {
        return;
    };
    let Ok(message) = js_sys::JSON::parse(&message.to_string()) else {
        return;
    };
    for origin in &access.origins {
        // The browser delivers only to the origin that the host really has.
        if let Err(error) = host.post_message(&message, origin) {
            leptos::logging::warn!("the host could not be told: {error:?}");
        }
    }
}
