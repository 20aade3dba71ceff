//! One item of a well: dragged, renamed, changed through its menu, removed.

use leptos::{html, prelude::*};
use shared::visual::{WellItem, WellName};

use super::{pane::Selected, pill_menu::PillMenu};
use crate::{
    components::{Icon, IconView},
    designer::{
        drag::Gesture,
        editor::{FieldKind, commands, item_label},
        fields_pane::field_icon,
        state::Typing,
    },
};

/// A pill and where it stands.
#[derive(Clone, Copy)]
pub struct PillPlace {
    pub selected: Selected,
    pub well: WellName,
    pub index: usize,
}

impl PillPlace {
    /// Types a name for the item in place.
    pub fn rename(self) {
        self.selected.designer.typing.set(Some(self.typing()));
    }

    const fn typing(self) -> Typing {
        Typing::Pill(self.selected.tile, self.well, self.index)
    }

    /// Replaces (`Some`) or takes out (`None`) the item.
    pub fn set(self, item: Option<WellItem>, name: String) {
        let designer = self.selected.designer;
        let document = designer.document.get_untracked();
        designer.run(commands::set_item(
            &document,
            self.selected.tile,
            (self.well, self.index),
            item,
            name,
        ));
    }
}

#[component]
pub fn Pill(selected: Selected, well: WellName, index: usize, item: WellItem) -> impl IntoView {
    let designer = selected.designer;
    let place = PillPlace { selected, well, index };
    let renaming = Memo::new(move |_| designer.typing.get() == Some(place.typing()));
    let (label, kind) = designer.catalog.with_untracked(|catalog| {
        let kind = catalog.of_item(&item).map(|field| field.kind);
        (item_label(&item, catalog), kind)
    });
    // A count of rows has no field of its own.
    let rows_of_table = item.agg.is_some() && item.field.as_ref().is_some_and(|field| !field.contains('.'));
    let gone = kind.is_none() && !rows_of_table;
    let icon = if gone {
        Icon::TriangleAlert
    } else {
        field_icon(kind.unwrap_or(FieldKind::Measure))
    };
    let (dragged, removed) = (label.clone(), label.clone());
    let (own, named) = (item.clone(), StoredValue::new(label.clone()));
    view! {
        <div
            class="pill"
            class:pill--gone=gone
            data-pill=index.to_string()
            data-testid=format!("pill-{}-{index}", well.as_str())
            title=if gone { "The model no longer has this field. Replace or remove it." } else { "" }
        >
            <span
                class="pill__grip"
                on:pointerdown=move |event| {
                    designer
                        .drag
                        .begin(
                            &event,
                            Gesture::Pill {
                                tile: selected.tile,
                                well,
                                index,
                                label: dragged.clone(),
                            },
                        );
                }
            >
                <IconView icon=icon />
                {move || {
                    if renaming.get() {
                        view! { <RenamePill place=place item=own.clone() label=named.get_value() /> }.into_any()
                    } else {
                        view! { <span class="pill__label">{named.get_value()}</span> }.into_any()
                    }
                }}
            </span>
            <PillMenu place=place item=item label=label />
            <button
                class="pill__remove"
                type="button"
                aria-label=format!("Remove {removed}")
                title="Remove"
                on:click=move |_| place.set(None, format!("Remove {removed}"))
            >
                <IconView icon=Icon::Close />
            </button>
        </div>
    }
}

#[component]
fn RenamePill(place: PillPlace, item: WellItem, label: String) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            if input.focus().is_err() {
                leptos::logging::warn!("the field could not be focused");
            }
            input.select();
        }
    });
    let before = label.clone();
    let typing = place.selected.designer.typing;
    let finish = move || {
        // Escape has ended it already when the field is left.
        if typing.get_untracked() != Some(place.typing()) {
            return;
        }
        typing.set(None);
        let Some(input) = input.get_untracked() else { return };
        let text = input.value().trim().to_owned();
        if text != before {
            let label = Some(text.clone()).filter(|text| !text.is_empty());
            place.set(Some(WellItem { label, ..item.clone() }), format!("Rename {before}"));
        }
    };
    let on_key = finish.clone();
    view! {
        <input
            class="input inline-text"
            type="text"
            maxlength="200"
            aria-label="Name in this visual"
            node_ref=input
            value=label
            on:pointerdown=|event| event.stop_propagation()
            on:blur=move |_| finish()
            on:keydown=move |event| {
                event.stop_propagation();
                match event.key().as_str() {
                    "Enter" => on_key(),
                    "Escape" => typing.set(None),
                    _ => {}
                }
            }
        />
    }
}
