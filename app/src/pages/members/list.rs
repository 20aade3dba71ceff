//! Who is in the workspace.

use leptos::prelude::*;
use shared::{
    account::{MemberInfo, MemberUpdate},
    ids::UserId,
    permission::WorkspaceRole,
};

use super::{
    role::{RoleSelect, label},
    row_rules::{RowRulesDialog, summary},
};
use crate::{
    components::{ConfirmButton, Moment},
    pages::workspace::use_workspace_slug,
};

/// What can be done to a member.
#[derive(Clone, Copy)]
pub struct MemberActions {
    pub update: Callback<(UserId, MemberUpdate)>,
    pub remove: Callback<UserId>,
}

#[component]
pub fn MemberList(
    members: Vec<MemberInfo>,
    /// Whoever looks.
    me: UserId,
    /// Whether they may change others.
    manages: bool,
    actions: MemberActions,
) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr>
                        <th>"Name"</th>
                        <th>"Role"</th>
                        <th class="table__aside">"For row rules"</th>
                        <th class="table__aside">"Since"</th>
                        <th><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {members
                        .into_iter()
                        .map(|member| view! { <MemberRow member=member me=me manages=manages actions=actions /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn MemberRow(member: MemberInfo, me: UserId, manages: bool, actions: MemberActions) -> impl IntoView {
    let (user, is_me) = (member.user, member.user == me);
    let open = RwSignal::new(false);
    let rules = match summary(&member) {
        rules if rules.is_empty() && member.roles.is_some() => "–".to_owned(),
        // Empty where they are not told.
        rules => rules,
    };
    let slug = use_workspace_slug();
    let activity = manages.then(|| format!("/w/{}/audit?actor={user}", slug.get_untracked()));
    let change_role = Callback::new(move |role: WorkspaceRole| {
        actions.update.run((
            user,
            MemberUpdate {
                role,
                roles: None,
                attributes: None,
            },
        ));
    });
    let role = member.role;
    let cut = (member.effective_role != member.role).then(|| {
        let by = if member.effective_role > member.role {
            "a group"
        } else {
            "the platform role"
        };
        let words = format!("{} here, by {by}", label(member.effective_role));
        view! { <p class="muted">{words}</p> }
    });
    view! {
        <tr data-testid="member">
            <td class="table__name">
                {match activity {
                    Some(address) => view! { <a href=address title="What they did here">{member.name.clone()}</a> }.into_any(),
                    None => member.name.clone().into_any(),
                }}
                {is_me.then(|| view! { " " <span class="badge">"You"</span> })}
                <p class="muted">{member.email.to_string()}</p>
            </td>
            <td>
                {if manages {
                    view! { <RoleSelect label=format!("Role of {}", member.name) role=role on_choose=change_role /> }.into_any()
                } else {
                    label(role).into_any()
                }}
                {cut}
            </td>
            <td class="table__aside">{rules}</td>
            <td class="table__aside"><Moment at=member.joined_at /></td>
            <td>
                <div class="table__buttons">
                    {manages
                        .then(|| {
                            view! {
                                <button class="button" type="button" on:click=move |_| open.set(true)>"Rows…"</button>
                                <RowRulesDialog member=member open=open on_save=actions.update />
                            }
                        })}
                    {if is_me {
                        view! { <ConfirmButton label="Leave" question="You lose this workspace at once." on_sure=move |()| actions.remove.run(user) /> }.into_any()
                    } else if manages {
                        view! { <ConfirmButton label="Remove" question="They lose this workspace at once." on_sure=move |()| actions.remove.run(user) /> }.into_any()
                    } else {
                        ().into_any()
                    }}
                </div>
            </td>
        </tr>
    }
}
