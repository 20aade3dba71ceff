//! Whether everything is saved.

use leptos::prelude::*;

use crate::{
    components::{Icon, IconView},
    designer::{autosave::SaveState, state::Designer},
};

#[component]
pub fn SaveNote(designer: Designer) -> impl IntoView {
    let state = designer.autosave.state;
    let words = move || match state.get() {
        SaveState::Saved => "Saved",
        SaveState::Saving => "Saving…",
        SaveState::Offline => "Offline – kept on this device",
        SaveState::Refused => "Not saved – kept on this device",
    };
    let why = move || designer.autosave.problem.get().map(|problem| problem.0.message);
    view! {
        <span class="save-note" class:save-note--warning=move || matches!(state.get(), SaveState::Offline | SaveState::Refused) role="status" title=why data-testid="save-state">
            <IconView icon=Signal::derive(move || match state.get() {
                SaveState::Saved => Icon::Check,
                SaveState::Saving => Icon::RefreshCw,
                SaveState::Offline | SaveState::Refused => Icon::TriangleAlert,
            }) />
            {words}
        </span>
        <Show when=move || state.get() == SaveState::Refused>
            <button class="button button--quiet" type="button" on:click=move |_| designer.autosave.send(designer)>
                "Try again"
            </button>
        </Show>
    }
}
