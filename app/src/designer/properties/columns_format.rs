//! How the numbers of a table's columns look beside being written, and a pivot table's subtotals.

use leptos::prelude::*;
use plan::visual::outputs;
use shared::visual::{ColumnLook, Family};

use super::pane::Selected;
use crate::designer::{
    controls::{Choose, Toggle},
    editor::item_label,
};

const LOOKS: [(Option<ColumnLook>, &str, &str); 3] = [
    (None, "", "Plain"),
    (Some(ColumnLook::Bar), "bar", "Bars"),
    (Some(ColumnLook::Shade), "shade", "Shades"),
];

#[component]
pub fn ColumnsFormat(selected: Selected) -> impl IntoView {
    let names = Memo::new(move |_| {
        selected.visual.with(|visual| {
            let measures = visual.iter().flat_map(outputs).filter(|output| output.is_measure);
            measures
                .map(|output| {
                    let label = selected
                        .designer
                        .catalog
                        .with(|catalog| item_label(output.item, catalog));
                    (output.name, label)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="properties__section">
            <h3>"Columns of numbers"</h3>
            {move || {
                names
                    .get()
                    .into_iter()
                    .map(|(name, label)| view! { <ColumnLine selected=selected name=name label=label /> })
                    .collect_view()
            }}
        </section>
    }
}

#[component]
fn ColumnLine(selected: Selected, name: String, label: String) -> impl IntoView {
    let column = name.clone();
    let look = selected.part(
        move |visual| visual.format.columns.get(&column).and_then(|column| column.look),
        None,
    );
    let options = Signal::derive(|| {
        LOOKS
            .iter()
            .map(|(_, name, words)| ((*name).to_owned(), (*words).to_owned()))
            .collect::<Vec<_>>()
    });
    let value = Signal::derive(move || {
        let look = look.get();
        LOOKS
            .iter()
            .find(|(known, _, _)| *known == look)
            .map_or_else(String::new, |(_, name, _)| (*name).to_owned())
    });
    let testid = format!("look-{name}");
    view! {
        <Choose
            label=label
            options=options
            value=value
            on_change=Callback::new(move |chosen: String| {
                let look = LOOKS.iter().find(|(_, name, _)| *name == chosen).and_then(|(look, _, _)| *look);
                let name = name.clone();
                selected.change("Change a column's look", move |visual| visual.format.columns.entry(name).or_default().look = look);
            })
            testid=testid
        />
    }
}

#[component]
pub fn PivotFormat(selected: Selected) -> impl IntoView {
    let subtotals = selected.part(|visual| !visual.format.without_subtotals, true);
    let is_pivot = selected.part(|visual| visual.kind.family() == Family::Pivot, false);
    view! {
        <Show when=move || is_pivot.get()>
            <section class="properties__section">
                <h3>"Pivot table"</h3>
                <Toggle
                    label="Subtotals"
                    value=subtotals
                    on_change=Callback::new(move |on: bool| selected.format(&["without_subtotals"], !on, "subtotals"))
                    testid="subtotals"
                />
            </section>
        </Show>
    }
}
