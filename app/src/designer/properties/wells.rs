//! The wells of a visual and the pills in them.

use leptos::prelude::*;
use shared::visual::{WellItem, WellName, WellRole};

use super::{pane::Selected, pill::Pill};
use crate::{
    components::{Icon, IconView, Menu},
    designer::{
        drag::Target,
        editor::{Field, add_to_well, item_for, visual_title, well_label},
        fields_pane::field_icon,
    },
};

#[component]
pub fn WellList(selected: Selected) -> impl IntoView {
    let kind = selected.kind();
    let wells = move || {
        let kind = kind.get();
        kind.wells().iter().map(|well| (kind, *well)).collect::<Vec<_>>()
    };
    view! {
        <section class="properties__section">
            <h3>"Fields"</h3>
            <For
                each=wells
                key=|shown| *shown
                children=move |(kind, well)| {
                    view! { <Well selected=selected well=well label=well_label(kind, well) /> }
                }
            />
        </section>
    }
}

#[component]
fn Well(selected: Selected, well: WellName, label: &'static str) -> impl IntoView {
    let items = selected.part(move |visual| visual.wells.get(well).clone(), Vec::new());
    let target = Memo::new(
        move |_| matches!(selected.designer.drag.target.get(), Some(Target::Well { well: over, .. }) if over == well),
    );
    let numbered = move || items.get().into_iter().enumerate().collect::<Vec<(usize, WellItem)>>();
    let hint = match well.role() {
        WellRole::Dimension => "Drop a field to group by",
        WellRole::Measure => "Drop a number or a metric",
    };
    view! {
        <div
            class="well"
            class:well--target=move || target.get()
            data-well=well.as_str()
            data-testid=format!("well-{}", well.as_str())
            role="group"
            aria-label=label
        >
            <div class="well__head">
                <span class="well__label">{label}</span>
                <AddToWell selected=selected well=well label=label />
            </div>
            <For
                each=numbered
                key=|(index, item)| (*index, serde_json::to_string(item).unwrap_or_default())
                children=move |(index, item)| view! { <Pill selected=selected well=well index=index item=item /> }
            />
            <Show when=move || items.with(Vec::is_empty)>
                <p class="well__hint">{hint}</p>
            </Show>
        </div>
    }
}

/// The same as a drop, for the keyboard.
#[component]
fn AddToWell(selected: Selected, well: WellName, label: &'static str) -> impl IntoView {
    let designer = selected.designer;
    let fields = move || {
        designer.catalog.with(|catalog| {
            catalog
                .fields
                .iter()
                .filter(|field| item_for(field, well.role()).is_some())
                .cloned()
                .collect::<Vec<Field>>()
        })
    };
    let add = move |field: &Field| {
        if let Some(visual) = selected.visual.get_untracked()
            && let Some(plan) = add_to_well(&visual, field, well, None)
        {
            let title = designer
                .catalog
                .with_untracked(|catalog| visual_title(&visual, catalog));
            designer.change_visual(selected.tile, &plan.visual, format!("Add {} to {title}", field.label));
        }
    };
    view! {
        <Menu label=format!("Add a field to {label}") icon=Icon::Plus testid=format!("well-add-{}", well.as_str())>
            {move || {
                fields()
                    .into_iter()
                    .map(|field| {
                        let (icon, label) = (field_icon(field.kind), field.label.clone());
                        view! {
                            <button class="menu__item" type="button" role="menuitem" on:click=move |_| add(&field)>
                                <IconView icon=icon />
                                {label}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </Menu>
    }
}
