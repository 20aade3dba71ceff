//! The table of people: found by name or address, a page at a time.

use leptos::prelude::*;
use shared::{account::Page, ids::UserId, people::PersonInfo};

use super::person::PersonDialog;
use crate::{
    components::{Empty, Icon, Moment, SearchField, loaded},
    rest,
};

/// People of one page.
const LIMIT: u32 = 50;

#[component]
pub fn PeopleList() -> impl IntoView {
    let search = RwSignal::new(String::new());
    // Where each page up to this one began; empty: the first.
    let places = RwSignal::new(Vec::<String>::new());
    let page = LocalResource::new(move || {
        let (search, place) = (search.get(), places.with(|places| places.last().cloned()));
        async move { rest::get::<Page<PersonInfo>>(&address(&search, place.as_deref())).await }
    });
    let find = move |text: String| {
        places.set(Vec::new());
        search.set(text);
    };
    let open = RwSignal::new(None::<UserId>);
    view! {
        <SearchField label="Find people" placeholder="Find by name or address" on_find=find />
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    page.await,
                    move |page| {
                        let next = page.next.clone();
                        view! {
                            <PeopleTable people=page.items on_open=Callback::new(move |id| open.set(Some(id))) />
                            <div class="row">
                                {move || {
                                    (!places.with(Vec::is_empty))
                                        .then(|| view! { <button class="button" type="button" on:click=move |_| places.update(|places| { places.pop(); })>"Before"</button> })
                                }}
                                {next.map(|next| view! { <button class="button" type="button" on:click=move |_| places.update(|places| places.push(next.clone()))>"Next"</button> })}
                            </div>
                        }
                    },
                )
            })}
        </Suspense>
        <PersonDialog person=open on_change=Callback::new(move |()| page.refetch()) />
    }
}

fn address(search: &str, place: Option<&str>) -> String {
    let mut address = format!("/api/v1/people?limit={LIMIT}");
    for (name, value) in [("search", Some(search)), ("cursor", place)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let value = js_sys::encode_uri_component(value);
            address.push_str(&format!("&{name}={value}"));
        }
    }
    address
}

#[component]
fn PeopleTable(people: Vec<PersonInfo>, on_open: Callback<UserId>) -> impl IntoView {
    if people.is_empty() {
        return view! { <Empty icon=Icon::User title="Nobody found" text="No name or address holds these letters." /> }
            .into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr><th>"Name"</th><th class="table__aside">"E-mail"</th><th>"Role"</th><th class="table__aside">"Second factor"</th><th class="table__aside">"Last seen"</th><th><span class="visually-hidden">"Actions"</span></th></tr>
                </thead>
                <tbody>
                    {people
                        .into_iter()
                        .map(|person| {
                            let id = person.id;
                            let label = format!("Manage {}", person.name);
                            view! {
                                <tr data-testid="person">
                                    <td class="table__name">{person.name}" "{person.disabled_at.is_some().then(|| view! { <span class="badge badge--warning">"Disabled"</span> })}</td>
                                    <td class="table__aside">{person.email.to_string()}</td>
                                    <td>{person.platform_role.title()}</td>
                                    <td class="table__aside">{if person.has_second_factor { "On" } else { "Off" }}</td>
                                    <td class="table__aside">{match person.last_seen_at { Some(at) => view! { <Moment at=at /> }.into_any(), None => "Not signed in".into_any() }}</td>
                                    <td class="table__number"><button class="button" type="button" aria-label=label on:click=move |_| on_open.run(id)>"Manage"</button></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
