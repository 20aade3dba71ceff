//! The frame of the page: title, parts, saving.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use shared::{account::Me, ids::UserId, permission::WorkspaceRole, semantic::Model};

use super::{
    document::DocumentView,
    draft::ModelDraft,
    fields::FieldsView,
    kept::keep,
    metrics::MetricsView,
    rollups::RollupsView,
    save::{SaveButtons, SaveNotices, Saving},
    settings::SettingsView,
    tables::TablesView,
    used_by::ModelUsers,
    versions::VersionsView,
    view::{ModelView, Views},
};
use crate::{
    components::{Skeleton, Waiting, loaded},
    contexts::use_current_user,
    page_title::page_title,
    pages::workspace::use_workspace_slug,
    server_fns::model::get_model,
    wire,
};

#[component]
pub fn ModelPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let user = use_current_user();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let model = wire::load(
        move || (workspace.get(), name.get()),
        |(workspace, name)| get_model(workspace, name, None),
    );
    view! {
        <Title text="Model · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move {
                let me = user.0.await.ok();
                let model = model.await;
                let editor = me.filter(|me| edits(me, &workspace.get_untracked())).map(|me| me.user.id);
                loaded(model, move |model| view! { <Editor workspace=workspace model=model editor=editor /> })
            })}
        </Suspense>
    }
}

fn edits(me: &Me, workspace: &str) -> bool {
    let mut workspaces = me.workspaces.iter();
    workspaces.any(|one| one.slug.as_str() == workspace && one.role >= WorkspaceRole::Editor)
}

/// `editor`: who looks, when they may change it.
#[component]
fn Editor(workspace: Memo<String>, model: Model, editor: Option<UserId>) -> impl IntoView {
    let may_edit = editor.is_some();
    let draft = ModelDraft::new(workspace, model, may_edit);
    let saving = Saving::new(draft);
    let current = ModelView::current();
    let title = Memo::new(move |_| {
        draft
            .edited
            .with(|model| model.label.clone().unwrap_or_else(|| model.model.to_string()))
    });
    if let Some(editor) = editor {
        keep(draft, editor);
    }
    // As text: the head is written when the page's own values may be gone already.
    let heading = page_title(format!("{} · Sightline", title.get_untracked()));
    view! {
        <Title text=heading />
        <div class="page model">
            <header class="page__head">
                <div class="page__title">
                    <h1>{move || title.get()}</h1>
                    <p class="muted">"What the data means, once, for every dashboard. Version " {move || draft.stored.with(|model| model.version)}</p>
                    <ModelUsers draft=draft />
                </div>
                {may_edit.then(|| view! { <SaveButtons saving=saving /> })}
            </header>
            <SaveNotices saving=saving />
            <Views draft=draft current=current />
            {move || match current.get() {
                ModelView::Tables => view! { <TablesView draft=draft /> }.into_any(),
                ModelView::Fields => view! { <FieldsView draft=draft /> }.into_any(),
                ModelView::Metrics => view! { <MetricsView draft=draft /> }.into_any(),
                ModelView::Rollups => view! { <RollupsView draft=draft /> }.into_any(),
                ModelView::Settings => view! { <SettingsView draft=draft /> }.into_any(),
                ModelView::Versions => view! { <VersionsView saving=saving /> }.into_any(),
                ModelView::Document => view! { <DocumentView saving=saving /> }.into_any(),
            }}
        </div>
    }
}
