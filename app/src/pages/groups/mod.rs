//! Groups of people, for platform administrators.

mod add_person;
mod create;
mod group;
mod list;
mod people;
mod places;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::permission::PlatformRole;

use crate::{
    components::{Empty, Icon, InBrowser, loaded},
    contexts::use_current_user,
};
use list::GroupList;

#[component]
pub fn GroupsPage() -> impl IntoView {
    let user = use_current_user();
    view! {
        <Title text="Groups · Sightline" />
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    user.0.await,
                    |me| {
                        if me.user.platform_role == PlatformRole::Admin {
                            view! { <Groups /> }.into_any()
                        } else {
                            view! { <Empty icon=Icon::Lock title="For administrators" text="Only platform administrators make groups and choose who is in them." /> }
                                .into_any()
                        }
                    },
                )
            })}
        </Suspense>
    }
}

#[component]
fn Groups() -> impl IntoView {
    view! {
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>"Groups"</h1><p class="muted">"People who are to see and do the same. Owners of a workspace give a group its role there, on the Members page."</p></div>
            </header>
            <InBrowser><GroupList /></InBrowser>
        </div>
    }
}
