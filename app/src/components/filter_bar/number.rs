//! A smallest and a largest number.

use leptos::prelude::*;

use super::choice::Choice;

#[component]
pub fn NumberControl(
    /// `f.KEY`: name of the form controls.
    name: String,
    choice: Signal<Choice>,
    on_choice: Callback<Choice>,
) -> impl IntoView {
    let bounds = move || match choice.get() {
        Choice::Bounds(from, to) => (from.unwrap_or_default(), to.unwrap_or_default()),
        Choice::Members(members) => match members.as_slice() {
            [Some(only)] => (only.clone(), only.clone()),
            _ => (String::new(), String::new()),
        },
        Choice::All | Choice::Range(_) | Choice::Other(_) => (String::new(), String::new()),
    };
    let set = move |min: String, max: String| {
        let number = |text: String| {
            let text = text.trim().to_owned();
            text.parse::<f64>().is_ok().then_some(text)
        };
        on_choice.run(match (number(min), number(max)) {
            (None, None) => Choice::All,
            (min, max) => Choice::Bounds(min, max),
        });
    };
    let (least, most) = (format!("{name}.min"), format!("{name}.max"));
    view! {
        <div class="filter__days">
            <label class="field">
                <span class="field__label">"At least"</span>
                <input
                    class="input"
                    type="number"
                    step="any"
                    name=least
                    value=bounds().0
                    prop:value=move || bounds().0
                    on:change=move |event| set(event_target_value(&event), bounds().1)
                />
            </label>
            <label class="field">
                <span class="field__label">"At most"</span>
                <input
                    class="input"
                    type="number"
                    step="any"
                    name=most
                    value=bounds().1
                    prop:value=move || bounds().1
                    on:change=move |event| set(bounds().0, event_target_value(&event))
                />
            </label>
        </div>
    }
}
