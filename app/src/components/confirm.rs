//! A button for what cannot be taken back.

use leptos::{html, prelude::*};

/// Asks once more, in place, before it acts.
#[component]
pub fn ConfirmButton(
    label: &'static str,
    /// What it will come to.
    question: &'static str,
    #[prop(into)] on_sure: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let keep = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(keep) = keep.get()
            && keep.focus().is_err()
        {
            leptos::logging::warn!("the question could not be focused");
        }
    });
    view! {
        {move || {
            if asking.get() {
                view! {
                    <span class="confirm" role="group" aria-label=question>
                        <span>{question}</span>
                        <button class="button button--danger" type="button" on:click=move |_| { asking.set(false); on_sure.run(()); }>{label}</button>
                        <button class="button" type="button" node_ref=keep on:click=move |_| asking.set(false)>"Keep"</button>
                    </span>
                }
                    .into_any()
            } else {
                view! { <button class="button" type="button" on:click=move |_| asking.set(true)>{label}</button> }.into_any()
            }
        }}
    }
}
