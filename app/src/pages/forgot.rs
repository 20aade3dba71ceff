//! A link that sets a new password, asked for by e-mail.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::{AppError, names::Email, people::ResetAsk};

use crate::{
    WireError,
    components::{Brand, Field, FormProblem, Notice, NoticeKind},
    rest,
};

#[component]
pub fn ForgotPage() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<WireError>);
    let asked = RwSignal::new(false);
    let ask = crate::browser::action(move |(): &()| {
        let request = Email::try_from(email.get_untracked().trim()).map(|email| ResetAsk { email });
        async move {
            problem.set(None);
            let sent = match request {
                Ok(request) => rest::send::<_, serde_json::Value>("POST", "/api/v1/resets", &request, None).await,
                Err(error) => Err(AppError::from(error).into()),
            };
            match sent {
                Ok(_) => asked.set(true),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <Title text="Forgotten password · Sightline" />
        <main class="center">
            <div class="gate">
                <div class="gate__brand"><Brand />"Sightline"</div>
                <form class="gate__form" method="post" on:submit=move |event| { event.prevent_default(); ask.dispatch(()); }>
                    <h1>"Forgotten password"</h1>
                    <FormProblem problem=problem />
                    <Show
                        when=move || !asked.get()
                        fallback=|| view! {
                            <Notice kind=NoticeKind::Good>
                                <span class="notice__title">"Look into your mail."</span>
                                <span>"If there is an account with this address, a link to set a new password is on its way. It works once, within 24 hours."</span>
                            </Notice>
                        }
                    >
                        <p class="muted">"You get a link that sets a new one."</p>
                        <Field label="E-mail">
                            <input class="input" type="email" name="email" autocomplete="username" required=true autofocus=true prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
                        </Field>
                        <button class="button button--primary button--large" type="submit" disabled=move || ask.pending().get()>"Send the link"</button>
                    </Show>
                    <a class="button button--large" href="/login">"Back to signing in"</a>
                </form>
            </div>
        </main>
    }
}
