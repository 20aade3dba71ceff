//! Text that becomes an input in place: titles of dashboards, pages and tiles.

use leptos::{html, prelude::*};

use super::state::{Designer, Typing};

/// The input itself. Enter and leaving it keep the text, Escape does not.
#[component]
pub fn InlineText(
    designer: Designer,
    target: Typing,
    #[prop(into)] text: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            if input.focus().is_err() {
                leptos::logging::warn!("the field could not be focused");
            }
            input.select();
        }
    });
    let finish = move || {
        // Escape has ended it already when the field is left.
        if designer.typing.get_untracked() == Some(target)
            && let Some(input) = input.get_untracked()
        {
            designer.typed(target, &input.value());
        }
    };
    view! {
        <input
            class="input inline-text"
            type="text"
            maxlength="200"
            aria-label=label
            data-testid="inline-text"
            node_ref=input
            value=text
            on:pointerdown=|event| event.stop_propagation()
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            on:blur=move |_| finish()
            on:keydown=move |event| {
                event.stop_propagation();
                match event.key().as_str() {
                    "Enter" => finish(),
                    "Escape" => designer.typing.set(None),
                    _ => {}
                }
            }
        />
    }
}
