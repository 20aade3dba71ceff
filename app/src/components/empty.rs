//! What a list shows before it has anything: what belongs here and the button for it.

use leptos::prelude::*;

use super::{Icon, IconView};

#[component]
pub fn Empty(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon"><IconView icon=icon /></span>
            <h2>{title}</h2>
            <p class="empty__text">{text}</p>
            {children.map(|children| view! { <div class="empty__actions">{children()}</div> })}
        </div>
    }
}
