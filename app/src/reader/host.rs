//! What a frame tells the page around it: that it is ready, and how high it is. Sent to the exact origins that may frame
//! it, never to everyone.

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// JSON-RPC 2.0 notification, version 1 of the contract.
fn notify(origins: &[String], method: &str, params: &serde_json::Value) {
    let Some(window) = web_sys::window() else { return };
    let Ok(Some(parent)) = window.parent() else { return };
    let message = json!({ "jsonrpc": "2.0", "v": 1, "method": method, "params": params }).to_string();
    let Ok(message) = js_sys::JSON::parse(&message) else {
        return;
    };
    for origin in origins {
        // The browser delivers only to the origin that the parent really has.
        if let Err(error) = parent.post_message(&message, origin) {
            leptos::logging::warn!("the host could not be told: {error:?}");
        }
    }
}

/// Says `ready` once, and `resized {h}` whenever the content's height changes.
pub fn announce(origins: Vec<String>) {
    Effect::new(move |_| {
        let Some(body) = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.body())
        else {
            return;
        };
        notify(&origins, "ready", &json!({}));
        let (measured, told) = (body.clone(), origins.clone());
        let mut last = 0;
        let callback = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            let height = measured.scroll_height();
            if height != last {
                last = height;
                notify(&told, "resized", &json!({ "h": height }));
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&body);
            let kept = send_wrapper::SendWrapper::new((observer, callback));
            on_cleanup(move || kept.0.disconnect());
        }
    });
}
