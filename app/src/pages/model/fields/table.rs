//! The fields of one table.

use leptos::prelude::*;
use shared::semantic::DimensionType;

use super::{calculated::AddCalculated, point::AddPoint, preview::FieldValues, row::FieldRow};
use crate::{
    components::{Icon, IconView},
    pages::model::{
        draft::ModelDraft,
        options::{Choose, TextField, given},
        source::source_words,
    },
};

#[component]
pub fn TableFields(draft: ModelDraft, table: String, values: FieldValues) -> impl IntoView {
    let known = draft.table(table.clone());
    let label =
        Memo::new(move |_| known.with(|table| table.as_ref().map(|table| table.display_label()).unwrap_or_default()));
    let source = Memo::new(move |_| known.with(|table| table.as_ref().map(source_words).unwrap_or_default()));
    let names = draft.dimensions(table.clone());
    let name = StoredValue::new(table);
    view! {
        <section class="stack stack--tight" data-testid="table-fields">
            <header class="fields__head">
                <h2><IconView icon=Icon::Table />{move || label.get()}</h2>
                <span class="muted">{move || source.get()}</span>
            </header>
            <div class="form-grid">
                <TextField label="Label of the table" value=label on_change=Callback::new(move |text: String| draft.edit_table(&name.get_value(), |table| table.label = given(text))) />
                <DefaultTime draft=draft table=name />
            </div>
            <div class="table-wrap">
                <table class="table fields">
                    <thead><tr><th>"Label"</th><th>"Column"</th><th>"Type"</th><th>"When used as a value"</th><th>"Shown as"</th><th>"Also called"</th><th>"Values"</th><th title="Searching among kept values reads no rows">"Values kept"</th><th>"Used by"</th><th>"Hidden"</th><th><span class="visually-hidden">"Remove"</span></th></tr></thead>
                    <tbody>
                        <For each=move || names.get() key=Clone::clone let:field>
                            <FieldRow draft=draft table=name.get_value() field=field values=values />
                        </For>
                    </tbody>
                </table>
            </div>
            {draft.may_edit.then(|| view! { <AddCalculated draft=draft table=name /><AddPoint draft=draft table=name /> })}
        </section>
    }
}

/// What `time` means for metrics that name none.
#[component]
fn DefaultTime(draft: ModelDraft, table: StoredValue<String>) -> impl IntoView {
    let known = draft.table(table.get_value());
    let options = move || {
        let mut options = vec![(String::new(), "None".to_owned())];
        known.with(|table| {
            let fields = table.iter().flat_map(|table| &table.dimensions);
            let times = fields.filter(|dimension| dimension.kind == DimensionType::Time);
            options.extend(times.map(|dimension| (dimension.name.to_string(), dimension.display_label())));
        });
        options
    };
    let chosen = move || {
        known
            .with(|table| table.as_ref()?.default_time.as_ref().map(ToString::to_string))
            .unwrap_or_default()
    };
    let choose = move |name: String| {
        let time = given(name).and_then(|name| name.try_into().ok());
        draft.edit_table(&table.get_value(), |table| table.default_time = time);
    };
    view! { <Choose label="Its time" options=Signal::derive(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) /> }
}
