//! One group: its name, its people and where it holds a role.

use leptos::prelude::*;
use serde_json::Value;
use shared::{
    AppError,
    group::{GroupDetail, GroupWrite},
    ids::{GroupId, UserId},
    names::Title,
};

use super::{add_person::AddPerson, list, people::GroupPeople, places::Places};
use crate::{
    WireError,
    components::{ConfirmButton, Dialog, Field, FormProblem, Notice, NoticeKind, loaded},
    contexts::{use_confirmation, use_toasts},
    rest,
};

/// Open while `group` names one.
#[component]
pub fn GroupDialog(group: RwSignal<Option<GroupId>>, on_change: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let title = RwSignal::new("Group".to_owned());
    Effect::new(move |_| open.set(group.get().is_some()));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            group.set(None);
        }
        now
    });
    let gone = Callback::new(move |()| {
        open.set(false);
        toasts.say("The group is deleted.");
        on_change.run(());
    });
    view! {
        <Dialog title=title open=open>
            {move || group.get().map(|id| view! { <Group id=id title=title on_change=on_change on_gone=gone /> })}
        </Dialog>
    }
}

#[component]
fn Group(id: GroupId, title: RwSignal<String>, on_change: Callback<()>, on_gone: Callback<()>) -> impl IntoView {
    let group = LocalResource::new(move || async move { rest::get::<GroupDetail>(&address(id)).await });
    view! {
        <Suspense fallback=|| view! { <p class="muted">"Loading …"</p> }>
            {move || Suspend::new(async move {
                loaded(
                    group.await,
                    move |group| {
                        title.set(group.name.to_string());
                        view! { <Parts group=group title=title on_change=on_change on_gone=on_gone /> }
                    },
                )
            })}
        </Suspense>
    }
}

fn address(id: GroupId) -> String {
    format!("{}/{id}", list::ADDRESS)
}

/// What is done about a group.
#[derive(Clone)]
enum Act {
    Rename(Title),
    Add(UserId),
    TakeOut(UserId),
}

/// Does it, and answers the group as it is then and what to say.
async fn perform(now: &GroupDetail, act: &Act) -> Result<(GroupDetail, &'static str), WireError> {
    let (base, nothing) = (address(now.id), Value::Null);
    match act {
        Act::Rename(name) => {
            let wanted = GroupWrite { name: name.clone() };
            let group = rest::send("PUT", &base, &wanted, None).await?;
            Ok((group, "Renamed."))
        }
        Act::Add(user) => {
            let group = rest::send("PUT", &format!("{base}/people/{user}"), &nothing, None).await?;
            Ok((group, "Added. They have what the group has from now on."))
        }
        Act::TakeOut(user) => {
            let _done: Value = rest::send("DELETE", &format!("{base}/people/{user}"), &nothing, None).await?;
            let mut group = now.clone();
            group.people.retain(|person| person.user != *user);
            Ok((group, "Removed. What they had by this group ended at once."))
        }
    }
}

#[component]
fn Parts(group: GroupDetail, title: RwSignal<String>, on_change: Callback<()>, on_gone: Callback<()>) -> impl IntoView {
    let confirmation = use_confirmation();
    let (id, name) = (group.id, group.name.to_string());
    let places = group.workspaces.clone();
    let group = RwSignal::new(group);
    let problem = RwSignal::new(None::<WireError>);
    let said = RwSignal::new(None::<&'static str>);
    let act = crate::browser::action(move |act: &Act| {
        let (now, act) = (group.get_untracked(), act.clone());
        async move {
            problem.set(None);
            said.set(None);
            match confirmation.run(|| perform(&now, &act)).await {
                Ok((changed, words)) => {
                    title.set(changed.name.to_string());
                    group.set(changed);
                    said.set(Some(words));
                    on_change.try_run(());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let delete = crate::browser::action(move |(): &()| async move {
        problem.set(None);
        said.set(None);
        let (address, nothing) = (address(id), Value::Null);
        match confirmation
            .run(|| rest::send::<_, Value>("DELETE", &address, &nothing, None))
            .await
        {
            Ok(_) => {
                on_gone.try_run(());
            }
            Err(error) => problem.set(Some(error)),
        }
    });
    let rename = Callback::new(move |text: String| match Title::try_from(text) {
        Ok(name) => {
            act.dispatch(Act::Rename(name));
        }
        Err(error) => problem.set(Some(AppError::from(error).into())),
    });
    let people = Signal::derive(move || group.with(|group| group.people.clone()));
    view! {
        <div class="stack">
            <FormProblem problem=problem />
            {move || said.get().map(|words| view! { <Notice kind=NoticeKind::Good>{words}</Notice> })}
            <Rename name=name on_rename=rename />
            <GroupPeople people=people on_remove=Callback::new(move |user| { act.dispatch(Act::TakeOut(user)); }) />
            <AddPerson people=people on_add=Callback::new(move |user| { act.dispatch(Act::Add(user)); }) />
            <Places places=places />
            <div class="row">
                <ConfirmButton label="Delete group" question="All its people lose what they had by it, at once." on_sure=move |()| { delete.dispatch(()); } />
            </div>
        </div>
    }
}

#[component]
fn Rename(name: String, on_rename: Callback<String>) -> impl IntoView {
    let text = RwSignal::new(name);
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); on_rename.run(text.get_untracked()); }>
            <Field label="Name">
                <input class="input" name="group-name" required=true maxlength="200" prop:value=text on:input=move |event| text.set(event_target_value(&event)) />
            </Field>
            <div class="row"><button class="button" type="submit">"Rename"</button></div>
        </form>
    }
}
