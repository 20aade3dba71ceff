//! Tables and joins: a diagram, the joins as forms, and another dataset in two clicks.

mod add_join;
mod diagram;
mod edge;
mod join_columns;
mod join_dataset;
mod join_form;
mod node;
mod place;

use leptos::prelude::*;

use self::{add_join::AddJoin, diagram::Diagram, join_dataset::JoinDataset, join_form::JoinCard};
use super::draft::ModelDraft;

#[component]
pub fn TablesView(draft: ModelDraft) -> impl IntoView {
    let joins = draft.joins();
    // The join whose form is open; its line stands out.
    let open = RwSignal::new(None::<String>);
    view! {
        <Diagram draft=draft open=open />
        <div class="tables">
            <fieldset class="stack stack--tight bare" disabled=!draft.may_edit>
                <legend class="visually-hidden">"Joins"</legend>
                <div class="fields__head">
                    <h2>"Joins"</h2>
                    {draft.may_edit.then(|| view! { <AddJoin draft=draft open=open /> })}
                </div>
                <Show when=move || joins.with(Vec::is_empty)>
                    <p class="muted">"None yet. A join lets the numbers of one table be grouped by the fields of another."</p>
                </Show>
                <For each=move || joins.get() key=Clone::clone let:join>
                    <JoinCard draft=draft name=join open=open />
                </For>
            </fieldset>
            {draft.may_edit.then(|| view! { <JoinDataset draft=draft open=open /> })}
        </div>
    }
}
