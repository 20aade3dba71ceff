//! API tokens: made here, shown once.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::{
    account::{TokenCreate, TokenCreated, TokenInfo},
    names,
    permission::Scope,
    share::Lifetime,
};

use crate::{
    components::{Check, ConfirmButton, CopyButton, Empty, Field, Icon, Moment, Notice, NoticeKind, loaded},
    contexts::{use_confirmation, use_toasts},
    server_fns::account::{create_token, list_tokens, revoke_token},
    wire,
};

const SCOPES: [(Scope, &str); 4] = [
    (Scope::Read, "Read dashboards and data, run queries"),
    (Scope::Write, "Create and change"),
    (Scope::Share, "Make and revoke links"),
    (Scope::Manage, "Members, keys, settings"),
];

#[component]
pub fn TokensPage() -> impl IntoView {
    let tokens = wire::load(|| (), |()| list_tokens());
    let made = RwSignal::new(None::<TokenCreated>);
    view! {
        <Title text="API tokens · Sightline" />
        <div class="page page--narrow">
            <header class="page__head">
                <div class="page__title"><h1>"API tokens"</h1><p class="muted">"For programs that use Sightline in your name, never above your own role."</p></div>
                <a class="button" href="/api/docs">"API reference"</a>
            </header>
            {move || made.get().map(|made| view! { <NewToken token=made.token /> })}
            <TokenForm on_made=Callback::new(move |token| { made.set(Some(token)); tokens.refetch(); }) />
            <Suspense>{move || Suspend::new(async move { loaded(tokens.await, |list| view! { <TokenList list=list on_change=Callback::new(move |()| tokens.refetch()) /> }) })}</Suspense>
        </div>
    }
}

#[component]
fn NewToken(token: String) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Good>
            <span class="notice__title">"Copy the token now; it is not shown again."</span>
            <code data-testid="new-token">{token.clone()}</code>
            <div class="row"><CopyButton text=token /></div>
        </Notice>
    }
}

#[component]
fn TokenForm(on_made: Callback<TokenCreated>) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let name = RwSignal::new(String::new());
    let days = RwSignal::new("90".to_owned());
    let chosen = SCOPES.map(|(scope, text)| (scope, text, RwSignal::new(scope == Scope::Read)));
    let create = crate::browser::action(move |(): &()| {
        let scopes = chosen
            .iter()
            .filter(|(.., on)| on.get_untracked())
            .map(|(scope, ..)| *scope)
            .collect();
        let request = names::Title::try_from(name.get_untracked()).map(|name| TokenCreate {
            name,
            expires_in: Lifetime::parse(&format!("{}d", days.get_untracked())),
            scopes,
        });
        async move {
            let made = match request {
                Ok(request) => confirmation.run(|| create_token(request.clone())).await,
                Err(error) => Err(shared::AppError::from(error).into()),
            };
            match made {
                Ok(token) => {
                    name.set(String::new());
                    on_made.run(token);
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <form class="card stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <h2>"New token"</h2>
            <Field label="Name" hint="What it is for."><input class="input" name="token-name" required=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
            <Field label="Days until it expires"><input class="input" type="number" min="1" max="365" required=true prop:value=days on:input=move |event| days.set(event_target_value(&event)) /></Field>
            <div class="stack">{chosen.map(|(_, text, on)| view! { <Check label=text checked=on /> })}</div>
            <div class="row"><button class="button button--primary" type="submit" disabled=move || create.pending().get()>"Create token"</button></div>
        </form>
    }
}

#[component]
fn TokenList(list: Vec<TokenInfo>, on_change: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let revoke = crate::browser::action(move |id: &shared::ids::TokenId| {
        let id = *id;
        async move {
            match revoke_token(id).await {
                Ok(()) => {
                    toasts.say("Token revoked. Programs that use it are refused from now on.");
                    on_change.run(());
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    if list.is_empty() {
        return view! { <Empty icon=Icon::KeyRound title="No tokens yet" text="Make one above for a script or another program." /> }.into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th class="table__aside">"May"</th><th>"Expires"</th><th class="table__aside">"Last used"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|token| {
                            let scopes: Vec<&str> = SCOPES.iter().filter(|(scope, _)| token.scopes.contains(scope)).map(|(_, text)| *text).collect();
                            let id = token.id;
                            view! {
                                <tr>
                                    <td class="table__name">{token.name}</td>
                                    <td class="table__aside">{scopes.join("; ")}</td>
                                    <td>{token.expires_at.format("%-d %b %Y").to_string()}</td>
                                    <td class="table__aside">{match token.last_used_at { Some(at) => view! { <Moment at=at /> }.into_any(), None => "Never".into_any() }}</td>
                                    <td class="table__number"><ConfirmButton label="Revoke" question="Programs that use it are refused from now on." on_sure=move |()| { revoke.dispatch(id); } /></td>
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
