//! Draws the messages of `contexts::toasts`.

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::contexts::use_toasts;

#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" aria-live="polite">
            <For each=move || toasts.list().get() key=|toast| toast.id let:toast>
                {
                    let id = toast.id;
                    view! {
                        <div class="toast" class:toast--error=toast.error role="status">
                            <span>{toast.text.clone()}</span>
                            <span class="row">
                                {toast
                                    .action
                                    .map(|action| {
                                        view! {
                                            <button class="button button--quiet" type="button" on:click=move |_| { action.run.run(()); toasts.dismiss(id); }>
                                                {action.label.clone()}
                                            </button>
                                        }
                                    })}
                                <button class="button button--quiet button--icon" type="button" aria-label="Dismiss" on:click=move |_| toasts.dismiss(id)>
                                    <IconView icon=Icon::Close />
                                </button>
                            </span>
                        </div>
                    }
                }
            </For>
        </div>
    }
}
