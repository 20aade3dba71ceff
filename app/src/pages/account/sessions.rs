//! Where one is signed in.

use leptos::prelude::*;
use serde_json::Value;
use shared::{account::SessionInfo, ids::SessionId};

use super::device;
use crate::{
    components::{ConfirmButton, Moment, loaded},
    contexts::use_toasts,
    rest,
};

const ALL: &str = "/api/v1/sessions";

#[component]
pub fn Sessions() -> impl IntoView {
    let toasts = use_toasts();
    let list = LocalResource::new(|| rest::get::<Vec<SessionInfo>>(ALL));
    let end = crate::browser::action(move |id: &Option<SessionId>| {
        let address = id.map_or_else(|| ALL.to_owned(), |id| format!("{ALL}/{id}"));
        async move {
            match rest::send::<_, Value>("DELETE", &address, &Value::Null, None).await {
                Ok(_) => toasts.say("Signed out there."),
                Err(error) => toasts.fail(&error),
            }
            list.refetch();
        }
    });
    view! {
        <section class="card stack" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <p class="muted">"End what you do not know, and change your password."</p>
            <Suspense>
                {move || Suspend::new(async move {
                    loaded(list.await, move |list| view! { <SessionList list=list on_end=Callback::new(move |id| { end.dispatch(id); }) /> })
                })}
            </Suspense>
        </section>
    }
}

#[component]
fn SessionList(
    list: Vec<SessionInfo>,
    /// `None`: all others.
    on_end: Callback<Option<SessionId>>,
) -> impl IntoView {
    let others = list.iter().filter(|session| !session.current).count();
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Browser"</th><th class="table__aside">"Address"</th><th>"Last used"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|session| {
                            let id = session.id;
                            view! {
                                <tr data-testid="session">
                                    <td class="table__name">{device::words(session.user_agent.as_deref())}</td>
                                    <td class="table__aside">{session.client_address.unwrap_or_else(|| "Unknown".to_owned())}</td>
                                    <td><Moment at=session.last_seen_at /></td>
                                    <td class="table__number">
                                        {if session.current {
                                            view! { <span class="badge badge--accent">"This one"</span> }.into_any()
                                        } else {
                                            view! { <ConfirmButton label="End" question="Whoever sits there has to sign in again." on_sure=move |()| on_end.run(Some(id)) /> }.into_any()
                                        }}
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        {(others > 0).then(|| view! { <div class="row"><ConfirmButton label="End all others" question="You stay signed in here only." on_sure=move |()| on_end.run(None) /></div> })}
    }
}
