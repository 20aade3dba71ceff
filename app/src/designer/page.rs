//! The designer's route: loads the draft in the browser, then opens it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use shared::{AppError, ids::DashboardId};

use super::{
    editor::Editor,
    remote::{self, Opened},
    state::Designer,
    view::DesignerView,
};
use crate::{WireError, components::ProblemNotice};

#[component]
pub fn DesignerPage() -> impl IntoView {
    let params = use_params_map();
    let workspace = Memo::new(move |_| params.with(|params| params.get("workspace").unwrap_or_default()));
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<DashboardId>().ok())));
    // Building needs a browser: the server sends the frame, and the draft is asked for from here.
    let opened = LocalResource::new(move || {
        let (workspace, id) = (workspace.get(), id.get());
        async move {
            let id = id.ok_or_else(|| WireError(AppError::not_found("dashboard")))?;
            remote::open(workspace, id).await
        }
    });
    view! {
        <Title text="Designer · Sightline" />
        <Suspense fallback=|| view! { <DesignerFrame /> }>
            {move || Suspend::new(async move {
                let slug = workspace.get_untracked();
                match opened.await.and_then(|opened| open(slug, opened).map_err(WireError)) {
                    Ok(designer) => view! { <DesignerView designer=designer /> }.into_any(),
                    Err(error) => view! { <DesignerProblem error=error.0 workspace=workspace /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn open(workspace: String, opened: Opened) -> Result<Designer, AppError> {
    let Opened {
        actor,
        detail,
        model,
        history,
    } = opened;
    let published = detail.summary.published_revision;
    let editor = Editor::open(actor, detail.summary.revision, detail.document, &history);
    let designer = Designer::new(workspace, detail.summary.id, editor, model)?;
    designer.published.set(published);
    Ok(designer)
}

/// The panes before anything is known, in their final sizes.
#[component]
fn DesignerFrame() -> impl IntoView {
    view! {
        <main class="designer designer--loading" aria-busy="true">
            <header class="designer-top"></header>
            <section class="fields-pane"></section>
            <section class="designer__middle">
                <p class="muted designer__loading">"Opening the dashboard…"</p>
            </section>
            <section class="properties"></section>
        </main>
    }
}

#[component]
fn DesignerProblem(error: AppError, workspace: Memo<String>) -> impl IntoView {
    view! {
        <main class="page page--narrow">
            <ProblemNotice error=error />
            <div class="row">
                <a class="button" href=move || format!("/w/{}/dashboards", workspace.get())>
                    "All dashboards"
                </a>
            </div>
        </main>
    }
}
