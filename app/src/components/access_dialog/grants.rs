//! Those that hold a right on the object itself.

use leptos::prelude::*;
use shared::access::{NamedGrant, ObjectRole, Subject};

use super::{draft::Draft, words::can};
use crate::components::{Icon, IconView};

#[component]
pub fn Grants(draft: Draft) -> impl IntoView {
    let nobody = Memo::new(move |_| draft.has_none());
    let hint = move || {
        if draft.restricted.get() {
            "Nobody yet: only the owners of the workspace see it."
        } else {
            "Nobody: everybody has what their role in the workspace gives."
        }
    };
    view! {
        <section class="stack" aria-label="Chosen people and groups">
            <h3>"Chosen people and groups"</h3>
            {move || {
                if nobody.get() {
                    return view! { <p class="muted">{hint}</p> }.into_any();
                }
                view! {
                    <div class="table-wrap">
                        <table class="table">
                            <thead><tr><th>"Name"</th><th>"What they can do"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                            <tbody>
                                <For each=move || draft.grants() key=|grant| grant.to let:grant>
                                    <Row draft=draft grant=grant />
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
fn Row(draft: Draft, grant: NamedGrant) -> impl IntoView {
    let to = grant.to;
    let is_group = matches!(to, Subject::Group(_));
    let role = Memo::new(move |_| draft.role(to).unwrap_or(ObjectRole::Viewer));
    let remove = format!("Remove {}", grant.name);
    let name = grant.name.clone();
    view! {
        <tr data-testid="grant">
            <td class="table__name">{name}{is_group.then(|| view! { " " <span class="badge">"Group"</span> })}</td>
            {if draft.may_change() {
                view! {
                    <td><RoleChoice draft=draft to=to name=grant.name role=role /></td>
                    <td class="table__number">
                        <button class="button button--quiet button--icon" type="button" aria-label=remove.clone() title=remove on:click=move |_| draft.remove(to)><IconView icon=Icon::Close /></button>
                    </td>
                }
                    .into_any()
            } else {
                view! { <td>{move || can(role.get())}</td><td></td> }.into_any()
            }}
        </tr>
    }
}

#[component]
fn RoleChoice(draft: Draft, to: Subject, name: String, role: Memo<ObjectRole>) -> impl IntoView {
    view! {
        <select
            class="input"
            aria-label=format!("What {name} can do")
            prop:value=move || role.get().as_str()
            on:change=move |event| {
                if let Some(role) = ObjectRole::parse(&event_target_value(&event)) {
                    draft.give(to, role);
                }
            }
        >
            {ObjectRole::ALL.map(|one| view! { <option value=one.as_str() selected=move || role.get() == one>{can(one)}</option> })}
        </select>
    }
}
