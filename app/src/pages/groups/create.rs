//! A new group.

use leptos::prelude::*;
use shared::{
    AppError,
    group::{GroupDetail, GroupWrite},
    ids::GroupId,
    names::Title,
};

use crate::{
    WireError,
    components::{Field, FormProblem},
    contexts::use_confirmation,
    rest,
};

#[component]
pub fn NewGroup(on_made: Callback<GroupId>) -> impl IntoView {
    let confirmation = use_confirmation();
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<WireError>);
    let create = crate::browser::action(move |(): &()| {
        let wanted = Title::try_from(name.get_untracked()).map(|name| GroupWrite { name });
        async move {
            problem.set(None);
            let made = match wanted {
                Ok(group) => {
                    confirmation
                        .run(|| rest::send::<_, GroupDetail>("POST", super::list::ADDRESS, &group, None))
                        .await
                }
                Err(error) => Err(AppError::from(error).into()),
            };
            match made {
                Ok(group) => {
                    name.set(String::new());
                    on_made.try_run(group.id);
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="card stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <h2>"New group"</h2>
            <Field label="Name" hint="As people call it: “Sales”, “Field team”.">
                <input class="input" name="group-name" required=true maxlength="200" prop:value=name on:input=move |event| name.set(event_target_value(&event)) />
            </Field>
            <FormProblem problem=problem />
            <div class="row"><button class="button button--primary" type="submit" disabled=move || create.pending().get()>"Make the group"</button></div>
        </form>
    }
}
