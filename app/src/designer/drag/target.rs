//! What lies under the pointer, and what dropping there would do.

use leptos::prelude::*;
use shared::{
    dashboard::Rect,
    ids::TileId,
    visual::{Visual, VisualKind, WellName},
};

use crate::designer::{
    editor::{DropPlan, Field, add_to_well, move_item, plan_drop},
    state::Designer,
};

/// Where a drop would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Empty canvas: a new visual.
    Canvas(Rect),
    /// A visual, into the best well.
    Tile { tile: TileId, well: Option<WellName> },
    /// A well of the selected visual, before the item at `position`.
    Well {
        tile: TileId,
        well: WellName,
        position: Option<usize>,
    },
    /// The filter bar.
    Filters,
    /// Out of its well.
    Remove,
}

/// Ghosts hang a little up and left of the pointer, px.
const GRIP_PX: (f64, f64) = (24.0, 16.0);

fn under((x, y): (f64, f64)) -> Option<web_sys::Element> {
    let point = (x as f32, y as f32);
    web_sys::window()?.document()?.element_from_point(point.0, point.1)
}

fn closest(element: &web_sys::Element, attribute: &str) -> Option<String> {
    element
        .closest(&format!("[{attribute}]"))
        .ok()
        .flatten()
        .and_then(|found| found.get_attribute(attribute))
}

fn well_named(name: &str) -> Option<WellName> {
    VisualKind::ALL
        .iter()
        .flat_map(|kind| kind.wells())
        .copied()
        .find(|well| well.as_str() == name)
}

/// The well and position under the pointer.
fn well_under(element: &web_sys::Element) -> Option<(WellName, Option<usize>)> {
    let well = closest(element, "data-well").and_then(|name| well_named(&name))?;
    let position = closest(element, "data-pill").and_then(|index| index.parse().ok());
    Some((well, position))
}

/// What dropping fields at a point does, and the words for it.
pub fn of_fields(
    designer: Designer,
    fields: &[Field],
    size: (u32, u32),
    at: (f64, f64),
    alt: bool,
) -> (Option<Target>, Option<String>) {
    let nothing = (None, None);
    let (Some(element), Some(first)) = (under(at), fields.first()) else {
        return nothing;
    };
    if let Some((well, position)) = well_under(&element) {
        let Some((tile, visual)) = selected_visual(designer) else {
            return nothing;
        };
        return match add_to_well(&visual, first, well, position) {
            Some(plan) => (Some(Target::Well { tile, well, position }), Some(plan.says)),
            None => (None, Some(refusal(first, well))),
        };
    }
    if closest(&element, "data-drop").as_deref() == Some("filters") {
        return (Some(Target::Filters), Some("Add as filter".to_owned()));
    }
    if !alt
        && let Some(tile) = closest(&element, "data-tile").and_then(|id| id.parse::<TileId>().ok())
        && let Some(visual) = designer.visual_untracked(tile)
    {
        return match plan_drop(&visual, first) {
            Some(DropPlan { well, says, .. }) => (Some(Target::Tile { tile, well }), Some(says)),
            None => (None, Some("This visual has no place for it".to_owned())),
        };
    }
    if closest(&element, "data-canvas").is_some()
        && let Some(metrics) = designer.drag.metrics(designer)
    {
        let (left, top) = designer.drag.on_canvas(at);
        let rect = metrics.rect_at(left - GRIP_PX.0, top - GRIP_PX.1, size);
        let kind = crate::designer::editor::suggest(fields).kind;
        return (
            Some(Target::Canvas(rect)),
            Some(format!("New: {}", kind.label().to_lowercase())),
        );
    }
    nothing
}

/// What dropping an item of a well at a point does, and the words for it.
pub fn of_pill(
    designer: Designer,
    tile: TileId,
    from: (WellName, usize),
    at: (f64, f64),
) -> (Option<Target>, Option<String>) {
    let (Some(element), Some(visual)) = (under(at), designer.visual_untracked(tile)) else {
        return (None, None);
    };
    if let Some((well, position)) = well_under(&element) {
        let field = item_field(designer, &visual, from);
        return match move_item(&visual, from, (well, position), field.as_ref()) {
            Some(plan) => (Some(Target::Well { tile, well, position }), Some(plan.says)),
            None => (None, None),
        };
    }
    if closest(&element, "data-canvas").is_some() {
        return (Some(Target::Remove), Some("Remove".to_owned()));
    }
    (None, None)
}

pub fn item_field(designer: Designer, visual: &Visual, (well, index): (WellName, usize)) -> Option<Field> {
    let item = visual.wells.get(well).get(index)?;
    designer
        .catalog
        .with_untracked(|catalog| catalog.of_item(item).cloned())
}

pub fn selected_visual(designer: Designer) -> Option<(TileId, Visual)> {
    let selection = designer.selection.get_untracked();
    let tile = selection.first().copied().filter(|_| selection.len() == 1)?;
    Some((tile, designer.visual_untracked(tile)?))
}

fn refusal(field: &Field, well: WellName) -> String {
    match well.role() {
        shared::visual::WellRole::Dimension => format!("{} is a result, it cannot be grouped by", field.label),
        shared::visual::WellRole::Measure => format!("{} cannot be counted here", field.label),
    }
}

/// The page tab under a point: before which position a dragged tab would go.
pub fn page_position(at: (f64, f64)) -> Option<usize> {
    let element = under(at)?;
    let tab = element.closest("[data-page-position]").ok().flatten()?;
    let position: usize = tab.get_attribute("data-page-position")?.parse().ok()?;
    Some(position)
}
