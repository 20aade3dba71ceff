//! One field: drag source, button and tick.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::pane::{Looked, PaneState};
use crate::{
    browser,
    components::{Icon, IconView, MenuAnchor},
    designer::{
        drag::Gesture,
        editor::{Field, FieldKind, default_size, suggest, uses},
        state::Designer,
    },
};

/// The right button among those that are down.
const SECONDARY: u16 = 2;

/// The pointer rests on a field this long before its card is shown.
const REST_MS: u64 = 500;

pub const fn field_icon(kind: FieldKind) -> Icon {
    match kind {
        FieldKind::Metric => Icon::Gauge,
        FieldKind::Measure => Icon::Sigma,
        FieldKind::Number => Icon::Hash,
        FieldKind::Text => Icon::Text,
        FieldKind::Bool => Icon::ToggleLeft,
        FieldKind::Time => Icon::Calendar,
        FieldKind::Region => Icon::Globe,
        FieldKind::Point => Icon::MapPin,
    }
}

#[component]
pub fn FieldRow(designer: Designer, pane: PaneState, field: Field) -> impl IntoView {
    let field = StoredValue::new(field);
    let name = field.with_value(|field| field.name.clone());
    let own_name = name.clone();
    let chosen = Memo::new(move |_| pane.chosen.with(|chosen| chosen.contains(&own_name)));
    // The selected visual's fields; without one, those of the whole page.
    let used = Memo::new(move |_| {
        let (page, single) = (designer.page.get(), designer.single());
        designer.document.with(|document| {
            document
                .tiles
                .iter()
                .filter(|tile| single.map_or(Some(tile.page) == page, |single| tile.id == single))
                .filter_map(|tile| tile.visual())
                .any(|visual| field.with_value(|field| uses(visual, field)))
        })
    });
    let dragged = move || {
        let chosen = pane.chosen.get_untracked();
        let own = field.get_value();
        if chosen.contains(&own.name) {
            designer.catalog.with_untracked(|catalog| {
                catalog
                    .fields
                    .iter()
                    .filter(|field| chosen.contains(&field.name))
                    .cloned()
                    .collect()
            })
        } else {
            vec![own]
        }
    };
    let press = move |event: web_sys::PointerEvent| {
        pane.looked.set(None);
        let fields = dragged();
        let size = default_size(suggest(&fields).kind);
        designer.drag.begin(&event, Gesture::Fields { fields, size });
    };
    let click = move |event: web_sys::MouseEvent| {
        if designer.drag.just_ended() {
            return;
        }
        let name = field.with_value(|field| field.name.clone());
        if event.ctrl_key() || event.meta_key() {
            pane.chosen.update(|chosen| {
                if !chosen.remove(&name) {
                    chosen.insert(name);
                }
            });
        } else {
            designer.add_fields(&dragged());
            pane.chosen.set(Default::default());
        }
    };
    let menu = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        pane.looked.set(None);
        let at = MenuAnchor::Point {
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
        };
        pane.menu.show(field.get_value(), at, event.buttons() & SECONDARY != 0);
    };
    let resting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = resting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        pane.looked.set(None);
    };
    let enter = move |event: web_sys::PointerEvent| {
        if event.pointer_type() != "mouse" {
            return;
        }
        let row = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(row) = row else { return };
        let bounds = row.get_bounding_client_rect();
        let at = (bounds.right() + 4.0, bounds.top());
        resting.set_value(browser::after(REST_MS, move || {
            if let Some(field) = field.try_get_value() {
                pane.looked.set(Some(Looked { field, at }));
            }
        }));
    };
    let (label, kind, description) =
        field.with_value(|field| (field.label.clone(), field.kind, field.description.clone()));
    let filter_label = format!("Filter by {label}");
    view! {
        <li class="field-row" class:field-row--chosen=move || chosen.get() on:pointerenter=enter on:pointerleave=move |_| stop()>
            <button
                class="field-row__main"
                type="button"
                data-testid=format!("field-{name}")
                aria-description=description
                aria-pressed=move || chosen.get().then_some("true")
                on:pointerdown=press
                on:click=click
                on:contextmenu=menu
            >
                <span class="field-row__icon" title=kind.label()>
                    <IconView icon=field_icon(kind) />
                </span>
                <span class="field-row__label">{label}</span>
                <Show when=move || used.get()>
                    <span class="field-row__used" title="Used here">
                        <IconView icon=Icon::Check />
                        <span class="visually-hidden">"used here"</span>
                    </span>
                </Show>
            </button>
            {(kind != FieldKind::Metric)
                .then(|| {
                    view! {
                        <button
                            class="field-row__filter"
                            type="button"
                            title=filter_label.clone()
                            aria-label=filter_label
                            data-testid=format!("filter-by-{name}")
                            on:click=move |_| designer.add_filter(&field.get_value(), true)
                        >
                            <IconView icon=Icon::ListFilter />
                        </button>
                    }
                })}
        </li>
    }
}
