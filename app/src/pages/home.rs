//! The start page sends people to their first workspace.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use shared::ErrorCode;

use crate::{
    components::{Empty, Field, Icon, loaded},
    contexts::{use_current_user, use_toasts},
    server_fns::account::create_workspace,
};

#[component]
pub fn HomePage() -> impl IntoView {
    let user = use_current_user();
    view! {
        <Title text="Sightline" />
        <Suspense>
            {move || Suspend::new(async move {
                match user.0.await {
                    Err(error) if error.0.code == ErrorCode::Unauthenticated => view! { <Redirect path="/login" /> }.into_any(),
                    me => {
                        loaded(
                            me,
                            |me| match me.workspaces.first() {
                                Some(workspace) => view! { <Redirect path=format!("/w/{}/dashboards", workspace.slug) /> }.into_any(),
                                None => view! { <NoWorkspace may_create=me.user.platform_role.may_create_workspaces() /> }.into_any(),
                            },
                        )
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn NoWorkspace(may_create: bool) -> impl IntoView {
    let title = RwSignal::new(String::new());
    let toasts = use_toasts();
    let create = crate::browser::action(move |title: &String| {
        let title = shared::names::Title::try_from(title.as_str());
        async move {
            let made = match title {
                Ok(title) => create_workspace(shared::account::WorkspaceCreate { title, slug: None }).await,
                Err(error) => Err(shared::AppError::from(error).into()),
            };
            match made {
                Ok(workspace) => crate::browser::go_to(&format!("/w/{}/dashboards", workspace.slug)),
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <main class="center">
            {if may_create {
                view! {
                    <form class="gate gate__form" on:submit=move |event| { event.prevent_default(); create.dispatch(title.get_untracked()); }>
                        <h1>"Make your first workspace"</h1>
                        <Field label="Name" hint="A team or a company: what belongs together."><input class="input" required=true prop:value=title on:input=move |event| title.set(event_target_value(&event)) /></Field>
                        <button class="button button--primary button--large" type="submit">"Create workspace"</button>
                    </form>
                }
                    .into_any()
            } else {
                view! { <Empty icon=Icon::Layers title="You are in no workspace yet" text="Ask an owner to add you to theirs." /> }.into_any()
            }}
        </main>
    }
}
