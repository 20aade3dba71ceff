//! From a least to a greatest number, both included.

use leptos::prelude::*;
use serde_json::Value;
use shared::semantic::{Condition, Operator};

/// Least and greatest number of a condition, as text.
fn bounds(condition: Option<&Condition>) -> (String, String) {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
    };
    let Some(Condition::Field(field)) = condition else { return Default::default() };
    let values = field.values.clone().unwrap_or_default();
    match field.op {
        Operator::Between => (text(values.first()), text(values.get(1))),
        Operator::Gte | Operator::Gt => (text(field.value.as_ref()), String::new()),
        Operator::Lte | Operator::Lt => (String::new(), text(field.value.as_ref())),
        _ => Default::default(),
    }
}

/// Fields `name.min` and `name.max`.
#[component]
pub fn NumberRangeControl(name: String, #[prop(into)] condition: Signal<Option<Condition>>) -> impl IntoView {
    let bounds = Memo::new(move |_| bounds(condition.get().as_ref()));
    view! {
        <div class="filter__panel filter__pair">
            <label class="field">
                <span class="field__label">"At least"</span>
                <input class="input" type="number" step="any" name=format!("{name}.min") value=move || bounds.get().0 />
            </label>
            <label class="field">
                <span class="field__label">"At most"</span>
                <input class="input" type="number" step="any" name=format!("{name}.max") value=move || bounds.get().1 />
            </label>
        </div>
    }
}
