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
    let (ask, keep) = (NodeRef::<html::Button>::new(), NodeRef::<html::Button>::new());
    // The focus goes to the question and comes back from it.
    Effect::new(move |before: Option<bool>| {
        let now = asking.get();
        if before.is_some_and(|before| before != now) {
            let next = if now { keep } else { ask };
            request_animation_frame(move || {
                if next.get_untracked().is_some_and(|button| button.focus().is_err()) {
                    leptos::logging::warn!("a button could not be focused");
                }
            });
        }
        now
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
                view! { <button class="button" type="button" node_ref=ask on:click=move |_| asking.set(true)>{label}</button> }.into_any()
            }
        }}
    }
}
