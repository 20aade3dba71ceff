//! Metrics at the start of a period: of every bucket the one day (or hour) that starts the period around its first day.

use shared::{
    AppError,
    semantic::{Grain, TimeUnit},
};

use super::{
    calendar::Shift,
    interval::Interval,
    moments::{TimeKind, TimeValue},
    names::dimension_in,
    naming::{CELL, SHOWN, key_name},
    periods::shown_as,
    resolved::Resolved,
    shift::{Method, Shifting},
    spine::spine,
};
use crate::logical::{AggregateCall, Expression, Function, Named};

const STEP: &str = "__step";
const LAST: &str = "__last_step";

/// `shown`: the keys on the axis that the relation shows.
///
/// # Errors
/// `invalid` for parts of times, for grains finer than hours, and for hours without a range.
pub fn first_steps(
    resolved: &Resolved<'_>,
    place: &str,
    shown: &[usize],
    unit: TimeUnit,
) -> Result<Shifting, AppError> {
    let clock = &resolved.clock;
    let keys: Vec<_> = shown.iter().filter_map(|key| resolved.keys.get(*key)).collect();
    if keys.iter().any(|key| !key.has_bucket()) {
        let message = "The start of a period is found for buckets of time, not for parts of it.";
        return Err(AppError::invalid(place, message).with_hint("Group by a grain."));
    }
    let finest = keys.iter().filter_map(|key| key.grain).min();
    let step = match finest {
        Some(grain) if grain < Grain::Hour => {
            let message = format!("The start of a period is a day or an hour, not a {}.", grain.as_str());
            return Err(AppError::invalid(place, message));
        }
        Some(Grain::Hour) => Grain::Hour,
        Some(_) => Grain::Day,
        None if matches!(unit, TimeUnit::Hour | TimeUnit::Minute) => Grain::Hour,
        None => Grain::Day,
    };
    let plain = |read: Interval| Shifting {
        method: Method::Range,
        by: Shift::NONE,
        read,
        cut: None,
        no_week_53: false,
        pairs: None,
    };
    if keys.is_empty() {
        let start = resolved.range.from.map(|from| clock.truncate(from.wall, unit.grain()));
        return start
            .map(|start| plain(Interval::bucket(start, step, clock)))
            .ok_or_else(|| AppError::invalid(place, "A start needs a range of time, or a time dimension."));
    }
    // Every step is the start of its own period.
    if unit.grain() <= step && keys.iter().all(|key| key.grain == Some(step)) {
        return Ok(plain(resolved.range));
    }
    if step < Grain::Day && resolved.range.bounds().is_none() {
        let message = "The start of a period by hours needs a time range with two ends.";
        return Err(AppError::invalid("time", message));
    }
    let fact = resolved.facts.first().ok_or_else(AppError::internal)?;
    let dimension = dimension_in(resolved, &resolved.axis, fact)?;
    let kind = TimeKind::of(dimension, &resolved.model.time_zone, clock)?.bucket(step);
    let time = |column: &str| TimeValue {
        value: Expression::column(column),
        kind: kind.clone(),
    };
    // A bucket that the range cuts through still starts where it starts.
    let starts = |wall: i64| {
        let grains = keys.iter().filter_map(|key| key.grain);
        grains.map(|grain| clock.truncate(wall, grain)).min().unwrap_or(wall)
    };
    let whole = Interval {
        from: resolved.range.from.map(|from| clock.at_wall(starts(from.wall))),
        to: resolved.range.to,
    };
    let steps = spine(STEP, whole, step, &kind, clock)?;
    let (steps, mut columns) = shown_as(resolved, steps, &time(STEP), shown)?;
    columns.push(Named::same(STEP));
    let buckets = steps.project(columns).aggregate(
        shown.iter().map(|key| Named::same(key_name(*key))).collect(),
        vec![
            Named::new(SHOWN, AggregateCall::Min(Expression::column(STEP))),
            Named::new(LAST, AggregateCall::Max(Expression::column(STEP))),
        ],
    );
    let from = Interval {
        from: resolved
            .range
            .from
            .map(|from| clock.at_wall(clock.truncate(from.wall, step))),
        to: None,
    };
    let buckets = buckets.filter_all(time(LAST).within(from, clock));
    let start = start_of(&time(SHOWN), unit.grain().max(step), resolved);
    Ok(Shifting {
        method: Method::Paired { grain: step },
        by: Shift::NONE,
        read: Interval::ALL,
        cut: None,
        no_week_53: false,
        pairs: Some(buckets.project(vec![Named::same(SHOWN), Named::new(CELL, start)])),
    })
}

/// The start of the period around a step, as a step.
fn start_of(time: &TimeValue, grain: Grain, resolved: &Resolved<'_>) -> Expression {
    let clock = &resolved.clock;
    let truncated = |zone: Option<String>| {
        let truncate = Function::Truncate {
            grain,
            week_start: clock.week_start,
            zone,
        };
        Expression::call(truncate, vec![time.value.clone()])
    };
    match time.kind {
        TimeKind::Date => time.bucket(grain, clock),
        TimeKind::Wall => truncated(None),
        TimeKind::Instant | TimeKind::WallIn(_) if grain < Grain::Day => time.bucket(grain, clock),
        TimeKind::Instant | TimeKind::WallIn(_) => {
            let zone = clock.zone.name();
            Expression::call(Function::ToInstant { zone: zone.clone() }, vec![truncated(Some(zone))])
        }
    }
}
