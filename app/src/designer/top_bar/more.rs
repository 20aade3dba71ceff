//! What is done with the dashboard as a whole: renamed, copied, put into the bin.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use crate::{
    WireError, browser,
    components::{Dialog, Field, FormProblem, Icon, IconView, Menu},
    designer::{
        autosave::SaveState,
        remote,
        state::{Designer, Typing},
    },
};

#[component]
pub fn MoreMenu(designer: Designer) -> impl IntoView {
    let copying = RwSignal::new(false);
    let navigate = use_navigate();
    let list = designer
        .workspace
        .with_value(|workspace| format!("/w/{workspace}/dashboards"));
    let delete = StoredValue::new_local(move || {
        let (navigate, list) = (navigate.clone(), list.clone());
        let (workspace, id, toasts) = (designer.workspace.get_value(), designer.dashboard, designer.toasts);
        let title = designer.document.with_untracked(|document| document.title.clone());
        spawn_local(async move {
            if let Err(error) = remote::delete(workspace.clone(), id).await {
                toasts.fail(&error);
                return;
            }
            navigate(&list, Default::default());
            toasts.say_with(format!("“{title}” is in the bin."), "Undo", move || {
                let workspace = workspace.clone();
                spawn_local(async move {
                    match remote::restore(workspace.clone(), id).await {
                        Ok(()) => browser::go_to(&format!("/w/{workspace}/dashboards/{id}/edit")),
                        Err(error) => toasts.fail(&error),
                    }
                });
            });
        });
    });
    view! {
        <Menu label="More" testid="dashboard-menu">
            <button class="menu__item" type="button" role="menuitem" on:click=move |_| designer.start_typing(Typing::Dashboard)>
                <IconView icon=Icon::Pencil />
                "Rename"
            </button>
            <button class="menu__item" type="button" role="menuitem" data-testid="save-copy" on:click=move |_| copying.set(true)>
                <IconView icon=Icon::Copy />
                "Save as a copy…"
            </button>
            <hr class="menu__line" />
            <button
                class="menu__item menu__item--danger"
                type="button"
                role="menuitem"
                data-testid="delete-dashboard"
                on:click=move |_| delete.with_value(|delete| delete())
            >
                <IconView icon=Icon::Trash />
                "Move to the bin"
            </button>
        </Menu>
        <Dialog title="Save as a copy" open=copying>
            <CopyForm designer=designer />
        </Dialog>
    }
}

#[component]
fn CopyForm(designer: Designer) -> impl IntoView {
    let title = RwSignal::new(
        designer
            .document
            .with_untracked(|document| format!("{} (copy)", document.title)),
    );
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<WireError>);
    let unsaved = move || designer.autosave.state.get() != SaveState::Saved;
    let copy = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        let (workspace, title) = (designer.workspace.get_value(), title.get_untracked());
        spawn_local(async move {
            match remote::duplicate(workspace.clone(), designer.dashboard, title).await {
                Ok(copy) => browser::go_to(&format!("/w/{workspace}/dashboards/{copy}/edit")),
                // The page may be on its way out.
                Err(error) => {
                    let _gone = problem.try_set(Some(error));
                }
            }
            let _gone = busy.try_set(false);
        });
    };
    view! {
        <form class="stack" on:submit=copy>
            <Field label="Name">
                <input
                    class="input"
                    required=true
                    maxlength="200"
                    autofocus=true
                    data-testid="copy-title"
                    prop:value=title
                    on:input=move |event| title.set(event_target_value(&event))
                />
            </Field>
            <FormProblem problem=problem />
            <div class="row">
                <button class="button button--primary" type="submit" disabled=move || busy.get() || unsaved()>
                    "Save and open the copy"
                </button>
            </div>
        </form>
    }
}
