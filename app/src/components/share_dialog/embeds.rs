//! Frames in other sites: which sites may show them, and the keys that sign their tickets.

use leptos::prelude::*;
use shared::{
    ids::{DashboardId, EmbedId},
    share::{EmbedCreate, EmbedInfo, EmbedKeyCreate, EmbedKeyCreated, EmbedKeyInfo},
};

use crate::{
    WireError,
    components::{ConfirmButton, CopyButton, Field, FormProblem, Notice, NoticeKind, loaded},
    contexts::use_confirmation,
    server_fns::share::{create_embed, create_embed_key, delete_embed, list_embed_keys, list_embeds, revoke_embed_key},
};

#[component]
pub fn Embeds(workspace: String, dashboard: DashboardId) -> impl IntoView {
    let slug = StoredValue::new(workspace);
    let problem = RwSignal::new(None::<WireError>);
    let list = LocalResource::new(move || list_embeds(slug.get_value(), dashboard));
    let origins = RwSignal::new(String::new());
    let create = crate::browser::action(move |(): &()| {
        let create = EmbedCreate {
            origins: origins.get_untracked().split_whitespace().map(str::to_owned).collect(),
            ..EmbedCreate::default()
        };
        async move {
            match create_embed(slug.get_value(), dashboard, create).await {
                Ok(_) => {
                    problem.set(None);
                    origins.set(String::new());
                    list.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let delete = crate::browser::action(move |id: &EmbedId| {
        let id = *id;
        async move {
            match delete_embed(slug.get_value(), dashboard, id).await {
                Ok(()) => {
                    problem.set(None);
                    list.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <p class="muted">"A frame opens with a ticket that your site's server signs, at most 10 minutes old. Only the origins you list may show it."</p>
        <form class="card stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <Field label="Origins that may frame it" hint="One or more, as https://portal.example.com"><input class="input" name="origins" required=true prop:value=origins on:input=move |event| origins.set(event_target_value(&event)) /></Field>
            <FormProblem problem=problem />
            <div class="row"><button class="button button--primary" type="submit" disabled=move || create.pending().get()>"Create embed"</button></div>
        </form>
        <Suspense>
            {move || Suspend::new(async move { loaded(list.await, move |list| view! { <EmbedList list=list on_delete=Callback::new(move |id| { delete.dispatch(id); }) /> }) })}
        </Suspense>
        <Keys slug=slug />
    }
}

#[component]
fn EmbedList(list: Vec<EmbedInfo>, on_delete: Callback<EmbedId>) -> impl IntoView {
    list.into_iter()
        .map(|embed| {
            let id = embed.id;
            let frame = format!("<iframe src=\"{}?ticket=…\" width=\"100%\" height=\"600\"></iframe>", embed.url);
            view! {
                <div class="card stack">
                    <strong>{embed.origins.join(", ")}</strong>
                    <code class="share__code">{frame}</code>
                    <div class="row"><ConfirmButton label="Delete embed" question="Sites that show it show an error from now on." on_sure=move |()| on_delete.run(id) /></div>
                </div>
            }
        })
        .collect_view()
}

#[component]
fn Keys(slug: StoredValue<String>) -> impl IntoView {
    let confirmation = use_confirmation();
    let problem = RwSignal::new(None::<WireError>);
    let keys = LocalResource::new(move || list_embed_keys(slug.get_value()));
    let made = RwSignal::new(None::<EmbedKeyCreated>);
    let create = crate::browser::action(move |(): &()| async move {
        let wanted = || EmbedKeyCreate {
            name: "Key".to_owned(),
            ..EmbedKeyCreate::default()
        };
        match confirmation.run(|| create_embed_key(slug.get_value(), wanted())).await {
            Ok(key) => {
                problem.set(None);
                made.set(Some(key));
                keys.refetch();
            }
            Err(error) => problem.set(Some(error)),
        }
    });
    let revoke = crate::browser::action(move |kid: &shared::ids::EmbedKeyId| {
        let kid = *kid;
        async move {
            match revoke_embed_key(slug.get_value(), kid).await {
                Ok(()) => {
                    problem.set(None);
                    keys.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <section class="stack">
            <h3>"Signing keys of this workspace"</h3>
            {move || {
                made.get()
                    .and_then(|key| key.secret.map(|secret| (key.kid, secret)))
                    .map(|(kid, secret)| {
                        view! {
                            <Notice kind=NoticeKind::Good>
                                <span class="notice__title">"Copy the secret now; it is not shown again."</span>
                                <span>"Key id " <code>{kid.to_string()}</code></span>
                                <code class="share__code">{secret.clone()}</code>
                                <div class="row"><CopyButton text=secret /></div>
                            </Notice>
                        }
                    })
            }}
            <Suspense>
                {move || Suspend::new(async move {
                    loaded(
                        keys.await,
                        move |keys: Vec<EmbedKeyInfo>| {
                            keys.into_iter()
                                .map(|key| {
                                    let kid = key.kid;
                                    view! { <div class="row"><code>{kid.to_string()}</code><span class="muted">{key.name}</span><ConfirmButton label="Revoke" question="Tickets signed with it are refused from now on." on_sure=move |()| { revoke.dispatch(kid); } /></div> }
                                })
                                .collect_view()
                        },
                    )
                })}
            </Suspense>
            <FormProblem problem=problem />
            <div class="row"><button class="button" type="button" disabled=move || create.pending().get() on:click=move |_| { create.dispatch(()); }>"New signing key"</button></div>
        </section>
    }
}
