//! Groups that hold a role in the workspace.

use leptos::prelude::*;
use serde_json::Value;
use shared::{
    group::{GroupMember, GroupMemberUpdate, WorkspaceGroups},
    ids::GroupId,
    permission::WorkspaceRole,
};

use super::{
    give_role::GiveRole,
    role::{RoleSelect, label},
};
use crate::{
    components::{ConfirmButton, Moment, loaded},
    contexts::{use_confirmation, use_toasts},
    rest,
};

/// What can be done to a group here.
#[derive(Clone, Copy)]
struct Actions {
    set: Callback<(GroupId, WorkspaceRole)>,
    remove: Callback<GroupId>,
}

#[component]
pub fn Groups(
    workspace: Memo<String>,
    /// Whether whoever looks may give roles.
    manages: bool,
    /// Whether they may make groups.
    makes: bool,
) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let base = Memo::new(move |_| format!("/api/v1/workspaces/{}/groups", workspace.get()));
    let groups = LocalResource::new(move || {
        let address = base.get();
        async move { rest::get::<WorkspaceGroups>(&address).await }
    });
    let set = crate::browser::action(move |(group, role): &(GroupId, WorkspaceRole)| {
        let address = format!("{}/{group}", base.get_untracked());
        let wanted = GroupMemberUpdate {
            role: *role,
            roles: None,
        };
        async move {
            match confirmation
                .run(|| rest::send::<_, GroupMember>("PUT", &address, &wanted, None))
                .await
            {
                Ok(group) => toasts.say(format!("Saved for {}. It holds from the next request on.", group.name)),
                Err(error) => toasts.fail(&error),
            }
            // After a refusal too: the choice goes back to what is true.
            groups.refetch();
        }
    });
    let remove = crate::browser::action(move |group: &GroupId| {
        let address = format!("{}/{group}", base.get_untracked());
        async move {
            match confirmation
                .run(|| rest::send::<_, Value>("DELETE", &address, &Value::Null, None))
                .await
            {
                Ok(_) => toasts.say("Removed. The group itself stays."),
                Err(error) => toasts.fail(&error),
            }
            groups.refetch();
        }
    });
    let actions = Actions {
        set: Callback::new(move |change| {
            set.dispatch(change);
        }),
        remove: Callback::new(move |group| {
            remove.dispatch(group);
        }),
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                loaded(groups.await, move |groups| view! { <Section groups=groups manages=manages makes=makes actions=actions /> })
            })}
        </Suspense>
    }
}

#[component]
fn Section(groups: WorkspaceGroups, manages: bool, makes: bool, actions: Actions) -> impl IntoView {
    let WorkspaceGroups { items, others } = groups;
    let (none_here, none_left) = (items.is_empty(), others.is_empty());
    if none_here && none_left {
        return (manages && makes)
            .then(|| view! { <p class="muted">"A group gives many people a role at once. " <a href="/settings/groups">"Make the first group"</a></p> })
            .into_any();
    }
    if none_here && !manages {
        return ().into_any();
    }
    view! {
        <section class="card stack" aria-labelledby="groups-head">
            <h2 id="groups-head">"Groups"</h2>
            <p class="muted">"Whoever is in a group has its role here, or their own where that is higher."</p>
            {(!none_here).then(|| view! { <GroupTable groups=items manages=manages actions=actions /> })}
            {(manages && !none_left).then(|| view! { <GiveRole others=others on_give=actions.set /> })}
        </section>
    }
    .into_any()
}

#[component]
fn GroupTable(groups: Vec<GroupMember>, manages: bool, actions: Actions) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th>"Role"</th><th class="table__aside">"Since"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{groups.into_iter().map(|group| view! { <Row group=group manages=manages actions=actions /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(group: GroupMember, manages: bool, actions: Actions) -> impl IntoView {
    let (id, role) = (group.group, group.role);
    let name = group.name.to_string();
    let choice = if manages {
        let choose = Callback::new(move |role| actions.set.run((id, role)));
        view! { <RoleSelect label=format!("Role of {name}") role=role on_choose=choose /> }.into_any()
    } else {
        label(role).into_any()
    };
    view! {
        <tr data-testid="group-role">
            <td class="table__name">{name}<People names=group.people /></td>
            <td>{choice}</td>
            <td class="table__aside"><Moment at=group.since /></td>
            <td class="table__number">
                {manages.then(|| view! { <ConfirmButton label="Remove" question="Its people lose what they had by it here, at once." on_sure=move |()| actions.remove.run(id) /> })}
            </td>
        </tr>
    }
}

/// How many they are, and who.
#[component]
fn People(names: Vec<String>) -> impl IntoView {
    let words = match names.len() {
        0 => return view! { <p class="muted">"Nobody in it yet"</p> }.into_any(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    view! {
        <details class="muted">
            <summary>{words}</summary>
            <p class="groups__names">{names.join(", ")}</p>
        </details>
    }
    .into_any()
}
