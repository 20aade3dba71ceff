//! The table of groups, a page at a time.

use leptos::prelude::*;
use shared::{account::Page, group::GroupInfo, ids::GroupId};

use super::{create::NewGroup, group::GroupDialog};
use crate::{
    components::{Empty, Icon, loaded},
    rest,
};

/// All groups.
pub const ADDRESS: &str = "/api/v1/groups";
/// Groups of one page.
const LIMIT: u32 = 50;

#[component]
pub fn GroupList() -> impl IntoView {
    // Where each page up to this one began; empty: the first.
    let places = RwSignal::new(Vec::<String>::new());
    let page = LocalResource::new(move || {
        let address = address(places.with(|places| places.last().cloned()).as_deref());
        async move { rest::get::<Page<GroupInfo>>(&address).await }
    });
    let open = RwSignal::new(None::<GroupId>);
    // A group without people gives nobody anything: they are added next.
    let made = Callback::new(move |id| {
        page.refetch();
        open.set(Some(id));
    });
    view! {
        <NewGroup on_made=made />
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    page.await,
                    move |page| {
                        let next = page.next.clone();
                        let first = places.with_untracked(Vec::is_empty);
                        view! {
                            <GroupTable groups=page.items on_open=Callback::new(move |id| open.set(Some(id))) />
                            <div class="row">
                                {(!first).then(|| view! { <button class="button" type="button" on:click=move |_| places.update(|places| { places.pop(); })>"Before"</button> })}
                                {next.map(|next| view! { <button class="button" type="button" on:click=move |_| places.update(|places| places.push(next.clone()))>"Next"</button> })}
                            </div>
                        }
                    },
                )
            })}
        </Suspense>
        <GroupDialog group=open on_change=Callback::new(move |()| page.refetch()) />
    }
}

fn address(place: Option<&str>) -> String {
    let mut address = format!("{ADDRESS}?limit={LIMIT}");
    if let Some(place) = place {
        let place = js_sys::encode_uri_component(place);
        address.push_str(&format!("&cursor={place}"));
    }
    address
}

#[component]
fn GroupTable(groups: Vec<GroupInfo>, on_open: Callback<GroupId>) -> impl IntoView {
    if groups.is_empty() {
        return view! {
            <Empty
                icon=Icon::Group
                title="No groups yet"
                text="A group stands for many people at once: give it a role in a workspace, or a single dashboard, and whoever is in it has that too. Whoever leaves it loses it again."
            />
        }
        .into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr><th>"Name"</th><th class="table__number">"People"</th><th class="table__number table__aside">"Workspaces"</th><th><span class="visually-hidden">"Actions"</span></th></tr>
                </thead>
                <tbody>
                    {groups
                        .into_iter()
                        .map(|group| {
                            let id = group.id;
                            let label = format!("Manage {}", group.name);
                            view! {
                                <tr data-testid="group">
                                    <td class="table__name">{group.name.to_string()}</td>
                                    <td class="table__number">{group.people}</td>
                                    <td class="table__number table__aside">{group.workspaces}</td>
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
