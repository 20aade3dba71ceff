//! Who is in a group.

use leptos::prelude::*;
use shared::{group::GroupPerson, ids::UserId};

use crate::components::ConfirmButton;

#[component]
pub fn GroupPeople(people: Signal<Vec<GroupPerson>>, on_remove: Callback<UserId>) -> impl IntoView {
    let nobody = Memo::new(move |_| people.with(Vec::is_empty));
    view! {
        <section class="stack" aria-label="People of the group">
            <h3>"People"</h3>
            {move || {
                if nobody.get() {
                    return view! { <p class="muted">"Nobody yet."</p> }.into_any();
                }
                view! {
                    <div class="table-wrap">
                        <table class="table">
                            <thead><tr><th>"Name"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                            <tbody>
                                <For each=move || people.get() key=|person| person.user let:person>
                                    <Person person=person on_remove=on_remove />
                                </For>
                            </tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Person(person: GroupPerson, on_remove: Callback<UserId>) -> impl IntoView {
    let user = person.user;
    view! {
        <tr data-testid="group-person">
            <td class="table__name">{person.name}<p class="muted">{person.email.to_string()}</p></td>
            <td class="table__number">
                <ConfirmButton label="Remove" question="They lose what they had by this group." on_sure=move |()| on_remove.run(user) />
            </td>
        </tr>
    }
}
