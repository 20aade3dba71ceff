//! A time zone, found by typing a part of its name.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::components::Field;

#[component]
pub fn TimeZoneField(zone: RwSignal<String>) -> impl IntoView {
    // The browser knows them all; the server checks what is chosen.
    let names = RwSignal::new(Vec::new());
    Effect::new(move |_| names.set(known().unwrap_or_default()));
    view! {
        <Field label="Time zone" hint="Type a city, as Berlin. Empty: each dashboard's own.">
            <input class="input" name="time-zone" list="time-zones" autocomplete="off" prop:value=zone on:input=move |event| zone.set(event_target_value(&event)) />
        </Field>
        <datalist id="time-zones">{move || names.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
    }
}

/// `Intl.supportedValuesOf("timeZone")`.
fn known() -> Result<Vec<String>, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let list: Function = Reflect::get(&intl, &"supportedValuesOf".into())?.dyn_into()?;
    let names: Array = list.call1(&intl, &"timeZone".into())?.dyn_into()?;
    Ok(names.iter().filter_map(|name| name.as_string()).collect())
}
