//! Where a group holds a role.

use leptos::prelude::*;
use shared::group::GroupPlace;

use crate::pages::members::label;

#[component]
pub fn Places(places: Vec<GroupPlace>) -> impl IntoView {
    let list = if places.is_empty() {
        view! { <p class="muted">"In no workspace yet."</p> }.into_any()
    } else {
        view! {
            <div class="table-wrap">
                <table class="table">
                    <thead><tr><th>"Workspace"</th><th>"Role"</th></tr></thead>
                    <tbody>
                        {places
                            .into_iter()
                            .map(|place| view! { <tr data-testid="group-place"><td class="table__name">{place.title.to_string()}</td><td>{label(place.role)}</td></tr> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-label="Workspaces of the group">
            <h3>"Roles in workspaces"</h3>
            {list}
            <p class="muted">"Owners of a workspace give groups their roles, on its Members page."</p>
        </section>
    }
}
