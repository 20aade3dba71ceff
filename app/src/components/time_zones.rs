//! Names of time zones, to choose from while one types.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The `datalist` with this id. The browser knows them all; the server checks what is chosen.
#[component]
pub fn TimeZones(id: &'static str) -> impl IntoView {
    let names = RwSignal::new(Vec::new());
    Effect::new(move |_| names.set(known().unwrap_or_default()));
    view! { <datalist id=id>{move || names.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist> }
}

/// `Intl.supportedValuesOf("timeZone")`.
fn known() -> Result<Vec<String>, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let list: Function = Reflect::get(&intl, &"supportedValuesOf".into())?.dyn_into()?;
    let names: Array = list.call1(&intl, &"timeZone".into())?.dyn_into()?;
    Ok(names.iter().filter_map(|name| name.as_string()).collect())
}
