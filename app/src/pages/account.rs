//! One's own account.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::{
    account::{Me, PasswordChange, Preferences, ProfileUpdate, ThemeChoice},
    names,
};

use crate::{
    components::{Field, loaded},
    contexts::{use_current_user, use_toasts},
    rest,
    server_fns::account::update_profile,
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let user = use_current_user();
    view! {
        <Title text="Account · Sightline" />
        <Suspense>{move || Suspend::new(async move { loaded(user.0.await, |me| view! { <Account me=me /> }) })}</Suspense>
    }
}

const THEMES: [(ThemeChoice, &str, &str); 3] = [
    (ThemeChoice::Auto, "auto", "As my device"),
    (ThemeChoice::Light, "light", "Light"),
    (ThemeChoice::Dark, "dark", "Dark"),
];

#[component]
fn Account(me: Me) -> impl IntoView {
    let toasts = use_toasts();
    let name = RwSignal::new(me.user.name.clone());
    let theme = RwSignal::new(me.user.preferences.theme);
    let zone = RwSignal::new(me.user.preferences.time_zone.clone().unwrap_or_default());
    let save = crate::browser::action(move |(): &()| {
        let update = names::Title::try_from(name.get_untracked()).map(|name| ProfileUpdate {
            name: Some(name),
            preferences: Some(Preferences {
                theme: theme.get_untracked(),
                time_zone: Some(zone.get_untracked()).filter(|zone| !zone.is_empty()),
            }),
        });
        async move {
            let saved = match update {
                Ok(update) => update_profile(update).await,
                Err(error) => Err(shared::AppError::from(error).into()),
            };
            match saved {
                Ok(_) => crate::browser::go_to("/settings/account"),
                Err(error) => toasts.fail(&error),
            }
        }
    });
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let change = crate::browser::action(move |(): &()| {
        let request = PasswordChange {
            current: current.get_untracked(),
            new: new.get_untracked(),
        };
        async move {
            let changed: Result<serde_json::Value, crate::WireError> =
                rest::send("PUT", "/api/v1/me/password", &request, None).await;
            match changed {
                Ok(_) => {
                    toasts.say("Password changed. All other sessions were signed out.");
                    current.set(String::new());
                    new.set(String::new());
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <div class="page page--narrow">
            <header class="page__head">
                <div class="page__title"><h1>"Account"</h1><p class="muted">{me.user.email.to_string()}</p></div>
                <a class="button" href="/settings/tokens">"API tokens"</a>
            </header>
            <form class="card stack" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
                <h2>"You"</h2>
                <Field label="Name"><input class="input" required=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
                <Field label="Theme">
                    <select class="input" on:change=move |event| {
                        let chosen = event_target_value(&event);
                        theme.set(THEMES.iter().find(|(_, key, _)| *key == chosen).map(|(theme, ..)| *theme).unwrap_or_default());
                    }>
                        {THEMES.map(|(choice, key, text)| view! { <option value=key selected=move || theme.get() == choice>{text}</option> })}
                    </select>
                </Field>
                <Field label="Time zone" hint="As Europe/Berlin. Empty: each dashboard's own."><input class="input" prop:value=zone on:input=move |event| zone.set(event_target_value(&event)) /></Field>
                <div class="row"><button class="button button--primary" type="submit" disabled=move || save.pending().get()>"Save"</button></div>
            </form>
            <form class="card stack" on:submit=move |event| { event.prevent_default(); change.dispatch(()); }>
                <h2>"Password"</h2>
                <Field label="Current password"><input class="input" type="password" autocomplete="current-password" required=true prop:value=current on:input=move |event| current.set(event_target_value(&event)) /></Field>
                <Field label="New password" hint="At least 12 characters."><input class="input" type="password" autocomplete="new-password" minlength="12" required=true prop:value=new on:input=move |event| new.set(event_target_value(&event)) /></Field>
                <div class="row"><button class="button" type="submit" disabled=move || change.pending().get()>"Change password"</button></div>
            </form>
        </div>
    }
}
