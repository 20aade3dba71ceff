//! What can be done with a field, on a right click: the same as by dragging it, and what its pill offers.

use leptos::{ev, prelude::*};
use shared::{
    ids::TileId,
    semantic::{SortDirection, Top},
    visual::{Visual, WellName},
};

use crate::{
    browser,
    components::{Icon, IconView, MenuAnchor, MenuPanel},
    designer::{
        editor::{Field, FieldKind, output_name, suggest, visual_title},
        properties::first_value,
        state::{Designer, PropertiesTab, Typing},
    },
};

/// Members that "top" keeps.
const TOP: u32 = 10;

/// The field whose menu is open.
#[derive(Clone, Copy)]
pub struct FieldMenuState {
    pub field: RwSignal<Option<Field>>,
    pub open: RwSignal<Option<MenuAnchor>>,
    waiting: StoredValue<Option<MenuAnchor>>,
}

impl FieldMenuState {
    pub fn new() -> Self {
        Self {
            field: RwSignal::new(None),
            open: RwSignal::new(None),
            waiting: StoredValue::new(None),
        }
    }

    /// Opens at once, or when the button is let go: what opens while it is down, the browser closes when it goes up.
    pub fn show(self, field: Field, at: MenuAnchor, pressed: bool) {
        self.field.set(Some(field));
        if pressed {
            self.waiting.set_value(Some(at));
        } else {
            self.open.set(Some(at));
        }
    }
}

#[component]
pub fn FieldMenu(designer: Designer, menu: FieldMenuState) -> impl IntoView {
    let released = window_event_listener(ev::pointerup, move |_| {
        if let Some(at) = menu.waiting.try_update_value(Option::take).flatten() {
            browser::after(0, move || menu.open.set(Some(at)));
        }
    });
    on_cleanup(move || released.remove());
    view! {
        <MenuPanel label="Field" open=menu.open>
            {move || menu.field.get().map(|field| items(designer, &field))}
        </MenuPanel>
    }
}

fn item(icon: Icon, words: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> AnyView {
    let words = words.into();
    view! {
        <button class="menu__item" type="button" role="menuitem" on:click=move |_| run()>
            <IconView icon=icon />
            {words}
        </button>
    }
    .into_any()
}

fn line() -> AnyView {
    view! { <hr class="menu__line" /> }.into_any()
}

fn items(designer: Designer, field: &Field) -> Vec<AnyView> {
    let single = designer.single_untracked();
    let selected = single.and_then(|tile| designer.visual_untracked(tile).map(|visual| (tile, visual)));
    let mut out = Vec::new();
    if let Some((tile, visual)) = selected.clone() {
        let title = designer
            .catalog
            .with_untracked(|catalog| visual_title(&visual, catalog));
        let own = field.clone();
        out.push(item(Icon::Plus, format!("Add to {title}"), move || {
            designer.add_to_visual(tile, &visual, std::slice::from_ref(&own));
        }));
    }
    let own = field.clone();
    out.push(item(Icon::BarChart, "Add as a new visual", move || {
        designer.insert_fields(std::slice::from_ref(&own), None);
    }));
    if !matches!(field.kind, FieldKind::Metric | FieldKind::Point) {
        let (every, page) = (field.clone(), field.clone());
        out.push(line());
        out.push(item(Icon::ListFilter, "Filter all pages by it", move || {
            designer.add_filter(&every, true);
        }));
        out.push(item(Icon::Filter, "Filter this page by it", move || {
            designer.add_filter(&page, false);
        }));
    }
    if !field.kind.is_value() && !matches!(field.kind, FieldKind::Time | FieldKind::Point) {
        let (own, selected) = (field.clone(), selected.clone());
        out.push(item(
            Icon::BarChartHorizontal,
            format!("Show the top {TOP}"),
            move || {
                show_top(designer, &own, selected.as_ref());
            },
        ));
    }
    if let Some((tile, visual)) = selected
        && let Some((well, index)) = place_in(&visual, field)
    {
        out.push(line());
        out.push(item(Icon::Pencil, "Rename in this visual", move || {
            designer.tab.set(PropertiesTab::Build);
            designer.typing.set(Some(Typing::Pill(tile, well, index)));
        }));
        out.push(item(Icon::SlidersHorizontal, "Format in this visual", move || {
            designer.tab.set(PropertiesTab::Format);
        }));
    }
    out
}

/// Where the visual shows the field first.
fn place_in(visual: &Visual, field: &Field) -> Option<(WellName, usize)> {
    visual.kind.wells().iter().find_map(|well| {
        let items = visual.wells.get(*well);
        let index = items.iter().position(|item| field.is_shown_by(item))?;
        Some((*well, index))
    })
}

/// In the selected visual when it groups by the field, else as a new one.
fn show_top(designer: Designer, field: &Field, selected: Option<&(TileId, Visual)>) {
    if let Some((tile, visual)) = selected
        && let Some((well, index)) = place_in(visual, field)
        && let Some(changed) = with_top(visual, well, index)
    {
        designer.change_visual(*tile, &changed, format!("Keep top {TOP}"));
        return;
    }
    let made = suggest(std::slice::from_ref(field));
    let visual = place_in(&made, field).and_then(|(well, index)| with_top(&made, well, index));
    designer.insert_visual(visual.unwrap_or(made), None);
}

fn with_top(visual: &Visual, well: WellName, index: usize) -> Option<Visual> {
    let top = Top {
        n: TOP,
        by: first_value(visual)?,
        per: Vec::new(),
        field: Some(output_name(visual, well, index)?),
        others: true,
        dir: SortDirection::Desc,
    };
    let mut changed = visual.clone();
    changed.query.top = Some(top);
    Some(changed)
}
