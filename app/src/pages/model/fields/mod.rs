//! Fields: what the columns of each table mean, and columns that are calculated.

mod calculated;
mod point;
mod preview;
mod row;
mod table;

use leptos::prelude::*;

use self::{preview::FieldValues, table::TableFields};
use super::draft::ModelDraft;

#[component]
pub fn FieldsView(draft: ModelDraft) -> impl IntoView {
    let tables = draft.tables();
    let values = FieldValues::new(draft);
    view! {
        <fieldset class="stack bare" disabled=!draft.may_edit>
            <legend class="visually-hidden">"Fields"</legend>
            <For each=move || tables.get() key=Clone::clone let:table>
                <TableFields draft=draft table=table values=values />
            </For>
        </fieldset>
    }
}
