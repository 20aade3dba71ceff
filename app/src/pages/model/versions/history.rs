//! What one version changed, and the way back to it.

use leptos::{prelude::*, task::spawn_local};
use shared::semantic::Model;

use super::difference::{Change, differences};
use crate::{
    WireError,
    components::{Icon, IconView, ProblemNotice},
    pages::model::save::Saving,
    server_fns::model::get_model,
};

/// The version, and the one before it; version 1 has none.
type Pair = (Model, Option<Model>);

#[component]
pub fn VersionChanges(saving: Saving, chosen: Memo<u32>, newest: Memo<u32>) -> impl IntoView {
    let draft = saving.draft;
    let found = RwSignal::new(None::<Result<Pair, WireError>>);
    Effect::new(move |_| {
        let version = chosen.get();
        let (workspace, name) = (draft.workspace.get_untracked(), draft.name.get_value());
        spawn_local(async move {
            let pair = pair(workspace, name, version).await;
            // Another one may have been chosen meanwhile.
            if chosen.try_get_untracked() == Some(version) {
                found.set(Some(pair));
            }
        });
    });
    move || match found.get() {
        None => view! { <p class="muted">"Comparing…"</p> }.into_any(),
        Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
        Some(Ok((model, before))) => {
            let version = model.version;
            let old = StoredValue::new(model.clone());
            let is_old = move || version < newest.get();
            view! {
                <div class="stack stack--tight">
                    <header class="fields__head">
                        <h2>{match &before { Some(before) => format!("Version {version}, compared with version {}", before.version), None => format!("Version {version}") }}</h2>
                        <Show when=move || draft.may_edit && is_old()>
                            <button class="button" type="button" disabled=move || draft.is_dirty.get() || saving.is_busy() title=move || if draft.is_dirty.get() { "Save or discard your changes first" } else { "" } on:click=move |_| saving.bring_back(old.get_value())>
                                <IconView icon=Icon::History />
                                "Bring back this version"
                            </button>
                        </Show>
                    </header>
                    {match before {
                        Some(before) => view! { <Changes before=before after=model /> }.into_any(),
                        None => view! { <p class="muted">"The first version; there is nothing before it."</p> }.into_any(),
                    }}
                </div>
            }
            .into_any()
        }
    }
}

async fn pair(workspace: String, name: String, version: u32) -> Result<Pair, WireError> {
    let model = get_model(workspace.clone(), name.clone(), Some(version)).await?;
    let before = match version.checked_sub(1).filter(|before| *before > 0) {
        Some(before) => Some(get_model(workspace, name, Some(before)).await?),
        None => None,
    };
    Ok((model, before))
}

/// The differences as a list.
#[component]
pub fn Changes(before: Model, after: Model) -> impl IntoView {
    let found = differences(&before, &after);
    if found.is_empty() {
        return view! { <p class="muted">"Nothing is different."</p> }.into_any();
    }
    let one = |change: Change| {
        match change {
        Change::Added(what) => view! { <li class="change"><span class="badge badge--good">"Added"</span><span>{what}</span></li> }.into_any(),
        Change::Removed(what) => view! { <li class="change"><span class="badge badge--warning">"Removed"</span><span>{what}</span></li> }.into_any(),
        Change::Changed(what, lines) => view! {
            <li class="change">
                <span class="badge">"Changed"</span>
                <div class="change__lines">
                    <span>{what}</span>
                    {lines.into_iter().map(|(key, before, after)| view! { <p class="change__line"><span class="muted">{key} ": "</span><Side text=before is_old=true /><span aria-label="became">" → "</span><Side text=after is_old=false /></p> }).collect_view()}
                </div>
            </li>
        }
        .into_any(),
    }
    };
    view! { <ul class="changes" data-testid="changes">{found.into_iter().map(one).collect_view()}</ul> }.into_any()
}

#[component]
fn Side(text: Option<String>, is_old: bool) -> impl IntoView {
    match (text, is_old) {
        (None, _) => view! { <span class="muted">"not set"</span> }.into_any(),
        (Some(text), true) => view! { <del>{text}</del> }.into_any(),
        (Some(text), false) => view! { <ins>{text}</ins> }.into_any(),
    }
}
