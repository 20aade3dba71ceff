//! The window's keyboard and clipboard, while the designer is shown.

use leptos::{ev, prelude::*};

use super::{
    keys::{Held, command},
    state::Designer,
};
use crate::browser;

/// Is text being typed, or does a dialog stand in front?
fn is_typing(event: &web_sys::Event) -> bool {
    let typing = browser::within(event, "input:not([type=checkbox]), textarea, [contenteditable]");
    let dialog = web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| {
            document
                .query_selector("dialog[open], [popover]:popover-open")
                .ok()
                .flatten()
                .is_some()
        });
    typing || dialog
}

/// Controls keep the keys that work them.
fn works_control(event: &web_sys::KeyboardEvent) -> bool {
    let on = |selector: &str| browser::within(event, selector);
    if on("select") {
        return !(event.ctrl_key() || event.meta_key());
    }
    // An open filter closes first.
    if event.key() == "Escape" && on("details.filter[open]") {
        return true;
    }
    on("button, summary, a, [role=tab]")
        && matches!(
            event.key().as_str(),
            "Enter" | " " | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown"
        )
}

pub fn listen(designer: Designer) {
    let pressed = window_event_listener(ev::keydown, move |event| {
        if is_typing(&event) || works_control(&event) {
            return;
        }
        let held = Held {
            main: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
        };
        if let Some(command) = command(&event.key(), held)
            && designer.press(command)
        {
            event.prevent_default();
        }
    });
    let copied = window_event_listener(ev::copy, move |event| {
        if !is_typing(&event) && put_on_clipboard(designer, &event) {
            designer.say("Copied");
        }
    });
    let cut = window_event_listener(ev::cut, move |event| {
        if !is_typing(&event) && put_on_clipboard(designer, &event) {
            designer.cut();
        }
    });
    let pasted = window_event_listener(ev::paste, move |event| {
        if is_typing(&event) || designer.preview.get_untracked() {
            return;
        }
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        if text.is_some_and(|text| designer.paste(&text)) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        pressed.remove();
        copied.remove();
        cut.remove();
        pasted.remove();
    });
}

/// Says whether there was something to copy.
fn put_on_clipboard(designer: Designer, event: &web_sys::ClipboardEvent) -> bool {
    let (Some(text), Some(data)) = (designer.clipping(), event.clipboard_data()) else {
        return false;
    };
    let done = data.set_data("text/plain", &text).is_ok();
    if done {
        event.prevent_default();
    }
    done
}
