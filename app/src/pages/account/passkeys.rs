//! Passkeys of the account.

use leptos::{html::Input, prelude::*};
use serde_json::Value;
use shared::{
    factor::{Factors, PasskeyCreate, PasskeyCreated, PasskeyInfo, PasskeyRename},
    ids::PasskeyId,
    names::Title,
};

use super::Shared;
use crate::{
    WireError,
    components::{ConfirmButton, Field, FormProblem, Moment},
    contexts::{use_confirmation, use_toasts},
    passkey, rest,
};

const ALL: &str = "/api/v1/me/passkeys";

#[component]
pub fn Passkeys(factors: Factors, shared: Shared) -> impl IntoView {
    // Loaded in the browser, so that it can be asked at once.
    let possible = factors.passkeys_possible && passkey::are_possible_here();
    view! {
        <section class="card stack" aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkeys"</h2>
            <p class="muted">"Your device or password manager proves that it is you: with a fingerprint, a face or a PIN, and nothing to type."</p>
            {(!factors.passkeys.is_empty()).then(|| view! { <PasskeyList list=factors.passkeys shared=shared /> })}
            {if possible {
                view! { <AddPasskey shared=shared /> }.into_any()
            } else {
                view! { <p>"Passkeys belong to a host name. Open Sightline under its name instead of a number, in a browser that knows passkeys."</p> }.into_any()
            }}
        </section>
    }
}

#[component]
fn AddPasskey(shared: Shared) -> impl IntoView {
    let confirmation = use_confirmation();
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<WireError>);
    let add = crate::browser::action(move |(): &()| {
        let name_text = name.get_untracked();
        async move {
            problem.set(None);
            match confirmation.run(|| make(name_text.clone())).await {
                Ok(made) => {
                    name.set(String::new());
                    if !made.recovery_codes.is_empty() {
                        shared.codes.set(made.recovery_codes);
                    }
                    shared.factors.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); add.dispatch(()); }>
            <Field label="Name of the new passkey" hint="Where it is kept, as “Work laptop”."><input class="input" name="passkey-name" required=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
            <FormProblem problem=problem />
            <div class="row"><button class="button" type="submit" disabled=move || add.pending().get()>"Add a passkey"</button></div>
        </form>
    }
}

async fn make(name: String) -> Result<PasskeyCreated, WireError> {
    let name = Title::try_from(name).map_err(shared::AppError::from)?;
    let options: Value = rest::send("POST", "/api/v1/me/passkeys/options", &Value::Null, None).await?;
    let credential = passkey::create(&options).await?;
    rest::send("POST", ALL, &PasskeyCreate { name, credential }, None).await
}

#[component]
fn PasskeyList(list: Vec<PasskeyInfo>, shared: Shared) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let remove = crate::browser::action(move |id: &PasskeyId| {
        let address = format!("{ALL}/{id}");
        async move {
            match confirmation
                .run(|| rest::send::<_, Value>("DELETE", &address, &Value::Null, None))
                .await
            {
                Ok(_) => {
                    toasts.say("Passkey removed. It no longer signs you in.");
                    shared.factors.refetch();
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th class="table__aside">"Added"</th><th class="table__aside">"Last used"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|key| {
                            let id = key.id;
                            view! {
                                <tr>
                                    <td class="table__name"><PasskeyName id=id name=key.name.to_string() /></td>
                                    <td class="table__aside"><Moment at=key.created_at /></td>
                                    <td class="table__aside">{match key.last_used_at { Some(at) => view! { <Moment at=at /> }.into_any(), None => "Never".into_any() }}</td>
                                    <td class="table__number"><ConfirmButton label="Remove" question="It no longer signs you in." on_sure=move |()| { remove.dispatch(id); } /></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The name, changed in place.
#[component]
fn PasskeyName(id: PasskeyId, name: String) -> impl IntoView {
    let toasts = use_toasts();
    let field = NodeRef::<Input>::new();
    let kept = StoredValue::new(name.clone());
    let rename = crate::browser::action(move |text: &String| {
        let name = Title::try_from(text.as_str());
        async move {
            let renamed: Result<PasskeyInfo, WireError> = match name {
                Ok(name) => rest::send("PUT", &format!("{ALL}/{id}"), &PasskeyRename { name }, None).await,
                Err(error) => Err(shared::AppError::from(error).into()),
            };
            match renamed {
                // The field stays as it is, and so does the focus in it.
                Ok(key) => {
                    kept.set_value(key.name.to_string());
                    toasts.say("Passkey renamed.");
                }
                Err(error) => {
                    toasts.fail(&error);
                    if let Some(field) = field.get_untracked() {
                        field.set_value(&kept.get_value());
                    }
                }
            }
        }
    });
    view! { <input class="input" node_ref=field aria-label="Name of the passkey" value=name on:change=move |event| { rename.dispatch(event_target_value(&event)); } /> }
}
