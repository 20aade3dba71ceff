//! Small controls of the panes: each shows a value and says what was chosen.

use leptos::prelude::*;

use crate::browser;

/// A check box.
#[component]
pub fn Toggle(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<bool>,
    on_change: Callback<bool>,
    #[prop(optional, into)] testid: Option<String>,
) -> impl IntoView {
    view! {
        <label class="check control">
            <input
                type="checkbox"
                data-testid=testid
                prop:checked=move || value.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
    }
}

/// One of several, each with its value and its words.
#[component]
pub fn Choose(
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
    #[prop(optional, into)] testid: Option<String>,
) -> impl IntoView {
    view! {
        <label class="control control--row">
            <span class="control__label">{label}</span>
            <select
                class="input"
                data-testid=testid
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || {
                    let chosen = value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(option, words)| {
                            let selected = option == chosen;
                            view! { <option value=option prop:selected=selected>{words}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

/// A line of text, taken when the field is left or Enter is pressed.
#[component]
pub fn Line(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
    #[prop(optional, into)] placeholder: MaybeProp<String>,
    /// `text` or `number`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] testid: Option<String>,
) -> impl IntoView {
    view! {
        <label class="control control--row">
            <span class="control__label">{label}</span>
            <input
                class="input"
                type=kind
                data-testid=testid
                placeholder=move || placeholder.get()
                prop:value=move || value.get()
                on:change=move |event| {
                    on_change.run(event_target_value(&event));
                    // What was refused does not stay on the screen.
                    if let Some(input) = browser::target::<web_sys::HtmlInputElement>(&event) {
                        input.set_value(&value.get_untracked());
                    }
                }
            />
        </label>
    }
}
