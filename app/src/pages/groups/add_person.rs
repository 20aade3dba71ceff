//! Finds somebody on this Sightline and adds them to a group.

use leptos::prelude::*;
use shared::{account::Page, group::GroupPerson, ids::UserId, people::PersonInfo};

use crate::{
    WireError,
    components::{SearchField, loaded},
    rest,
};

/// The most people that are offered; more letters find fewer.
const LIMIT: u32 = 8;

#[component]
pub fn AddPerson(
    /// Those that are in the group.
    people: Signal<Vec<GroupPerson>>,
    on_add: Callback<UserId>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = LocalResource::new(move || {
        let search = search.get();
        async move { find(search.trim()).await }
    });
    view! {
        <section class="stack" aria-label="Add a person">
            <h3>"Add a person"</h3>
            <SearchField label="Add a person" placeholder="Find by name or address" on_find=move |text| search.set(text) />
            <Suspense>
                {move || Suspend::new(async move {
                    loaded(
                        found.await,
                        move |found| {
                            found.map(|list| {
                                if list.is_empty() {
                                    view! { <p class="muted" role="status">"Nobody found. No name or address holds these letters."</p> }.into_any()
                                } else {
                                    view! { <Found list=list people=people on_add=on_add /> }.into_any()
                                }
                            })
                        },
                    )
                })}
            </Suspense>
        </section>
    }
}

/// `None`: nothing was asked.
async fn find(search: &str) -> Result<Option<Vec<PersonInfo>>, WireError> {
    if search.is_empty() {
        return Ok(None);
    }
    let search = js_sys::encode_uri_component(search);
    let page: Page<PersonInfo> = rest::get(&format!("/api/v1/people?limit={LIMIT}&search={search}")).await?;
    Ok(Some(page.items))
}

#[component]
fn Found(list: Vec<PersonInfo>, people: Signal<Vec<GroupPerson>>, on_add: Callback<UserId>) -> impl IntoView {
    let rows = list
        .into_iter()
        .map(|person| {
            let id = person.id;
            let label = format!("Add {}", person.name);
            let is_in = move || people.with(|people| people.iter().any(|one| one.user == id));
            view! {
                <tr data-testid="found-person">
                    <td class="table__name">{person.name}<p class="muted">{person.email.to_string()}</p></td>
                    <td class="table__number">
                        {move || {
                            if is_in() {
                                view! { <span class="muted">"In the group"</span> }.into_any()
                            } else {
                                view! { <button class="button" type="button" aria-label=label.clone() on:click=move |_| on_add.run(id)>"Add"</button> }.into_any()
                            }
                        }}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
