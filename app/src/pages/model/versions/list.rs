//! The list of versions beside what the chosen one changed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use shared::semantic::ModelVersionInfo;

use super::history::{Changes, VersionChanges};
use crate::{
    WireError,
    components::{Moment, ProblemNotice},
    pages::model::{draft::ModelDraft, save::Saving, view::ModelView},
    server_fns::model::model_versions,
};

#[component]
pub fn VersionsView(saving: Saving) -> impl IntoView {
    let draft = saving.draft;
    let versions = RwSignal::new(None::<Result<Vec<ModelVersionInfo>, WireError>>);
    // In the browser, and again after each save.
    Effect::new(move |_| {
        draft.stored.track();
        let (workspace, name) = (draft.workspace.get_untracked(), draft.name.get_value());
        spawn_local(async move { versions.set(Some(model_versions(workspace, name).await)) });
    });
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("version").and_then(|text| text.parse::<u32>().ok())));
    let newest = Memo::new(move |_| draft.stored.with(|model| model.version));
    let chosen = Memo::new(move |_| asked.get().unwrap_or_else(|| newest.get()));
    view! {
        {move || draft.is_dirty.get().then(|| view! { <Unsaved draft=draft /> })}
        <div class="versions">
            <nav class="versions__list" aria-label="Versions">
                {move || match versions.get() {
                    None => view! { <p class="muted">"Looking…"</p> }.into_any(),
                    Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
                    Some(Ok(versions)) => versions.into_iter().map(|info| view! { <VersionLink draft=draft info=info chosen=chosen newest=newest /> }).collect_view().into_any(),
                }}
            </nav>
            <section class="versions__changes" aria-live="polite">
                <VersionChanges saving=saving chosen=chosen newest=newest />
            </section>
        </div>
    }
}

#[component]
fn VersionLink(draft: ModelDraft, info: ModelVersionInfo, chosen: Memo<u32>, newest: Memo<u32>) -> impl IntoView {
    let version = info.version;
    let address = move || format!("{}&version={version}", draft.address(ModelView::Versions));
    view! {
        <a class="versions__one" data-testid="version" href=address aria-current=move || (chosen.get() == version).then_some("true")>
            <span class="versions__title">"Version " {version} {move || (newest.get() == version).then(|| view! { " " <span class="badge badge--accent">"Newest"</span> })}</span>
            <span class="muted">{if info.created_by.is_empty() { "A former user".to_owned() } else { info.created_by }} ", " <Moment at=info.created_at /></span>
        </a>
    }
}

/// What saving would change.
#[component]
fn Unsaved(draft: ModelDraft) -> impl IntoView {
    view! {
        <section class="card stack stack--tight">
            <h2>"Not saved yet"</h2>
            {move || draft.stored.with(|stored| draft.edited.with(|edited| view! { <Changes before=stored.clone() after=edited.clone() /> }))}
        </section>
    }
}
