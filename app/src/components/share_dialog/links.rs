//! Links that open a dashboard without an account.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    ids::{DashboardId, ShareId},
    share::{Lifetime, ShareCreate, ShareInfo, ShareUpdate},
};

use crate::{
    WireError,
    components::{
        Check, ConfirmButton, CopyButton, Field, FormProblem, Icon, IconView, Notice, NoticeKind, RowRules,
        RowRulesFields, loaded, row_rules_words,
    },
    server_fns::share::{create_share, list_shares, revoke_share, update_share},
};

#[component]
pub fn Links(
    workspace: String,
    dashboard: DashboardId,
    /// As [`super::filter_names`] gives them.
    filters: Vec<(String, String)>,
) -> impl IntoView {
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
    let pause = crate::browser::action(move |(id, paused): &(ShareId, bool)| {
        let (id, paused) = (*id, *paused);
        let update = ShareUpdate {
            paused: Some(paused),
            ..ShareUpdate::default()
        };
        async move {
            match update_share(slug.get_value(), dashboard, id, update).await {
                Ok(_) => {
                    problem.set(None);
                    list.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <p class="muted">"Whoever has the link reads the published dashboard, without an account, until it expires or you revoke it."</p>
        {move || made.get().map(|url| view! { <NewLink url=url /> })}
        <LinkForm slug=slug dashboard=dashboard filters=filters on_made=Callback::new(move |url| { made.set(Some(url)); list.refetch(); }) />
        <FormProblem problem=problem />
        <Show when=move || revoked.get()>
            <Notice kind=NoticeKind::Good>"Link revoked. Whoever opens it now is told so."</Notice>
        </Show>
        <Suspense>
            {move || Suspend::new(async move {
                loaded(list.await, move |list| {
                    view! {
                        <LinkList
                            list=list
                            on_pause=Callback::new(move |change| { pause.dispatch(change); })
                            on_revoke=Callback::new(move |id| { revoke.dispatch(id); })
                        />
                    }
                })
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
fn LinkForm(
    slug: StoredValue<String>,
    dashboard: DashboardId,
    filters: Vec<(String, String)>,
    on_made: Callback<String>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<WireError>);
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let days = RwSignal::new("30".to_owned());
    let views = RwSignal::new(String::new());
    let all_filters = RwSignal::new(true);
    let choices: Vec<(String, String, RwSignal<bool>)> = filters
        .into_iter()
        .map(|(field, label)| (field, label, RwSignal::new(false)))
        .collect();
    let choices = StoredValue::new(choices);
    let (downloads, hide_title) = (RwSignal::new(false), RwSignal::new(false));
    let rules = RowRules::new(&[], BTreeMap::new());
    let create = crate::browser::action(move |(): &()| {
        let text = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|text| !text.is_empty());
        let create = ShareCreate {
            expires_in: Lifetime::parse(&format!("{}d", days.get_untracked())),
            password: text(password),
            downloads: downloads.get_untracked(),
            hide_title: hide_title.get_untracked(),
            max_views: text(views).and_then(|views| views.parse().ok()),
            allowed_filters: (!all_filters.get_untracked()).then(|| chosen(&choices.get_value())),
            name: text(name),
            roles: rules.roles(),
            attrs: rules.attributes(),
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
                <Field label="Most views" hint="Optional; then the link ends."><input class="input" type="number" min="1" max="1000000" data-testid="share-views" prop:value=views on:input=move |event| views.set(event_target_value(&event)) /></Field>
            </div>
            <div class="row row--wide">
                <Check label="Allow downloads" checked=downloads />
                <Check label="Hide the title" checked=hide_title />
            </div>
            {(!choices.with_value(Vec::is_empty))
                .then(|| {
                    view! {
                        <fieldset class="row row--wide share__filters">
                            <legend class="visually-hidden">"Filters that readers may change"</legend>
                            <Check label="Readers may change all filters" checked=all_filters />
                            <Show when=move || !all_filters.get()>
                                {choices.get_value().into_iter().map(|(_, label, on)| view! { <Check label=label checked=on /> }).collect_view()}
                            </Show>
                        </fieldset>
                    }
                })}
            <details>
                <summary>"Rows that readers see"</summary>
                <div class="stack">
                    <p class="muted">"Where a model has access rules, readers of a link see the rows that these open; without them, none."</p>
                    <RowRulesFields rules=rules />
                </div>
            </details>
            <FormProblem problem=problem />
            <div class="row"><button class="button button--primary" type="submit" data-testid="create-share" disabled=move || create.pending().get()>"Create link"</button></div>
        </form>
    }
}

/// Fields of the chosen filters.
fn chosen(choices: &[(String, String, RwSignal<bool>)]) -> Vec<String> {
    let on = choices.iter().filter(|(.., on)| on.get_untracked());
    on.map(|(field, ..)| field.clone()).collect()
}

#[component]
fn LinkList(list: Vec<ShareInfo>, on_pause: Callback<(ShareId, bool)>, on_revoke: Callback<ShareId>) -> impl IntoView {
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
                            let (id, paused) = (share.id, share.paused);
                            let rules = row_rules_words(&share.roles, &share.attrs);
                            let views = share.max_views.map_or_else(|| share.views.to_string(), |most| format!("{} of {most}", share.views));
                            view! {
                                <tr>
                                    <td class="table__name">{share.name.unwrap_or_else(|| "Link".to_owned())} {share.has_password.then(|| view! { " " <span class="badge">"Password"</span> })} {paused.then(|| view! { " " <span class="badge badge--warning">"Paused"</span> })} {(!rules.is_empty()).then(|| view! { <div class="muted">{rules}</div> })}</td>
                                    <td class="table__aside">{share.created_by}</td>
                                    <td>{share.expires_at.format("%-d %b %Y").to_string()}</td>
                                    <td class="table__number table__aside">{views}</td>
                                    <td>
                                        <div class="table__buttons">
                                            <button class="button" type="button" on:click=move |_| on_pause.run((id, !paused))>{if paused { "Resume" } else { "Pause" }}</button>
                                            <ConfirmButton label="Revoke" question="Nobody can open it any more." on_sure=move |()| on_revoke.run(id) />
                                        </div>
                                    </td>
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
