//! The address says what is chosen and which page is shown, so that Back undoes a choice and a reload keeps it.

use leptos::{ev, prelude::*};
use shared::dashboard::FilterState;
use wasm_bindgen::JsValue;

use super::state::Designer;

/// Takes up what the address says, then keeps address and choice together for as long as the designer is shown.
pub fn follow(designer: Designer) {
    take_up(designer);
    Effect::new(move |first: Option<()>| {
        let query = designer
            .state
            .with(|state| designer.document.with_untracked(|document| state.to_query(document)));
        if query != own_part(&search()) {
            show(&query, first.is_none());
        }
    });
    let back = window_event_listener(ev::popstate, move |_| take_up(designer));
    on_cleanup(move || back.remove());
}

fn search() -> String {
    let location = web_sys::window().map(|window| window.location());
    location.and_then(|location| location.search().ok()).unwrap_or_default()
}

/// The address as `FilterState` spells it.
fn own_part(search: &str) -> &str {
    search.trim_start_matches('?')
}

fn take_up(designer: Designer) {
    let (mut state, unknown) = designer
        .document
        .with_untracked(|document| FilterState::from_query(&search(), document));
    let page = designer
        .document
        .with_untracked(|document| state.current_page(document));
    if let Some(page) = page {
        designer.show(page);
    }
    state.page = page;
    if state != designer.state.get_untracked() {
        designer.state.set(state);
    }
    if !unknown.is_empty() {
        designer.toasts.say(format!(
            "The address asks for something this dashboard does not have: {}. It was left out.",
            unknown.join(", ")
        ));
    }
}

fn show(query: &str, replace: bool) {
    let Some(window) = web_sys::window() else { return };
    let path = window.location().pathname().unwrap_or_default();
    let address = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let done = window.history().and_then(|history| {
        if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&address))
        }
    });
    if done.is_err() {
        leptos::logging::warn!("the address could not follow the choice");
    }
}
