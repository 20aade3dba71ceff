//! Preview, publish and share.

use leptos::{prelude::*, task::spawn_local};
use plan::catalog::fields;

use crate::{
    components::{
        Icon, IconView,
        share_dialog::{ShareDialog, filter_names},
    },
    designer::{autosave::SaveState, remote, state::Designer},
};

#[component]
pub fn PublishButton(designer: Designer) -> impl IntoView {
    let busy = RwSignal::new(false);
    let read = designer
        .workspace
        .with_value(|workspace| format!("/w/{workspace}/dashboards/{}", designer.dashboard));
    let unsaved = move || designer.autosave.state.get() != SaveState::Saved;
    let publish = move |_| {
        busy.set(true);
        let (workspace, address) = (designer.workspace.get_value(), read.clone());
        spawn_local(async move {
            let outcome = remote::publish(workspace, designer.dashboard).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(summary) => {
                    designer.published.set(summary.published_revision);
                    designer
                        .toasts
                        .say_with("Published. Readers see this state now.", "Open", move || {
                            crate::browser::go_to(&address);
                        });
                }
                Err(error) => designer.toasts.fail(&error),
            }
        });
    };
    // Readers see what is on the canvas.
    let current = Memo::new(move |_| {
        let published = designer.published.get();
        !unsaved() && published.is_some_and(|published| published >= designer.revision.get())
    });
    let standing = move || match designer.published.get() {
        None => "Not published yet",
        Some(_) if current.get() => "Readers see this state already",
        Some(_) => "Readers see the state that was published last",
    };
    let sharing = RwSignal::new(false);
    let slug = designer.workspace.get_value();
    let known = designer
        .model
        .with_value(|model| fields(model, &[]))
        .unwrap_or_default();
    let filters = Signal::derive(move || designer.document.with(|document| filter_names(document, &known)));
    view! {
        <button class="button" type="button" data-testid="share" on:click=move |_| sharing.set(true)>
            <IconView icon=Icon::Share />
            "Share"
        </button>
        <ShareDialog workspace=slug dashboard=designer.dashboard open=sharing filters=filters />
        <button
            class="button"
            type="button"
            data-testid="preview"
            aria-pressed=move || designer.preview.get().to_string()
            title="As readers will see it; Esc goes back"
            on:click=move |_| designer.set_preview(!designer.preview.get_untracked())
        >
            <IconView icon=Signal::derive(move || if designer.preview.get() { Icon::Pencil } else { Icon::Eye }) />
            {move || if designer.preview.get() { "Edit" } else { "Preview" }}
        </button>
        <button
            class="button"
            class:button--primary=move || !current.get()
            type="button"
            data-testid="publish"
            title=standing
            disabled=move || busy.get() || unsaved()
            on:click=publish
        >
            <IconView icon=Signal::derive(move || if current.get() { Icon::Check } else { Icon::Upload }) />
            {move || match (busy.get(), current.get()) {
                (true, _) => "Publishing…",
                (false, true) => "Published",
                (false, false) => "Publish",
            }}
        </button>
    }
}
