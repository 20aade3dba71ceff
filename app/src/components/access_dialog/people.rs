//! Who can see the object, as it stands on the server.

use leptos::prelude::*;
use shared::access::PersonAccess;

use super::{
    draft::Draft,
    words::{may, outside, reason},
};

#[component]
pub fn SeenBy(draft: Draft) -> impl IntoView {
    let saved = draft.saved();
    view! {
        <section class="stack" aria-label="Who can see this">
            <h3>"Who can see this"</h3>
            {move || draft.changed().then(|| view! { <p class="muted">"As it is now; what you changed above is not saved yet."</p> })}
            <div class="table-wrap">
                <table class="table">
                    <thead><tr><th>"Name"</th><th>"What they can do"</th></tr></thead>
                    <tbody>{move || saved.with(|access| access.people.iter().map(row).collect_view())}</tbody>
                </table>
            </div>
            {move || {
                saved
                    .with(|access| outside(access.links, access.frames))
                    .map(|words| view! { <p data-testid="open-outside">{words}</p> })
            }}
        </section>
    }
}

fn row(person: &PersonAccess) -> impl IntoView + use<> {
    view! {
        <tr data-testid="can-see">
            <td class="table__name">{person.name.clone()}<p class="muted">{reason(person)}</p></td>
            <td>{may(person.role)}</td>
        </tr>
    }
}
