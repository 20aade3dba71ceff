//! How others come in: a link for whoever is to have one, or by address for those who have an account.

use leptos::prelude::*;
use shared::{
    AppError,
    account::{Delivery, InviteCreate, InviteCreated, MemberAdd, OpenInvite},
    ids::InviteId,
    names::Email,
    permission::WorkspaceRole,
};

use super::role::{ROLES, RoleSelect, label, may};
use crate::{
    WireError,
    components::{ConfirmButton, CopyButton, Field, FormProblem, Moment, Notice, NoticeKind, loaded},
    contexts::{use_current_user, use_toasts},
    server_fns::member::{add_member, create_invite, list_invites, revoke_invite},
    wire,
};

/// Ways in, for owners.
#[component]
pub fn Invitations(workspace: Memo<String>, on_joined: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let open = wire::load(move || workspace.get(), list_invites);
    let made = RwSignal::new(None::<InviteCreated>);
    let revoke = crate::browser::action(move |id: &InviteId| {
        let id = *id;
        async move {
            match revoke_invite(workspace.get_untracked(), id).await {
                Ok(()) => {
                    made.set(None);
                    toasts.say("Invitation ended. Its link brings nobody in any more.");
                    open.refetch();
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <section class="card stack" aria-labelledby="invite-head">
            <h2 id="invite-head">"Bring someone in"</h2>
            <LinkForm workspace=workspace on_made=Callback::new(move |invite| { made.set(Some(invite)); open.refetch(); }) />
            {move || made.get().map(|invite| view! { <NewInvite invite=invite /> })}
            <AddForm workspace=workspace on_joined=on_joined />
            <dl class="roles">
                {ROLES
                    .map(|role| view! { <dt>{label(role)}</dt> <dd class="muted">{format!("can {}.", may(role))}</dd> })}
            </dl>
        </section>
        <Suspense>
            {move || Suspend::new(async move {
                loaded(open.await, move |list| view! { <OpenInvites list=list on_revoke=Callback::new(move |id| { revoke.dispatch(id); }) /> })
            })}
        </Suspense>
    }
}

#[component]
fn NewInvite(invite: InviteCreated) -> impl IntoView {
    let InviteCreated { url, delivery, .. } = invite;
    let title = match delivery {
        None => "Send this link. It works once, within 7 days, and is shown only now.".to_owned(),
        Some(Delivery::Sent) => {
            "The invitation is on its way. Its link works once, within 7 days; here it is too.".to_owned()
        }
        Some(Delivery::Failed(problem)) => format!(
            "The letter was not sent: {}. The link is good: send it yourself. It works once, within 7 days, and is shown only now.",
            problem.describe()
        ),
    };
    let kind = match delivery {
        None | Some(Delivery::Sent) => NoticeKind::Good,
        Some(Delivery::Failed(_)) => NoticeKind::Warning,
    };
    view! {
        <Notice kind=kind>
            <span class="notice__title">{title}</span>
            <input class="input" readonly=true value=url.clone() data-testid="invite-url" aria-label="Invitation link" />
            <div class="row"><CopyButton text=url /></div>
        </Notice>
    }
}

#[component]
fn LinkForm(workspace: Memo<String>, on_made: Callback<InviteCreated>) -> impl IntoView {
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(WorkspaceRole::Viewer));
    let problem = RwSignal::new(None::<WireError>);
    let create = crate::browser::action(move |(): &()| {
        let typed = email.get_untracked();
        let to = match typed.trim() {
            "" => Ok(None),
            typed => Email::try_from(typed).map(Some),
        };
        let role = role.get_untracked();
        async move {
            let made = match to {
                Ok(email) => create_invite(workspace.get_untracked(), InviteCreate { email, ..role.into() }).await,
                Err(error) => Err(AppError::from(error).into()),
            };
            match made {
                Ok(invite) => {
                    problem.set(None);
                    email.set(String::new());
                    on_made.run(invite);
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let user = use_current_user();
    let address = move || {
        Suspend::new(async move {
            let sends_mail = user.0.await.is_ok_and(|me| me.sends_mail);
            sends_mail.then(|| {
                view! {
                    <Field label="Send it to (e-mail address; may stay empty)">
                        <input class="input" type="email" name="invite-email" prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
                    </Field>
                }
            })
        })
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <Suspense>{address}</Suspense>
            <div class="row row--wide">
                <span>"By a link, as"</span>
                <RoleSelect label="Role of the invited" role=role on_choose=Callback::new(move |chosen| role.set(chosen)) />
                <button class="button button--primary" type="submit" data-testid="create-invite" disabled=move || create.pending().get()>"Make an invitation link"</button>
            </div>
            <FormProblem problem=problem />
        </form>
    }
}

#[component]
fn AddForm(workspace: Memo<String>, on_joined: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(WorkspaceRole::Viewer));
    let problem = RwSignal::new(None::<WireError>);
    let add = crate::browser::action(move |(): &()| {
        let add = Email::try_from(email.get_untracked().as_str()).map(|email| MemberAdd {
            email,
            role: role.get_untracked(),
            roles: Vec::new(),
            attributes: Default::default(),
        });
        async move {
            let added = match add {
                Ok(add) => add_member(workspace.get_untracked(), add).await,
                Err(error) => Err(AppError::from(error).into()),
            };
            match added {
                Ok(member) => {
                    problem.set(None);
                    email.set(String::new());
                    toasts.say(format!("{} is a member now.", member.name));
                    on_joined.run(());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); add.dispatch(()); }>
            <Field label="Or, for someone who has an account here, by e-mail address">
                <input class="input" type="email" name="member-email" required=true prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
            </Field>
            <div class="row row--wide">
                <span>"as"</span>
                <RoleSelect label="Role of the added" role=role on_choose=Callback::new(move |chosen| role.set(chosen)) />
                <button class="button" type="submit" disabled=move || add.pending().get()>"Add"</button>
            </div>
            <FormProblem problem=problem />
        </form>
    }
}

#[component]
fn OpenInvites(list: Vec<OpenInvite>, on_revoke: Callback<InviteId>) -> impl IntoView {
    if list.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack" aria-labelledby="open-head">
            <h2 id="open-head">"Open invitations"</h2>
            <div class="table-wrap">
                <table class="table">
                    <thead>
                        <tr>
                            <th>"As"</th>
                            <th class="table__aside">"Made by"</th>
                            <th>"Made"</th>
                            <th class="table__aside">"Good until"</th>
                            <th><span class="visually-hidden">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        {list
                            .into_iter()
                            .map(|invite| {
                                let id = invite.id;
                                view! {
                                    <tr data-testid="open-invite">
                                        <td class="table__name">{label(invite.role)}</td>
                                        <td class="table__aside">{invite.created_by.unwrap_or_else(|| "Somebody who is gone".to_owned())}</td>
                                        <td><Moment at=invite.created_at /></td>
                                        <td class="table__aside">{invite.expires_at.format("%-d %b %Y").to_string()}</td>
                                        <td class="table__number">
                                            <ConfirmButton label="End" question="Its link brings nobody in any more." on_sure=move |()| on_revoke.run(id) />
                                        </td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
