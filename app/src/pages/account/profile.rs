//! Name and look.

use leptos::prelude::*;
use shared::{
    account::{Me, Preferences, ProfileUpdate, ThemeChoice},
    names,
};

use crate::{
    components::{Field, TimeZones},
    contexts::use_toasts,
    server_fns::account::update_profile,
};

const THEMES: [(ThemeChoice, &str, &str); 3] = [
    (ThemeChoice::Auto, "auto", "As my device"),
    (ThemeChoice::Light, "light", "Light"),
    (ThemeChoice::Dark, "dark", "Dark"),
];

#[component]
pub fn ProfileForm(me: Me) -> impl IntoView {
    let toasts = use_toasts();
    let name = RwSignal::new(me.user.name.clone());
    let theme = RwSignal::new(me.user.preferences.theme);
    let zone = RwSignal::new(me.user.preferences.time_zone.clone().unwrap_or_default());
    let role = me.user.platform_role;
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
    view! {
        <form class="card stack" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
            <h2>"You"</h2>
            <Field label="Name"><input class="input" required=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
            <p class="muted">"Platform role: " <strong>{role.title()}</strong> ". " {role.describe()}</p>
            <h2>"Look"</h2>
            <Field label="Theme">
                <select class="input" on:change=move |event| {
                    let chosen = event_target_value(&event);
                    theme.set(THEMES.iter().find(|(_, key, _)| *key == chosen).map(|(theme, ..)| *theme).unwrap_or_default());
                }>
                    {THEMES.map(|(choice, key, text)| view! { <option value=key selected=move || theme.get() == choice>{text}</option> })}
                </select>
            </Field>
            <Field label="Language" hint="Sightline speaks English so far.">
                <select class="input" disabled=true><option>"English"</option></select>
            </Field>
            <Field label="Time zone" hint="Type a city, as Berlin. Empty: each dashboard's own.">
                <input class="input" name="time-zone" list="time-zones" autocomplete="off" prop:value=zone on:input=move |event| zone.set(event_target_value(&event)) />
            </Field>
            <TimeZones id="time-zones" />
            <div class="row"><button class="button button--primary" type="submit" disabled=move || save.pending().get()>"Save"</button></div>
        </form>
    }
}
