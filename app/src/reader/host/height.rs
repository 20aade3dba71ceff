use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::message::notify;
use crate::components::dashboard::ReaderState;

/// Says `resized {h}` (px) whenever the height of the content changes.
pub fn report(reader: ReaderState) {
    let body = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.body());
    let Some(body) = body else { return };
    let measured = body.clone();
    let mut last = 0;
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        let height = measured.scroll_height();
        if height != last {
            last = height;
            notify(reader, "resized", &serde_json::json!({ "h": height }));
        }
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(&body);
        let kept = send_wrapper::SendWrapper::new((observer, callback));
        on_cleanup(move || kept.0.disconnect());
    }
}
