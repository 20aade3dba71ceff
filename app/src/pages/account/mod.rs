//! One's own account: who one is, how it looks, and what protects it.

mod device;
mod passkeys;
mod password;
mod profile;
mod sessions;
mod two_factor;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::{account::Me, factor::Factors};

use crate::{
    WireError,
    components::{InBrowser, NewRecoveryCodes, Notice, NoticeKind, loaded},
    contexts::use_current_user,
    rest,
};
use passkeys::Passkeys;
use password::PasswordForm;
use profile::ProfileForm;
use sessions::Sessions;
use two_factor::TwoFactor;

#[component]
pub fn AccountPage() -> impl IntoView {
    let user = use_current_user();
    view! {
        <Title text="Account · Sightline" />
        <Suspense>{move || Suspend::new(async move { loaded(user.0.await, |me| view! { <Account me=me /> }) })}</Suspense>
    }
}

#[component]
fn Account(me: Me) -> impl IntoView {
    let email = me.user.email.to_string();
    let waits = me.must_set_up_factor;
    view! {
        <div class="page page--narrow">
            <header class="page__head">
                <div class="page__title"><h1>"Account"</h1><p class="muted">{email}</p></div>
                {(!waits).then(|| view! { <a class="button" href="/settings/tokens">"API tokens"</a> })}
            </header>
            {if waits {
                view! {
                    <Notice kind=NoticeKind::Warning>
                        <span class="notice__title">"This Sightline asks for a second factor."</span>
                        <span>"Set up an authenticator app or a passkey below. Everything else waits for it."</span>
                    </Notice>
                    <InBrowser><Protection waits=true /></InBrowser>
                }
                    .into_any()
            } else {
                view! {
                    <ProfileForm me=me />
                    <PasswordForm />
                    <InBrowser><Protection waits=false /><Sessions /></InBrowser>
                }
                    .into_any()
            }}
        </div>
    }
}

/// What the two sections of second factors share.
#[derive(Clone, Copy)]
struct Shared {
    factors: LocalResource<Result<Factors, WireError>>,
    /// Shown until they are said to be kept.
    codes: RwSignal<Vec<String>>,
}

#[component]
fn Protection(
    /// The person came here because nothing else is open to them.
    waits: bool,
) -> impl IntoView {
    let shared = Shared {
        factors: LocalResource::new(|| rest::get::<Factors>("/api/v1/me/factors")),
        codes: RwSignal::new(Vec::new()),
    };
    let kept = move |()| {
        shared.codes.set(Vec::new());
        if waits {
            crate::browser::go_to("/");
        }
    };
    view! {
        {move || {
            let codes = shared.codes.get();
            (!codes.is_empty()).then(|| view! { <NewRecoveryCodes codes=codes on_kept=kept /> })
        }}
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    shared.factors.await,
                    move |factors| {
                        view! {
                            <TwoFactor factors=factors.clone() shared=shared />
                            <Passkeys factors=factors shared=shared />
                        }
                    },
                )
            })}
        </Suspense>
    }
}
