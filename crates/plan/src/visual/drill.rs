//! Drilling: from a mark to the next finer step of what it stands for, in place: a finer bucket of a time, a finer range of a
//! number, or the next level of a hierarchy, which the step names.

use std::borrow::Cow;

use shared::{
    dashboard::{FilterState, SelectionValue, Tile},
    semantic::{Bin, Condition, Grain},
    visual::{Visual, VisualKind, WellItem, WellName},
};

use super::conditions::equals;

/// The step below: what a bucket of this grain is divided into. `None` where nothing finer says more.
pub const fn finer(grain: Grain) -> Option<Grain> {
    match grain {
        Grain::Year => Some(Grain::Quarter),
        Grain::Quarter => Some(Grain::Month),
        Grain::Month | Grain::Week => Some(Grain::Day),
        Grain::Day | Grain::Hour | Grain::Minute | Grain::Second | Grain::Millisecond => None,
    }
}

/// The item whose marks can be drilled into: the first group of the axis that has a finer step.
pub fn drillable(visual: &Visual) -> Option<(WellName, usize)> {
    first_along(visual, |item| below(item).is_some())
}

/// The groups that a step goes along, and the items in them that may be members of a hierarchy. Shapes of a map stay what
/// they are.
pub fn levels(visual: &Visual) -> Vec<(WellName, usize)> {
    if visual.kind == VisualKind::Choropleth {
        return Vec::new();
    }
    along(visual)
        .flat_map(|well| {
            let items = visual.wells.get(well).iter().enumerate();
            items
                .filter(|(_, item)| is_member(item))
                .map(move |(position, _)| (well, position))
        })
        .collect()
}

/// Is it grouped by the field already?
pub fn shows(visual: &Visual, field: &str) -> bool {
    let mut items = visual.kind.wells().iter().flat_map(|well| visual.wells.get(*well));
    items.any(|item| is_member(item) && item.field.as_deref() == Some(field))
}

fn along(visual: &Visual) -> impl Iterator<Item = WellName> {
    let wells = visual.kind.wells().iter().copied();
    wells.filter(|well| matches!(well, WellName::Axis | WellName::Columns | WellName::Legend))
}

fn first_along(visual: &Visual, fits: impl Fn(&WellItem) -> bool) -> Option<(WellName, usize)> {
    along(visual).find_map(|well| Some((well, visual.wells.get(well).iter().position(&fits)?)))
}

fn is_member(item: &WellItem) -> bool {
    item.field.is_some() && !item.is_measure() && item.grain.is_none() && item.part.is_none() && item.bin.is_none()
}

fn below(item: &WellItem) -> Option<WellItem> {
    if let Some(grain) = item.grain {
        return finer(grain).map(|grain| WellItem {
            grain: Some(grain),
            ..item.clone()
        });
    }
    match item.bin {
        Some(Bin::Width(_)) => Some(WellItem {
            bin: Some(Bin::AUTO),
            ..item.clone()
        }),
        Some(Bin::Auto(_)) | None => None,
    }
}

/// The visual as it stands after a drill; steps that no longer fit it are left out.
pub fn drilled<'v>(visual: &'v Visual, steps: &[SelectionValue]) -> Cow<'v, Visual> {
    let mut shown = Cow::Borrowed(visual);
    for step in steps {
        let Some((well, position)) = fitting(&shown, step) else {
            continue;
        };
        if let Some(item) = shown.to_mut().wells.get_mut(well).get_mut(position)
            && let Some(finer) = match &step.to {
                Some(to) => Some(WellItem::dimension(to)),
                None => below(item),
            }
        {
            *item = finer;
        }
    }
    shown
}

fn fitting(visual: &Visual, step: &SelectionValue) -> Option<(WellName, usize)> {
    if let Some(to) = &step.to {
        if shows(visual, to) {
            return None;
        }
        let is_it = |item: &WellItem| item.field.as_deref() == Some(step.field.as_str());
        return levels(visual)
            .into_iter()
            .find(|(well, position)| visual.wells.get(*well).get(*position).is_some_and(is_it));
    }
    let (well, position) = drillable(visual)?;
    let item = visual.wells.get(well).get(position)?;
    let same_step = item.grain == step.grain && item.bin.is_some() == step.bin.is_some();
    (item.field.as_deref() == Some(step.field.as_str()) && same_step).then_some((well, position))
}

/// The visual that a tile shows in a reader's state; `None` for tiles without one.
pub fn shown_visual<'t>(tile: &'t Tile, state: &FilterState) -> Option<Cow<'t, Visual>> {
    let visual = tile.visual()?;
    Some(match state.drills.get(&tile.id) {
        Some(steps) => drilled(visual, steps),
        None => Cow::Borrowed(visual),
    })
}

/// What a tile's drill narrows it to.
pub fn drill_conditions(tile: &Tile, state: &FilterState) -> Vec<Condition> {
    let steps = state.drills.get(&tile.id).into_iter().flatten();
    steps.map(equals).collect()
}

#[cfg(test)]
mod tests {
    use shared::table::Cell;

    use super::*;

    #[test]
    fn a_drill_goes_one_step_finer_each_time() {
        let mut visual = Visual::new(VisualKind::Column);
        visual.wells.axis = vec![WellItem::time("time", Grain::Year)];
        let step = |grain, value: &str| SelectionValue {
            field: "time".to_owned(),
            grain: Some(grain),
            part: None,
            bin: None,
            value: Cell::from(value),
            until: None,
            to: None,
        };
        let steps = [step(Grain::Year, "2025-01-01"), step(Grain::Quarter, "2025-04-01")];
        let grain = |steps: &[SelectionValue]| drilled(&visual, steps).wells.axis.first().unwrap().grain;
        assert_eq!(grain(&steps), Some(Grain::Month));
        assert_eq!(grain(steps.get(..1).unwrap()), Some(Grain::Quarter));
        assert_eq!(
            grain(steps.get(1..).unwrap()),
            Some(Grain::Year),
            "a step that does not fit is left out"
        );
    }

    #[test]
    fn a_step_goes_on_to_the_level_that_it_names() {
        let mut visual = Visual::new(VisualKind::ColumnStacked);
        visual.wells.axis = vec![WellItem::dimension("shops.country")];
        visual.wells.legend = vec![WellItem::dimension("orders.channel")];
        let step = |field: &str, to: &str| SelectionValue {
            field: field.to_owned(),
            grain: None,
            part: None,
            bin: None,
            value: Cell::from("x"),
            until: None,
            to: Some(to.to_owned()),
        };
        let fields = |steps: &[SelectionValue]| {
            let shown = drilled(&visual, steps);
            let field = |well: &[WellItem]| well.first().unwrap().field.clone().unwrap();
            (field(&shown.wells.axis), field(&shown.wells.legend))
        };
        let (down, city) = (
            step("shops.country", "shops.region"),
            step("shops.region", "shops.city"),
        );
        assert_eq!(
            fields(&[down.clone(), city.clone()]),
            ("shops.city".to_owned(), "orders.channel".to_owned())
        );
        assert_eq!(fields(&[city]).0, "shops.country");
        assert_eq!(fields(&[step("shops.country", "orders.channel")]).0, "shops.country");
        assert_eq!(
            fields(&[step("orders.channel", "orders.campaign")]).1,
            "orders.campaign"
        );
        visual.kind = VisualKind::Choropleth;
        assert_eq!(
            drilled(&visual, &[down]).wells.axis.first().unwrap().field.as_deref(),
            Some("shops.country")
        );
    }
}
