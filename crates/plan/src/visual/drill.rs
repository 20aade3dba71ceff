//! Drilling: from a mark to the next finer step of what it stands for, in place.

use std::borrow::Cow;

use shared::{
    dashboard::{FilterState, SelectionValue, Tile},
    semantic::{Bin, Condition, Grain},
    visual::{Visual, WellItem, WellName},
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
    visual.kind.wells().iter().copied().find_map(|well| {
        let is_along = matches!(well, WellName::Axis | WellName::Columns | WellName::Legend);
        let position = visual.wells.get(well).iter().position(|item| below(item).is_some())?;
        is_along.then_some((well, position))
    })
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
            && let Some(finer) = below(item)
        {
            *item = finer;
        }
    }
    shown
}

fn fitting(visual: &Visual, step: &SelectionValue) -> Option<(WellName, usize)> {
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
    use shared::{table::Cell, visual::VisualKind};

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
}
