//! What pages need of the browser: small, typed, and harmless on the server.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A time-ordered id for an object made here.
pub fn new_uuid() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// Milliseconds since 1970 by this device's clock.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since the page began, in fractions; for measuring.
pub fn performance_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// Pixels of the screen per px of the page.
pub fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// A moment as this device's clock on the wall would show it: "26 Nov 2026, 14:05".
pub fn local_time(at: chrono::DateTime<chrono::Utc>) -> String {
    let there = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.timestamp_millis() as f64));
    let behind_min = there.get_timezone_offset() as i64;
    let shown = at.naive_utc() - chrono::TimeDelta::minutes(behind_min);
    shown.format("%-d %b %Y, %H:%M").to_string()
}

/// Goes to another page with a full load (after signing in or out, when everything known is stale).
pub fn go_to(address: &str) {
    if let Some(window) = web_sys::window()
        && let Err(error) = window.location().set_href(address)
    {
        leptos::logging::warn!("could not go to {address}: {error:?}");
    }
}

/// A value kept on this device; `None` where storage is off.
pub fn stored(key: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Keeps `value` on this device; says whether that worked.
pub fn store(key: &str, value: Option<&str>) -> bool {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    match (storage, value) {
        (Some(storage), Some(value)) => storage.set_item(key, value).is_ok(),
        (Some(storage), None) => storage.remove_item(key).is_ok(),
        (None, _) => false,
    }
}

/// Copies text and tells `done` whether that worked.
pub fn copy_text(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    // Browsers keep it from pages without TLS.
    let Some(clipboard) = clipboard.filter(|clipboard| !clipboard.is_undefined()) else {
        done(false);
        return;
    };
    let promise = clipboard.write_text(text);
    leptos::task::spawn_local(async move { done(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()) });
}

/// Hands a text to the person as a file.
pub fn save_text(name: &str, text: &str) {
    let save = || -> Result<(), wasm_bindgen::JsValue> {
        let parts = js_sys::Array::of1(&text.into());
        let blob = web_sys::Blob::new_with_str_sequence(&parts)?;
        let address = web_sys::Url::create_object_url_with_blob(&blob)?;
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = document {
            let link: web_sys::HtmlElement = document.create_element("a")?.unchecked_into();
            link.set_attribute("href", &address)?;
            link.set_attribute("download", name)?;
            link.click();
        }
        web_sys::Url::revoke_object_url(&address)
    };
    if let Err(error) = save() {
        leptos::logging::warn!("the file could not be saved: {error:?}");
    }
}

/// Runs `action` after `delay_ms`; the returned handle cancels it.
pub fn after(delay_ms: u64, action: impl FnOnce() + 'static) -> Option<TimeoutHandle> {
    set_timeout_with_handle(action, std::time::Duration::from_millis(delay_ms)).ok()
}

/// The element of an event's target, as `T`.
pub fn target<T: JsCast>(event: &web_sys::Event) -> Option<T> {
    event.target().and_then(|target| target.dyn_into::<T>().ok())
}

/// Did the event happen on an element that matches `selector`, or inside of one?
pub fn within(event: &web_sys::Event, selector: &str) -> bool {
    target::<web_sys::Element>(event).is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Controls: clicks on them mean them and nothing around them.
pub const CONTROLS: &str = "button, a, input, textarea, select, summary";

/// Says in the document that the browser part runs, for tests and for whoever styles by it.
pub fn mark_hydrated() {
    if let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
        && root.set_attribute("data-hydrated", "true").is_err()
    {
        leptos::logging::warn!("the document could not be marked");
    }
}

/// An action of the browser. The server only draws its button: what it would do must not be kept there, because a page is
/// dropped on another thread than it was made on.
pub fn action<I, O, F, Work>(work: F) -> leptos::prelude::Action<I, O>
where
    I: Send + Sync + 'static,
    O: Send + Sync + 'static,
    F: Fn(&I) -> Work + 'static,
    Work: Future<Output = O> + 'static,
{
    if cfg!(feature = "ssr") {
        leptos::prelude::Action::new(|_: &I| std::future::pending::<O>())
    } else {
        leptos::prelude::Action::new_local(work)
    }
}
