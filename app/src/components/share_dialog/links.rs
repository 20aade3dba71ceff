//! Links that open a dashboard without an account.

use leptos::prelude::*;
use shared::{
    ids::{DashboardId, ShareId},
    share::{Lifetime, ShareCreate, ShareInfo},
};

use crate::{
    WireError,
    components::{
        Check, ConfirmButton, CopyButton, Field, FormProblem, Icon, IconView, Notice, NoticeKind, loaded,
    },
    server_fns::share::{create_share, list_shares, revoke_share},
};

#[component]
pub fn Links(workspace: String, dashboard: DashboardId) -> impl IntoView {
    let slug = StoredValue::new(workspace);
    let problem = RwSignal::new(None::<WireError>);
    let revoked = RwSignal::new(false);
    let list = LocalResource::new(move || list_shares(slug.get_value(), dashboard));
    let made = RwSignal::new(None::<String>);
    let revoke = crate::browser::action(move |id: &ShareId| {
        let id = *id;
        async move {
            match revoke_share(slug.get_value(), dashboard, id).await {
                Ok(()) => {
                    problem.set(None);
                    revoked.set(true);
                    list.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <p class="muted">"Whoever has the link reads the published dashboard, without an account, until it expires or you revoke it."</p>
        {move || made.get().map(|url| view! { <NewLink url=url /> })}
        <LinkForm slug=slug dashboard=dashboard on_made=Callback::new(move |url| { made.set(Some(url)); list.refetch(); }) />
        <FormProblem problem=problem />
        <Show when=move || revoked.get()>
            <Notice kind=NoticeKind::Good>"Link revoked. Whoever opens it now is told so."</Notice>
        </Show>
        <Suspense>
            {move || Suspend::new(async move {
                loaded(list.await, move |list| view! { <LinkList list=list on_revoke=Callback::new(move |id| { revoke.dispatch(id); }) /> })
            })}
        </Suspense>
    }
}

#[component]
fn NewLink(url: String) -> impl IntoView {
    let (shown, opened) = (url.clone(), url.clone());
    view! {
        <Notice kind=NoticeKind::Good>
            <span class="notice__title">"The link is ready. It is shown only now."</span>
            <input class="input" readonly=true value=shown data-testid="share-url" aria-label="Link" />
            <div class="row">
                <CopyButton text=url />
                <a class="button" href=opened target="_blank" rel="noreferrer"><IconView icon=Icon::ExternalLink />"Open"</a>
            </div>
        </Notice>
    }
}

#[component]
fn LinkForm(slug: StoredValue<String>, dashboard: DashboardId, on_made: Callback<String>) -> impl IntoView {
    let problem = RwSignal::new(None::<WireError>);
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let days = RwSignal::new("30".to_owned());
    let (downloads, hide_title) = (RwSignal::new(false), RwSignal::new(false));
    let create = crate::browser::action(move |(): &()| {
        let text = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|text| !text.is_empty());
        let create = ShareCreate {
            expires_in: Lifetime::parse(&format!("{}d", days.get_untracked())),
            password: text(password),
            downloads: downloads.get_untracked(),
            hide_title: hide_title.get_untracked(),
            name: text(name),
            ..ShareCreate::default()
        };
        async move {
            match create_share(slug.get_value(), dashboard, create).await {
                Ok(share) => {
                    problem.set(None);
                    on_made.run(share.url);
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="card stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <div class="share__fields">
                <Field label="For whom" hint="A note for yourself."><input class="input" prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
                <Field label="Days until it expires"><input class="input" type="number" min="1" max="365" required=true prop:value=days on:input=move |event| days.set(event_target_value(&event)) /></Field>
                <Field label="Password" hint="Optional."><input class="input" type="password" autocomplete="new-password" prop:value=password on:input=move |event| password.set(event_target_value(&event)) /></Field>
            </div>
            <div class="row row--wide">
                <Check label="Allow downloads" checked=downloads />
                <Check label="Hide the title" checked=hide_title />
            </div>
            <FormProblem problem=problem />
            <div class="row"><button class="button button--primary" type="submit" data-testid="create-share" disabled=move || create.pending().get()>"Create link"</button></div>
        </form>
    }
}

#[component]
fn LinkList(list: Vec<ShareInfo>, on_revoke: Callback<ShareId>) -> impl IntoView {
    let live: Vec<ShareInfo> = list.into_iter().filter(|share| share.revoked_at.is_none()).collect();
    if live.is_empty() {
        return view! { <p class="muted">"No links yet."</p> }.into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"For"</th><th class="table__aside">"Made by"</th><th>"Expires"</th><th class="table__number table__aside">"Views"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>
                    {live
                        .into_iter()
                        .map(|share| {
                            let id = share.id;
                            view! {
                                <tr>
                                    <td class="table__name">{share.name.unwrap_or_else(|| "Link".to_owned())} {share.has_password.then(|| view! { " " <span class="badge">"Password"</span> })}</td>
                                    <td class="table__aside">{share.created_by}</td>
                                    <td>{share.expires_at.format("%-d %b %Y").to_string()}</td>
                                    <td class="table__number table__aside">{share.views}</td>
                                    <td class="table__number"><ConfirmButton label="Revoke" question="It opens no more, for anybody." on_sure=move |()| on_revoke.run(id) /></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
