//! Members to tick, with a search over all of them.

use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use shared::{
    dashboard::{FilterState, write_member},
    ids::FilterId,
    semantic::Condition,
    table::Cell,
};

use super::summary::members;
use crate::components::{
    Icon, IconView,
    dashboard::{ValuesRequest, ValuesTask},
};

fn member_name(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn value_of(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::from(truth.to_string()),
        Cell::Int(number) => Value::from(number.to_string()),
        Cell::Float(number) => Value::from(number.to_string()),
        Cell::Text(text) => Value::from(text.clone()),
    }
}

/// Check boxes `name` with the members' spelling in addresses. Chosen members are always in the list.
#[component]
pub fn MemberListControl(
    name: String,
    filter: FilterId,
    #[prop(into)] condition: Signal<Option<Condition>>,
    #[prop(into)] state: Signal<FilterState>,
    /// Members known already (from the server's page).
    first: Vec<Cell>,
    values: Callback<ValuesRequest, ValuesTask>,
) -> impl IntoView {
    let known = RwSignal::new(first.iter().map(value_of).collect::<Vec<_>>());
    let search = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    let ask = move || {
        let text = search.get_untracked();
        let task = values.run(ValuesRequest { filter, search: text.clone(), state: state.get_untracked() });
        spawn_local(async move {
            let answer = task.await;
            if search.try_get_untracked().as_ref() != Some(&text) {
                return;
            }
            match answer {
                Ok(cells) => {
                    known.set(cells.iter().map(value_of).collect());
                    failed.set(None);
                }
                Err(error) => failed.set(Some(error.to_string())),
            }
        });
    };
    let shown = Memo::new(move |_| {
        let chosen = members(condition.get().as_ref());
        let mut list: Vec<(Value, bool)> = chosen.iter().map(|value| (value.clone(), true)).collect();
        list.extend(known.get().into_iter().filter(|value| !chosen.contains(value)).map(|value| (value, false)));
        list
    });
    if first.is_empty() {
        Effect::new(move |_| ask());
    }
    view! {
        <div class="filter__panel">
            <label class="search">
                <span class="visually-hidden">"Search"</span>
                <IconView icon=Icon::Search />
                <input
                    class="input input--search"
                    type="search"
                    placeholder="Search"
                    autocomplete="off"
                    on:change=|event| event.stop_propagation()
                    on:input=move |event| {
                        search.set(event_target_value(&event));
                        ask();
                    }
                />
            </label>
            <div class="filter__members">
                <For each=move || shown.get() key=|(value, chosen)| (value.to_string(), *chosen) let:entry>
                    <label class="check">
                        <input type="checkbox" name=name.clone() value=write_member(&entry.0) checked=entry.1 />
                        <span>{member_name(&entry.0)}</span>
                    </label>
                </For>
                {move || shown.get().is_empty().then(|| view! { <span class="muted">"Nothing found."</span> })}
                {move || failed.get().map(|text| view! { <span class="field__error">{text}</span> })}
            </div>
        </div>
    }
}
