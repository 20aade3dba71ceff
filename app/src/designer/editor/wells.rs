//! Fields into wells: what a drop on a visual will do, moving items between wells, and swapping the kind.

use shared::visual::{Visual, VisualKind, WellItem, WellName, WellRole};

use super::{Field, FieldKind, item_for, output_names, suggest::with_point, title::well_label};

/// What dropping a field somewhere would make.
#[derive(Clone, Debug, PartialEq)]
pub struct DropPlan {
    pub visual: Visual,
    /// The well that takes it; `None` when the visual changes its kind.
    pub well: Option<WellName>,
    /// For the badge at the pointer: "Add to Legend".
    pub says: String,
}

/// A drop of `field` on the whole visual; `None` when it has no place.
pub fn plan_drop(visual: &Visual, field: &Field) -> Option<DropPlan> {
    let role = if field.kind.is_value() {
        WellRole::Measure
    } else {
        WellRole::Dimension
    };
    let free = |well: &&WellName| {
        well.role() == role
            && well.is_main()
            && visual
                .kind
                .capacity(**well)
                .is_none_or(|most| visual.wells.get(**well).len() < most)
    };
    if field.kind == FieldKind::Point {
        return Some(plan_point(visual, field));
    }
    if let Some(well) = coordinate(visual, field) {
        return add_to_well(visual, field, well, None);
    }
    if let Some(well) = visual.kind.wells().iter().find(free) {
        return add_to_well(visual, field, *well, None);
    }
    if visual.kind == VisualKind::Kpi {
        let kind = if field.kind == FieldKind::Time {
            VisualKind::Line
        } else {
            VisualKind::Bar
        };
        let swapped = swap_kind(visual, kind);
        let plan = add_to_well(&swapped, field, WellName::Axis, None)?;
        return Some(DropPlan {
            well: None,
            says: format!("Show as {} by {}", kind.label().to_lowercase(), field.label),
            ..plan
        });
    }
    // All wells of its role are full: it takes the place of the last item of the first such well.
    let well = visual.kind.wells().iter().find(|well| well.role() == role)?;
    add_to_well(visual, field, *well, None)
}

/// Both numbers of a point at once; another kind of visual becomes a map.
fn plan_point(visual: &Visual, point: &Field) -> DropPlan {
    let is_map = visual.kind == VisualKind::PointMap;
    let map = swap_kind(visual, VisualKind::PointMap);
    let mut changed = with_point(&map, point);
    if !is_map && changed.wells.detail.is_empty() {
        // What was grouped by took the places of the two numbers.
        let groups = [WellName::Latitude, WellName::Longitude].into_iter();
        changed.wells.detail = groups
            .flat_map(|well| map.wells.get(well).iter().cloned())
            .take(1)
            .collect();
    }
    tidy(&mut changed);
    DropPlan {
        visual: changed,
        well: is_map.then_some(WellName::Latitude),
        says: if is_map {
            format!("Show {}", point.label)
        } else {
            format!("Show as point map by {}", point.label)
        },
    }
}

/// The free well of a map that a number's name speaks of: `lat`, `Latitude`, `lng` …
fn coordinate(visual: &Visual, field: &Field) -> Option<WellName> {
    let name = field.name.rsplit('.').next()?.to_ascii_lowercase();
    let well = match name.get(..3)? {
        "lat" => WellName::Latitude,
        "lon" | "lng" => WellName::Longitude,
        _ => return None,
    };
    let free = visual.kind.wells().contains(&well) && visual.wells.get(well).is_empty();
    (free && accepts(visual.kind, well, field)).then_some(well)
}

/// Can the field stand there at all? Courses and calendars go along a time, coordinates are numbers, and a box plot needs
/// the single numbers that a metric no longer has.
fn accepts(kind: VisualKind, well: WellName, field: &Field) -> bool {
    let number = matches!(field.kind, FieldKind::Measure | FieldKind::Number);
    match (kind, well) {
        (_, WellName::Trend) | (VisualKind::Calendar, WellName::Axis) => field.kind == FieldKind::Time,
        (_, WellName::Latitude | WellName::Longitude) if field.kind == FieldKind::Point => true,
        (_, _) if field.kind == FieldKind::Point => false,
        (_, WellName::Latitude | WellName::Longitude) | (VisualKind::BoxPlot, WellName::Values) => number,
        (VisualKind::Histogram, WellName::Axis) => number || field.kind == FieldKind::Time,
        (_, _) => true,
    }
}

/// [`plan_drop`] without its words.
pub fn add_field(visual: &Visual, field: &Field) -> Option<Visual> {
    plan_drop(visual, field).map(|plan| plan.visual)
}

/// A drop of `field` on a well, before the item at `position` (`None`: at the end). A full well gives up its last item.
pub fn add_to_well(visual: &Visual, field: &Field, well: WellName, position: Option<usize>) -> Option<DropPlan> {
    if !visual.kind.wells().contains(&well) || !accepts(visual.kind, well, field) {
        return None;
    }
    if field.kind == FieldKind::Point {
        return Some(plan_point(visual, field));
    }
    let item = item_for(field, well.role())?;
    let mut changed = visual.clone();
    let replaced = put(&mut changed, well, position, item);
    if visual.kind == VisualKind::Choropleth && well == WellName::Axis && field.atlas.is_some() {
        changed.format.atlas = field.atlas;
    }
    tidy(&mut changed);
    let name = well_label(visual.kind, well);
    Some(DropPlan {
        visual: changed,
        well: Some(well),
        says: if replaced {
            format!("Replace in {name}")
        } else {
            format!("Add to {name}")
        },
    })
}

/// Returns whether something was replaced.
fn put(visual: &mut Visual, well: WellName, position: Option<usize>, item: WellItem) -> bool {
    let capacity = visual.kind.capacity(well);
    let items = visual.wells.get_mut(well);
    if let Some(same) = items.iter().position(|known| *known == item) {
        items.remove(same);
    }
    let mut replaced = false;
    while capacity.is_some_and(|most| items.len() >= most) && !items.is_empty() {
        items.pop();
        replaced = true;
    }
    let position = position.unwrap_or(items.len()).min(items.len());
    items.insert(position, item);
    replaced
}

/// Moves the item at `from` to a place in a well; `None` when it cannot stand there or is there already.
/// A column that changes between grouping and values becomes what it is there by default.
pub fn move_item(
    visual: &Visual,
    from: (WellName, usize),
    to: (WellName, Option<usize>),
    field: Option<&Field>,
) -> Option<DropPlan> {
    if !visual.kind.wells().contains(&to.0) || field.is_some_and(|field| !accepts(visual.kind, to.0, field)) {
        return None;
    }
    let mut changed = visual.clone();
    let items = changed.wells.get_mut(from.0);
    if from.1 >= items.len() {
        return None;
    }
    let item = items.remove(from.1);
    let position = match to.1 {
        Some(position) if to.0 == from.0 && position > from.1 => Some(position - 1),
        other => other,
    };
    let item = if from.0.role() == to.0.role() {
        item
    } else {
        item_for(field?, to.0.role())?
    };
    let replaced = put(&mut changed, to.0, position, item);
    tidy(&mut changed);
    if changed == *visual {
        return None;
    }
    let name = well_label(visual.kind, to.0);
    Some(DropPlan {
        visual: changed,
        well: Some(to.0),
        says: if to.0 == from.0 {
            format!("Reorder in {name}")
        } else if replaced {
            format!("Replace in {name}")
        } else {
            format!("Move to {name}")
        },
    })
}

/// Takes out of sort, top-N and totals what the wells no longer show.
pub fn tidy(visual: &mut Visual) {
    let names = output_names(visual);
    visual.query.sort.retain(|sort| {
        names.contains(&sort.by)
            || visual
                .query
                .compare
                .iter()
                .any(|compare| sort.by.contains(&format!("_{}", compare.alias)))
    });
    if visual
        .query
        .top
        .as_ref()
        .is_some_and(|top| !names.contains(&top.by) || top.field.as_ref().is_some_and(|field| !names.contains(field)))
    {
        visual.query.top = None;
    }
    for total in &mut visual.query.totals {
        total.retain(|name| names.contains(name));
    }
    visual.query.totals.dedup();
    if visual.kind != VisualKind::Table {
        visual.query.totals.clear();
    }
}

/// The same fields in another kind. Items that find no place wait in a well that the kind does not show (groups) and in
/// `tooltip` (values) for the way back; charts say what is in `tooltip`. Wells that are filled on purpose keep what they
/// have.
pub fn swap_kind(visual: &Visual, kind: VisualKind) -> Visual {
    if visual.kind == kind {
        return visual.clone();
    }
    let mut changed = visual.clone();
    // What is only said about marks stays that, where both kinds have marks.
    let keeps_tooltip = [visual.kind, kind]
        .iter()
        .all(|kind| kind.wells().contains(&WellName::Tooltip));
    let mut told = if keeps_tooltip {
        std::mem::take(changed.wells.get_mut(WellName::Tooltip))
    } else {
        Vec::new()
    };
    let mut dimensions = gather(&mut changed, visual.kind, WellRole::Dimension);
    let mut measures = gather(&mut changed, visual.kind, WellRole::Measure);
    changed.kind = kind;
    let filled = kind
        .wells()
        .iter()
        .filter(|well| well.is_main() && **well != WellName::Tooltip);
    for well in filled {
        let items = match well.role() {
            WellRole::Dimension => &mut dimensions,
            WellRole::Measure => &mut measures,
        };
        let mut count = kind.capacity(*well).unwrap_or(items.len()).min(items.len());
        // The last value of several becomes the line.
        if kind == VisualKind::Combo && *well == WellName::Values && items.len() > 1 {
            count = items.len() - 1;
        }
        *changed.wells.get_mut(*well) = items.drain(..count).collect();
    }
    // Where the kind shows it, what waits would be drawn.
    let waiting = [WellName::Detail, WellName::Columns, WellName::Legend]
        .into_iter()
        .find(|well| !kind.wells().contains(well));
    if let Some(waiting) = waiting {
        *changed.wells.get_mut(waiting) = dimensions;
    }
    told.extend(measures);
    *changed.wells.get_mut(WellName::Tooltip) = told;
    tidy(&mut changed);
    if kind != VisualKind::Kpi {
        changed.query.compare.clear();
    }
    changed
}

/// Empties the wells that `kind` shows, and what waits out of sight, in order and without repetition.
fn gather(visual: &mut Visual, kind: VisualKind, role: WellRole) -> Vec<WellItem> {
    let mut items: Vec<WellItem> = Vec::new();
    let shown = kind.wells().iter().copied();
    let waiting = WellName::ALL.into_iter().filter(|well| !kind.wells().contains(well));
    for well in shown
        .chain(waiting)
        .filter(|well| well.role() == role && well.is_main())
    {
        for item in std::mem::take(visual.wells.get_mut(well)) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    items
}
