//! The colours of the page's look as numbers, for what is drawn without its style sheet.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlCanvasElement, MediaQueryList, MutationObserver, MutationObserverInit};

use super::cloud_canvas::COLOURS;

/// The colours of members and of the rest, as they are on this canvas now.
pub fn colours_at(canvas: &HtmlCanvasElement) -> [[f32; 3]; COLOURS] {
    let mut colours = [[0.5; 3]; COLOURS];
    let Some(computed) = web_sys::window().and_then(|window| window.get_computed_style(canvas).ok().flatten()) else {
        return colours;
    };
    let style = web_sys::HtmlElement::style(canvas);
    for (position, colour) in colours.iter_mut().enumerate() {
        let name = if position + 1 == COLOURS {
            "var(--chart-rest)".to_owned()
        } else {
            format!("var(--chart-{})", position + 1)
        };
        // The browser works the colour out, however the style sheet says it.
        let found = style
            .set_property("color", &name)
            .and_then(|()| computed.get_property_value("color"));
        if let Some(found) = found.ok().and_then(|text| numbers(&text)) {
            *colour = found;
        }
    }
    if style.remove_property("color").is_err() {
        leptos::logging::warn!("the canvas keeps a colour");
    }
    colours
}

/// `rgb(59, 116, 217)` or `color(srgb 0.2 0.5 0.8)`, as computed colours are written.
fn numbers(text: &str) -> Option<[f32; 3]> {
    let (kind, rest) = text.split_once('(')?;
    let greatest = if kind.starts_with("rgb") { 255.0 } else { 1.0 };
    let mut found = rest
        .split([' ', ',', '/', ')'])
        .filter_map(|word| word.parse::<f32>().ok())
        .map(|number| (number / greatest).clamp(0.0, 1.0));
    Some([found.next()?, found.next()?, found.next()?])
}

/// Calls `changed` when the page changes its look, by the device's wish or its own, until the component goes.
pub fn watch_look(changed: impl Fn() + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    let on_page = {
        let changed = changed.clone();
        Closure::<dyn FnMut(js_sys::Array)>::new(move |_| changed())
    };
    let observer = MutationObserver::new(on_page.as_ref().unchecked_ref()).ok();
    let root = window.document().and_then(|document| document.document_element());
    if let (Some(observer), Some(root)) = (&observer, &root) {
        observe_look(observer, root);
    }
    let on_device = Closure::<dyn FnMut()>::new(changed);
    let wish = window.match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(wish) = &wish {
        let added = wish.add_event_listener_with_callback("change", on_device.as_ref().unchecked_ref());
        if added.is_err() {
            leptos::logging::warn!("the look of the device is not followed");
        }
    }
    let kept = send_wrapper::SendWrapper::new((observer, on_page, wish, on_device));
    on_cleanup(move || {
        let (observer, _, wish, on_device) = kept.take();
        if let Some(observer) = observer {
            observer.disconnect();
        }
        forget(wish, &on_device);
    });
}

fn observe_look(observer: &MutationObserver, root: &Element) {
    let wanted = MutationObserverInit::new();
    wanted.set_attributes(true);
    if observer.observe_with_options(root, &wanted).is_err() {
        leptos::logging::warn!("the look of the page is not followed");
    }
}

fn forget(wish: Option<MediaQueryList>, on_device: &Closure<dyn FnMut()>) {
    if let Some(wish) = wish
        && wish
            .remove_event_listener_with_callback("change", on_device.as_ref().unchecked_ref())
            .is_err()
    {
        leptos::logging::warn!("the look of the device is still followed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_browsers_write_them() {
        assert_eq!(numbers("rgb(255, 0, 51)"), Some([1.0, 0.0, 0.2]));
        assert_eq!(numbers("rgba(0, 255, 51, 0.5)"), Some([0.0, 1.0, 0.2]));
        assert_eq!(numbers("color(srgb 0.25 0.5 1)"), Some([0.25, 0.5, 1.0]));
        assert_eq!(numbers("none"), None);
    }
}
