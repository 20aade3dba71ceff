use leptos::prelude::*;
use leptos_meta::Title;
use shared::{
    account::{Me, MemberInfo, MemberUpdate},
    ids::UserId,
    permission::{PlatformRole, WorkspaceRole},
};

use super::{
    groups::Groups,
    invites::Invitations,
    list::{MemberActions, MemberList},
};
use crate::{
    browser,
    components::{InBrowser, Skeleton, Waiting, loaded},
    contexts::{use_current_user, use_toasts},
    pages::workspace::use_workspace_slug,
    server_fns::member::{list_members, remove_member, update_member},
    wire::{self, Loaded},
};

#[component]
pub fn MembersPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let members = wire::load(move || workspace.get(), list_members);
    let user = use_current_user();
    view! {
        <Title text="Members · Sightline" />
        <div class="page">
            <header class="page__head">
                <div class="page__title">
                    <h1>"Members"</h1>
                    <p class="muted">"Who works in this workspace. Nobody else sees anything in it, but for what is shared by link."</p>
                </div>
            </header>
            <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
                {move || Suspend::new(async move {
                    let (list, me) = (members.await, user.0.await);
                    loaded(list.and_then(|list| Ok((list, me?))), move |(list, me)| {
                        view! { <Members workspace=workspace members=members list=list me=me /> }
                    })
                })}
            </Suspense>
        </div>
    }
}

/// An owner of the workspace, by their own role or a group's, or an admin of the platform who may be no member.
fn manages(list: &[MemberInfo], me: &Me, workspace: &str) -> bool {
    let listed = list.iter().find(|member| member.user == me.user.id);
    let own = listed.map(|member| member.effective_role);
    // Of all that are theirs, groups included.
    let here = me.workspaces.iter().find(|one| one.slug.as_str() == workspace);
    own.max(here.map(|workspace| workspace.role))
        .map_or(me.user.platform_role == PlatformRole::Admin, |role| {
            role == WorkspaceRole::Owner
        })
}

#[component]
fn Members(workspace: Memo<String>, members: Loaded<Vec<MemberInfo>>, list: Vec<MemberInfo>, me: Me) -> impl IntoView {
    let (toasts, user) = (use_toasts(), use_current_user());
    let own = me.user.id;
    let manages = manages(&list, &me, &workspace.get_untracked());
    let makes_groups = me.user.platform_role == PlatformRole::Admin;
    let update = browser::action(move |(member, update): &(UserId, MemberUpdate)| {
        let (member, update) = (*member, update.clone());
        async move {
            match update_member(workspace.get_untracked(), member, update).await {
                Ok(member) => toasts.say(format!("Saved for {}. It holds from the next request on.", member.name)),
                Err(error) => toasts.fail(&error),
            }
            if member == own {
                user.0.refetch();
            }
            // After a refusal too: the choice goes back to what is true.
            members.refetch();
        }
    });
    let remove = browser::action(move |user: &UserId| {
        let user = *user;
        async move {
            match remove_member(workspace.get_untracked(), user).await {
                Ok(()) if user == own => browser::go_to("/"),
                Ok(()) => {
                    toasts.say("Removed. They can be invited again.");
                    members.refetch();
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    let actions = MemberActions {
        update: Callback::new(move |change| {
            update.dispatch(change);
        }),
        remove: Callback::new(move |user| {
            remove.dispatch(user);
        }),
    };
    view! {
        <MemberList members=list me=own manages=manages actions=actions />
        <InBrowser><Groups workspace=workspace manages=manages makes=makes_groups /></InBrowser>
        {manages.then(|| view! { <Invitations workspace=workspace on_joined=Callback::new(move |()| members.refetch()) /> })}
    }
}
