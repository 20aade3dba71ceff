//! Speech with the page around a frame, in JSON-RPC 2.0 (`v: 1`): that it is ready, how high it is, when it needs a new
//! ticket; and back, the ticket. To the exact origins that may frame it and from them, never to or from everyone.

mod height;
mod message;
mod renewal;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use crate::components::dashboard::ReaderState;
use message::{Incoming, METHOD_NOT_FOUND, host_window, notify, refuse};

/// Starts the conversation in the browser, where there is a page around.
pub fn attach(reader: ReaderState) {
    Effect::new(move |_| {
        if host_window().is_none() {
            return;
        }
        let heard = window_event_listener(ev::message, move |event| hear(reader, &event));
        on_cleanup(move || heard.remove());
        notify(reader, "ready", &serde_json::json!({}));
        height::report(reader);
        renewal::watch(reader);
    });
}

/// Everything else than a message of the contract, from the page around, at an origin of the list, is not for us.
fn hear(reader: ReaderState, event: &web_sys::MessageEvent) {
    let from_host = match (event.source(), host_window()) {
        (Some(source), Some(host)) => JsValue::from(source) == JsValue::from(host),
        (Some(_) | None, _) => false,
    };
    let Some((embed, access)) = reader.embed() else { return };
    if !from_host || !access.origins.contains(&event.origin()) {
        return;
    }
    let Some(message) = Incoming::read(&event.data()) else {
        return;
    };
    match message.method.as_str() {
        "setToken" => renewal::renew(reader, embed, message),
        unknown => refuse(
            reader,
            message.id,
            METHOD_NOT_FOUND,
            &format!("This frame knows no `{unknown}`."),
        ),
    }
}
