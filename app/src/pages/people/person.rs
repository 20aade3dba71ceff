//! One person, and what an administrator can do for and about them.

use leptos::prelude::*;
use serde_json::Value;
use shared::{
    ids::UserId,
    people::{PersonInfo, PersonUpdate, ResetLink},
    permission::PlatformRole,
};

use crate::{
    WireError,
    components::{ConfirmButton, CopyButton, Dialog, Field, FormProblem, Notice, NoticeKind, loaded},
    contexts::use_confirmation,
    rest,
};

/// Open while `person` names somebody.
#[component]
pub fn PersonDialog(person: RwSignal<Option<UserId>>, on_change: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let title = RwSignal::new("Person".to_owned());
    Effect::new(move |_| open.set(person.get().is_some()));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            person.set(None);
        }
        now
    });
    view! {
        <Dialog title=title open=open>
            {move || person.get().map(|id| view! { <Person id=id title=title on_change=on_change /> })}
        </Dialog>
    }
}

/// What is done about a person.
#[derive(Clone, Copy)]
enum Act {
    Role(PlatformRole),
    Disable(bool),
    EndSessions,
    ResetFactors,
}

#[component]
fn Person(id: UserId, title: RwSignal<String>, on_change: Callback<()>) -> impl IntoView {
    let confirmation = use_confirmation();
    let base = StoredValue::new(format!("/api/v1/people/{id}"));
    let person = LocalResource::new(move || {
        let address = base.get_value();
        async move { rest::get::<PersonInfo>(&address).await }
    });
    let problem = RwSignal::new(None::<WireError>);
    let said = RwSignal::new(None::<&'static str>);
    let link = RwSignal::new(None::<ResetLink>);
    let act = crate::browser::action(move |act: &Act| {
        let act = *act;
        async move {
            problem.set(None);
            said.set(None);
            match confirmation.run(|| perform(base.get_value(), act)).await {
                Ok(words) => said.set(Some(words)),
                Err(error) => problem.set(Some(error)),
            }
            person.refetch();
            on_change.run(());
        }
    });
    let make_link = crate::browser::action(move |(): &()| async move {
        problem.set(None);
        let address = format!("{}/reset-link", base.get_value());
        match confirmation
            .run(|| rest::send::<_, ResetLink>("POST", &address, &Value::Null, None))
            .await
        {
            Ok(made) => link.set(Some(made)),
            Err(error) => problem.set(Some(error)),
        }
    });
    view! {
        <div class="stack">
            <FormProblem problem=problem />
            {move || said.get().map(|words| view! { <Notice kind=NoticeKind::Good>{words}</Notice> })}
            {move || link.get().map(|made| view! { <NewLink url=made.url /> })}
            <Suspense>
                {move || Suspend::new(async move {
                    loaded(
                        person.await,
                        move |person| {
                            title.set(person.name.clone());
                            view! {
                                <Facts person=person.clone() />
                                <RoleField person=person.clone() on_choose=Callback::new(move |role| { act.dispatch(Act::Role(role)); }) />
                                <div class="row">
                                    <a class="button" href=format!("/settings/audit?actor={id}")>"Activity"</a>
                                    {person.disabled_at.is_none().then(|| view! { <button class="button" type="button" disabled=move || make_link.pending().get() on:click=move |_| { make_link.dispatch(()); }>"Make a password link"</button> })}
                                    {(person.sessions > 0).then(|| view! { <ConfirmButton label="Sign out everywhere" question="They have to sign in again; API tokens go on." on_sure=move |()| { act.dispatch(Act::EndSessions); } /> })}
                                    {person.has_second_factor.then(|| view! { <ConfirmButton label="Remove second factor" question="The password alone signs them in then. They are signed out, and their API tokens end." on_sure=move |()| { act.dispatch(Act::ResetFactors); } /> })}
                                    {if person.disabled_at.is_some() {
                                        view! { <button class="button" type="button" on:click=move |_| { act.dispatch(Act::Disable(false)); }>"Enable"</button> }.into_any()
                                    } else {
                                        view! { <ConfirmButton label="Disable" question="They are signed out at once and cannot sign in; their API tokens end. What they made stays." on_sure=move |()| { act.dispatch(Act::Disable(true)); } /> }.into_any()
                                    }}
                                </div>
                            }
                        },
                    )
                })}
            </Suspense>
        </div>
    }
}

/// Answers what to say.
async fn perform(base: String, act: Act) -> Result<&'static str, WireError> {
    let nothing = Value::Null;
    match act {
        Act::Role(role) => {
            update(
                &base,
                PersonUpdate {
                    platform_role: Some(role),
                    disabled: None,
                },
            )
            .await?;
            Ok("The role is changed. They are signed out and find it when they sign in again.")
        }
        Act::Disable(disabled) => {
            update(
                &base,
                PersonUpdate {
                    platform_role: None,
                    disabled: Some(disabled),
                },
            )
            .await?;
            Ok(if disabled {
                "Disabled and signed out everywhere."
            } else {
                "Enabled. They can sign in again."
            })
        }
        Act::EndSessions => {
            let _done: Value = rest::send("DELETE", &format!("{base}/sessions"), &nothing, None).await?;
            Ok("Signed out everywhere.")
        }
        Act::ResetFactors => {
            let _done: Value = rest::send("DELETE", &format!("{base}/factors"), &nothing, None).await?;
            Ok("The second factor is removed.")
        }
    }
}

async fn update(base: &str, update: PersonUpdate) -> Result<(), WireError> {
    let _person: PersonInfo = rest::send("PUT", base, &update, None).await?;
    Ok(())
}

#[component]
fn Facts(person: PersonInfo) -> impl IntoView {
    let signed_in = match person.sessions {
        0 => "Nowhere".to_owned(),
        1 => "In 1 browser".to_owned(),
        many => format!("In {many} browsers"),
    };
    view! {
        <dl class="facts">
            <dt>"E-mail"</dt><dd>{person.email.to_string()}</dd>
            <dt>"Signed in"</dt><dd>{signed_in}</dd>
            <dt>"Second factor"</dt><dd>{if person.has_second_factor { "On" } else { "Off" }}</dd>
            <dt>"Account"</dt><dd>{if person.disabled_at.is_some() { "Disabled" } else { "Active" }}</dd>
        </dl>
    }
}

#[component]
fn RoleField(person: PersonInfo, on_choose: Callback<PlatformRole>) -> impl IntoView {
    let now = person.platform_role;
    let chosen = RwSignal::new(now);
    view! {
        <Field label="Platform role">
            <select class="input" name="platform-role" on:change=move |event| {
                if let Some(role) = PlatformRole::parse(&event_target_value(&event)) {
                    chosen.set(role);
                }
            }>
                {PlatformRole::ALL.map(|role| view! { <option value=role.as_str() selected=move || chosen.get() == role>{role.title()}</option> })}
            </select>
        </Field>
        <p class="muted">{move || chosen.get().describe()}</p>
        <Show when=move || chosen.get() != now>
            <div class="row"><button class="button button--primary" type="button" on:click=move |_| on_choose.run(chosen.get_untracked())>"Change the role"</button></div>
        </Show>
    }
}

#[component]
fn NewLink(url: String) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Good>
            <span class="notice__title">"Send this link to them. It is shown only now."</span>
            <span>"It sets a new password once, within 24 hours."</span>
            <input class="input" readonly=true value=url.clone() data-testid="reset-url" aria-label="Link" />
            <div class="row"><CopyButton text=url /></div>
        </Notice>
    }
}
