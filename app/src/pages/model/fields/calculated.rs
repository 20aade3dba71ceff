//! A new field that is worked out from the columns of its table.

use std::collections::BTreeSet;

use leptos::{ev::SubmitEvent, prelude::*};
use shared::semantic::{Dimension, DimensionType, Expression, ModelTable, machine_name};

use super::row::type_label;
use crate::{
    components::{Icon, IconView},
    pages::model::draft::ModelDraft,
};

const TYPES: [DimensionType; 3] = [DimensionType::Number, DimensionType::String, DimensionType::Bool];

#[component]
pub fn AddCalculated(draft: ModelDraft, table: StoredValue<String>) -> impl IntoView {
    let (label, sql, kind) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(0_usize),
    );
    let is_whole = move || !label.with(|text| text.trim().is_empty()) && !sql.with(|text| text.trim().is_empty());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_whole() {
            return;
        }
        let kind = TYPES
            .get(kind.get_untracked())
            .copied()
            .unwrap_or(DimensionType::Number);
        draft.edit_table(&table.get_value(), |table| {
            table.dimensions.extend(calculated(
                table,
                label.get_untracked().trim(),
                sql.get_untracked().trim(),
                kind,
            ));
        });
        label.set(String::new());
        sql.set(String::new());
    };
    view! {
        <details class="disclosure">
            <summary>"Add a calculated field"</summary>
            <form class="form-grid" on:submit=add>
                <label class="field">
                    <span class="field__label">"Label"</span>
                    <input class="input" prop:value=move || label.get() on:input=move |event| label.set(event_target_value(&event)) />
                </label>
                <label class="field">
                    <span class="field__label">"Expression"</span>
                    <input class="input code" spellcheck="false" placeholder="price * amount" prop:value=move || sql.get() on:input=move |event| sql.set(event_target_value(&event)) />
                </label>
                <label class="field">
                    <span class="field__label">"Type"</span>
                    <select class="input" on:change=move |event| kind.set(event_target_value(&event).parse().unwrap_or(0))>
                        {TYPES.iter().enumerate().map(|(index, kind)| view! { <option value=index.to_string()>{type_label(*kind)}</option> }).collect_view()}
                    </select>
                </label>
                <div class="form-grid__button">
                    <button class="button" type="submit" disabled=move || !is_whole()><IconView icon=Icon::Plus />"Add the field"</button>
                </div>
            </form>
        </details>
    }
}

/// Under a name that is free in the table.
fn calculated(table: &ModelTable, label: &str, sql: &str, kind: DimensionType) -> Option<Dimension> {
    let mut taken: BTreeSet<String> = table
        .dimensions
        .iter()
        .map(|dimension| dimension.name.to_string())
        .collect();
    let name = machine_name(label, "calculated", &mut taken).ok()?;
    Some(Dimension {
        label: Some(label.to_owned()),
        ..Dimension::new(name, kind, Expression::Sql(sql.to_owned()))
    })
}
