//! A modal dialog on the browser's own `<dialog>`: focus stays inside, Escape closes.

use leptos::{html, prelude::*};

use super::{Icon, IconView};

/// Shown while `open` is true; closing by Escape or the cross sets it to false.
#[component]
pub fn Dialog(
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(optional)] wide: bool,
    children: ChildrenFn,
    /// Buttons at the foot.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = element.get() {
            match (open.get(), dialog.open()) {
                (true, false) => {
                    if let Err(error) = dialog.show_modal() {
                        leptos::logging::warn!("a dialog could not open: {error:?}");
                    }
                }
                (false, true) => dialog.close(),
                (true, true) | (false, false) => {}
            }
        }
    });
    view! {
        <dialog
            class="dialog"
            class:dialog--wide=wide
            node_ref=element
            aria-label=move || title.get()
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <header class="dialog__head">
                    <h2>{move || title.get()}</h2>
                    <button class="button button--quiet button--icon" type="button" aria-label="Close" on:click=move |_| open.set(false)>
                        <IconView icon=Icon::Close />
                    </button>
                </header>
                <div class="dialog__body">{children()}</div>
                {foot.clone().map(|foot| view! { <footer class="dialog__foot">{foot.run()}</footer> })}
            </Show>
        </dialog>
    }
}
