//! What a reader may say in a filter state: conditions on the filters' own fields, marks of the tiles' own dimensions.

use std::borrow::Cow;

use plan::visual::drilled;
use shared::{
    AppError, ErrorCode,
    dashboard::{Dashboard, FilterState, Selection, SelectionValue, Tile},
    semantic::{Condition, Model},
    visual::{Visual, VisualKind, WellItem, WellName},
};

use super::access::Reading;

/// Refuses a state that says more than the page offers.
///
/// # Errors
/// 403 for a filter this reader may not change; 422 for a condition or a mark that speaks of another field, or a drill to
/// what is no next level.
pub(super) fn check_state(
    reading: &Reading,
    document: &Dashboard,
    model: &Model,
    state: &FilterState,
) -> Result<(), AppError> {
    for (id, condition) in &state.filters {
        // A filter that is not there any more asks nothing.
        let Some(filter) = document.filter(*id) else { continue };
        if !reading.may_change(filter) {
            let message = format!("The filter on {} cannot be changed here.", filter.target.field);
            return Err(AppError::forbidden(message).with_field(format!("filters.{id}")));
        }
        if let Some(condition) = condition
            && !speaks_only_of(condition, &filter.target.field)
        {
            let message = format!("This filter takes conditions on {} only.", filter.target.field);
            return Err(AppError::invalid(format!("filters.{id}"), message));
        }
    }
    for (id, steps) in &state.drills {
        let Some(tile) = document.tile(*id) else { continue };
        check_drill(tile, steps, model)?;
    }
    for (id, selection) in &state.selections {
        let Some(tile) = document.tile(*id) else { continue };
        check_selection(tile, selection, state)?;
    }
    if let Some(zone) = &state.time_zone
        && zone.parse::<chrono_tz::Tz>().is_err()
    {
        return Err(AppError::invalid(
            "time_zone",
            "This is not a time zone; write one as Europe/Berlin.",
        ));
    }
    Ok(())
}

const MAX_MARKS: usize = 1_000;
/// From a year to a day.
const MAX_STEPS: usize = 10;

/// Marks speak of what their tile shows.
///
/// # Errors
/// 422 for another field or too many marks.
pub(super) fn check_selection(tile: &Tile, selection: &Selection, state: &FilterState) -> Result<(), AppError> {
    let steps = state.drills.get(&tile.id).map_or(&[][..], Vec::as_slice);
    let shown = tile.visual().map(|visual| drilled(visual, steps));
    let values = selection.rows.iter().flat_map(|row| &row.0);
    check_fields(tile, shown.as_deref(), values, "selections")?;
    if selection.rows.len() > MAX_MARKS {
        let message = format!("At most {MAX_MARKS} marks can be selected.");
        return Err(AppError::new(ErrorCode::Limit, message));
    }
    Ok(())
}

/// Each step speaks of what the tile shows after those before it, and goes on to nothing but the next level of a hierarchy:
/// readers of a link choose among what is offered, not among all fields.
fn check_drill(tile: &Tile, steps: &[SelectionValue], model: &Model) -> Result<(), AppError> {
    if steps.len() > MAX_STEPS {
        let message = format!("At most {MAX_STEPS} steps can be drilled into.");
        return Err(AppError::new(ErrorCode::Limit, message));
    }
    let mut shown = tile.visual().map(Cow::Borrowed);
    for step in steps {
        check_fields(tile, shown.as_deref(), std::iter::once(step), "drills")?;
        if let Some(to) = &step.to
            && !model.levels_below(&model.full_name(&step.field)).contains(to)
        {
            let message = format!("{to} is no next level of {}.", step.field);
            return Err(AppError::invalid(format!("drills.{}", tile.id), message));
        }
        shown = shown.map(|visual| Cow::Owned(drilled(&visual, std::slice::from_ref(step)).into_owned()));
    }
    Ok(())
}

fn check_fields<'v>(
    tile: &Tile,
    shown: Option<&Visual>,
    mut values: impl Iterator<Item = &'v SelectionValue>,
    place: &str,
) -> Result<(), AppError> {
    match values.find(|value| !shown.is_some_and(|visual| shows_field(visual, &value.field))) {
        Some(other) => Err(AppError::invalid(
            format!("{place}.{}", tile.id),
            format!("This tile does not show {}.", other.field),
        )),
        None => Ok(()),
    }
}

fn speaks_only_of(condition: &Condition, field: &str) -> bool {
    match condition {
        Condition::And { and: parts } | Condition::Or { or: parts } => {
            parts.iter().all(|part| speaks_only_of(part, field))
        }
        Condition::Not { not } => speaks_only_of(not, field),
        Condition::Field(condition) => condition.field == field && condition.other.is_none(),
        Condition::Row(_) | Condition::Segment { .. } | Condition::Metric(_) => false,
    }
}

fn shows_field(visual: &Visual, field: &str) -> bool {
    let wells = visual
        .kind
        .wells()
        .iter()
        .flat_map(|well| visual.wells.get(*well).iter().map(move |item| (*well, item)));
    let grouped = |well: WellName, item: &WellItem| {
        // A scatter without details is grouped by its two numbers.
        let point = visual.kind == VisualKind::Scatter && matches!(well, WellName::X | WellName::Y);
        !item.is_measure() || point
    };
    wells
        .filter(|(well, item)| grouped(*well, item))
        .any(|(_, item)| item.field.as_deref() == Some(field))
}
