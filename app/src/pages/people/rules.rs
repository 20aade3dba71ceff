//! Who has to have a second factor.

use leptos::prelude::*;
use shared::{factor::FactorPolicy, people::SignInRules};

use crate::{
    components::{Field, loaded},
    contexts::{use_confirmation, use_toasts},
    rest,
};

const ADDRESS: &str = "/api/v1/settings/sign-in";
const CHOICES: [(FactorPolicy, &str, &str); 3] = [
    (
        FactorPolicy::Nobody,
        "nobody",
        "Nobody has to: everybody decides for themselves",
    ),
    (FactorPolicy::Admins, "admins", "Administrators have to"),
    (FactorPolicy::Everybody, "everybody", "Everybody has to"),
];

#[component]
pub fn Rules() -> impl IntoView {
    let rules = LocalResource::new(|| rest::get::<SignInRules>(ADDRESS));
    view! {
        <section class="card stack" aria-labelledby="rules">
            <h2 id="rules">"Two-factor sign-in"</h2>
            <Suspense>{move || Suspend::new(async move { loaded(rules.await, move |now| view! { <RulesForm now=now on_change=Callback::new(move |()| rules.refetch()) /> }) })}</Suspense>
        </section>
    }
}

#[component]
fn RulesForm(now: SignInRules, on_change: Callback<()>) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let chosen = RwSignal::new(now.second_factor);
    let save = crate::browser::action(move |(): &()| {
        let wanted = SignInRules {
            second_factor: chosen.get_untracked(),
        };
        async move {
            match confirmation
                .run(|| rest::send::<_, SignInRules>("PUT", ADDRESS, &wanted, None))
                .await
            {
                Ok(_) => toasts.say("Saved."),
                Err(error) => toasts.fail(&error),
            }
            on_change.run(());
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
            <Field label="Who has to have a second factor" hint="Whoever has to and has none is led to set one up, and can do nothing else first. API tokens go on.">
                <select class="input" name="second-factor" on:change=move |event| {
                    let key = event_target_value(&event);
                    if let Some((choice, ..)) = CHOICES.iter().find(|(_, name, _)| *name == key) {
                        chosen.set(*choice);
                    }
                }>
                    {CHOICES.map(|(choice, key, text)| view! { <option value=key selected=move || chosen.get() == choice>{text}</option> })}
                </select>
            </Field>
            <div class="row"><button class="button" type="submit" disabled=move || save.pending().get()>"Save"</button></div>
        </form>
    }
}
