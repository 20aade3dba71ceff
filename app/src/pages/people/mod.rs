//! Everybody on this Sightline, for platform administrators.

mod list;
mod person;
mod rules;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::permission::PlatformRole;

use crate::{
    components::{Empty, Icon, InBrowser, loaded},
    contexts::use_current_user,
};
use list::PeopleList;
use rules::Rules;

#[component]
pub fn PeoplePage() -> impl IntoView {
    let user = use_current_user();
    view! {
        <Title text="People · Sightline" />
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    user.0.await,
                    |me| {
                        if me.user.platform_role == PlatformRole::Admin {
                            view! { <People /> }.into_any()
                        } else {
                            view! { <Empty icon=Icon::Lock title="For administrators" text="Only platform administrators see everybody on this Sightline." /> }
                                .into_any()
                        }
                    },
                )
            })}
        </Suspense>
    }
}

#[component]
fn People() -> impl IntoView {
    view! {
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>"People"</h1><p class="muted">"Everybody who has an account on this Sightline. What they may do in a workspace is decided there."</p></div>
            </header>
            <InBrowser><PeopleList /><Rules /></InBrowser>
            <section class="card stack" aria-labelledby="roles">
                <h2 id="roles">"Platform roles"</h2>
                <dl class="facts">
                    {PlatformRole::ALL.map(|role| view! { <dt>{role.title()}</dt><dd>{role.describe()}</dd> })}
                </dl>
            </section>
        </div>
    }
}
