//! A new point on the map, of two number columns.

use std::collections::BTreeSet;

use leptos::{ev::SubmitEvent, prelude::*};
use shared::semantic::{Dimension, DimensionType, Expression, ModelTable, Point, machine_name};

use crate::{
    components::{Icon, IconView},
    pages::model::{draft::ModelDraft, options::Choose},
};

/// Nothing where the table has no two numbers.
#[component]
pub fn AddPoint(draft: ModelDraft, table: StoredValue<String>) -> impl IntoView {
    let known = draft.table(table.get_value());
    let numbers = Signal::derive(move || known.with(|table| table.as_ref().map(numbers).unwrap_or_default()));
    let (label, lat, lon) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    // What a name speaks of is proposed until something is chosen.
    let chosen = move |signal: RwSignal<String>, starts: &'static [&'static str]| {
        let chosen = signal.get();
        if !chosen.is_empty() {
            return chosen;
        }
        let spoken = |(name, _): &&(String, String)| starts.iter().any(|start| name.starts_with(start));
        numbers
            .with(|numbers| {
                numbers
                    .iter()
                    .find(spoken)
                    .or(numbers.first())
                    .map(|(name, _)| name.clone())
            })
            .unwrap_or_default()
    };
    let latitude = Signal::derive(move || chosen(lat, &["lat"]));
    let longitude = Signal::derive(move || chosen(lon, &["lon", "lng"]));
    let is_whole = move || !label.with(|text| text.trim().is_empty()) && latitude.get() != longitude.get();
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_whole() {
            return;
        }
        draft.edit_table(&table.get_value(), |table| {
            let added = point(
                table,
                label.get_untracked().trim(),
                &latitude.get_untracked(),
                &longitude.get_untracked(),
            );
            table.dimensions.extend(added);
        });
        label.set(String::new());
    };
    view! {
        <Show when=move || numbers.with(|numbers| numbers.len() > 1)>
            <details class="disclosure">
                <summary>"Add a point on the map"</summary>
                <form class="form-grid" on:submit=add>
                    <label class="field">
                        <span class="field__label">"What it is called"</span>
                        <input class="input" placeholder="Place" prop:value=move || label.get() on:input=move |event| label.set(event_target_value(&event)) />
                    </label>
                    <Choose label="Latitude" options=numbers value=latitude on_choose=Callback::new(move |name| lat.set(name)) />
                    <Choose label="Longitude" options=numbers value=longitude on_choose=Callback::new(move |name| lon.set(name)) />
                    <div class="form-grid__button">
                        <button class="button" type="submit" disabled=move || !is_whole()><IconView icon=Icon::Plus />"Add the point"</button>
                    </div>
                </form>
            </details>
        </Show>
    }
}

/// Names and labels of its numbers.
fn numbers(table: &ModelTable) -> Vec<(String, String)> {
    let numbers = table
        .written_dimensions()
        .filter(|dimension| dimension.kind == DimensionType::Number);
    numbers
        .map(|dimension| (dimension.name.to_string(), dimension.display_label()))
        .collect()
}

/// Under a name that is free in the table, with those of its numbers.
fn point(table: &ModelTable, label: &str, latitude: &str, longitude: &str) -> Option<Dimension> {
    let mut taken: BTreeSet<String> = table
        .dimensions
        .iter()
        .map(|dimension| dimension.name.to_string())
        .collect();
    let name = machine_name(label, "place", &mut taken).ok()?;
    let expression = |name: &str| table.dimension(name).map(|dimension| dimension.expr.clone());
    let (lat, lon) = (expression(latitude)?, expression(longitude)?);
    Some(Dimension {
        label: Some(label.to_owned()),
        ..Dimension::new(
            name,
            DimensionType::Geo,
            Expression::Point(Box::new(Point { lat, lon })),
        )
    })
}
