//! The rows of one fact, filtered, with keys and arguments: what is aggregated.

mod arguments;
mod joined;
mod moment;
mod others;
mod shown;

use shared::{
    AppError,
    semantic::{Condition, DimensionType, Grain, Multiply, SemiAdditive},
};

pub use self::joined::{constant, gated, scan};
use self::{
    arguments::Arguments,
    moment::{choice, moment_columns},
    others::with_others,
    shown::{Shown, decides, join_spine, needs_own_time, shown_key, shown_time},
};
use super::{
    Policy,
    definition::Reading,
    gate::members_gate,
    interval::Interval,
    lower::{Lowering, scalar},
    moments::TimeValue,
    names::{find_field, in_fact, time_of},
    naming::{BASE_TIME, CELL, OTHERS, key_name, same_name},
    periods::period_of,
    resolve::fields_of,
    resolved::{Conversion, Fact, Field, Key, Resolved},
    shift::{Method, Shifting},
    top::Top,
};
use crate::{
    graph::{Reach, Step, Way, prefix},
    logical::{Expression, Function, JoinKind, Named, Node},
};

/// The step of time that a row of a cumulative value lies in.
pub const WINDOW_DAY: &str = "__day";

/// What to read, and under which keys.
pub struct RowsOf<'s> {
    pub fact: usize,
    /// Leaves whose arguments are needed.
    pub leaves: &'s [usize],
    pub keys: &'s [usize],
    /// The rows' own time lies in it (without a shift).
    pub range: Interval,
    pub shifting: Option<&'s Shifting>,
    /// Members outside the top become "Others"; adds the column `OTHERS`.
    pub others: Option<&'s Top>,
    /// Only rows whose keys (all of the query) occur here.
    pub keep: Option<&'s Node>,
    /// Rows for a cumulative value: adds the column `WINDOW_DAY` with the step that each lies in. Conditions on the axis do
    /// not choose rows then.
    pub window_step: Option<Grain>,
    /// For base events: adds when they happened, and what their conversions share with them.
    pub conversion: Option<&'s Conversion>,
    /// The members of the query's own table instead of rows of a fact: conditions that are not about them do not count.
    pub root: bool,
    /// Instead of arguments: the time of the rows each leaf counts, for this comparison.
    pub first_times: Option<usize>,
}

/// Columns: `k…` of the keys, `a…` and `f…` of the leaves, `t` (time) when a leaf needs an order, `o` with others.
///
/// # Errors
/// As lowering conditions.
pub fn rows(resolved: &Resolved<'_>, spec: &RowsOf<'_>) -> Result<Node, AppError> {
    let fact = if spec.root {
        resolved.root
    } else {
        resolved.facts.get(spec.fact).copied()
    };
    let fact = fact.ok_or_else(AppError::internal)?;
    let mut lowering = Lowering::new(resolved, fact);
    let mut filters = policy_filters(&mut lowering)?;
    for condition in &resolved.conditions {
        if !spec.root || is_of_members(resolved, &fact, condition) {
            filters.push(lowering.condition(condition)?);
        }
    }
    let axis = if spec.root { None } else { axis_value(resolved, &fact)? };
    filters.extend(axis_filters(&mut lowering, axis.as_ref(), spec)?);
    let arguments = Arguments::of(&mut lowering, spec)?;
    filters.extend(arguments.filter.clone());

    let needed = needed_keys(resolved, spec);
    let shown = spec
        .shifting
        .zip(axis.as_ref())
        .and_then(|(shifting, axis)| shown_time(shifting, axis, resolved));
    let mut columns = Vec::new();
    let mut late = Vec::new();
    // Dimensions of one role share its rows.
    let mut members: Vec<Members<'_, '_>> = Vec::new();
    for key in &needed {
        let (Some(target), name) = (resolved.keys.get(*key), key_name(*key)) else {
            continue;
        };
        match (&shown, !target.inner && resolved.on_axis(&target.field, &fact)) {
            (Some(shown), true) => {
                // Periods of what a spine displays are looked up there.
                let value = if shown.joined && target.periods.is_some() {
                    Expression::column(name.clone())
                } else if let Some(start) = period_of(&mut lowering, target, &shown.time, &resolved.clock)? {
                    start
                } else {
                    shown_key(shown, target, axis.as_ref(), resolved)?
                };
                if shown.joined && !needs_own_time(target) {
                    late.push(Named::new(name, value))
                } else {
                    columns.push(Named::new(name, value))
                }
            }
            _ => match many(resolved, &fact, target)? {
                None => columns.push(Named::new(name, key_value(&mut lowering, target)?)),
                Some((before, step)) => {
                    let member = format!("__many{key}");
                    columns.push(Named::new(name, Expression::column(member.clone())));
                    let together = members.iter_mut().find(|(way, other, _): &&mut Members<'_, '_>| {
                        prefix(way) == prefix(&before) && other.node == step.node
                    });
                    match together {
                        Some((_, _, keys)) => keys.push((member, target)),
                        None => members.push((before, step, vec![(member, target)])),
                    }
                }
            },
        }
    }
    columns.extend(arguments.columns);
    let semi_additive = semi_additive_of(resolved, spec);
    if let Some(semi_additive) = semi_additive {
        columns.extend(moment_columns(resolved, semi_additive, &fact)?);
    }
    if let (Some(step), Some(axis)) = (spec.window_step, &axis) {
        columns.push(Named::new(WINDOW_DAY, axis.bucket(step, &resolved.clock)));
    }
    if let (Some(conversion), None) = (spec.conversion, spec.first_times) {
        columns.extend(base_columns(&lowering, conversion)?);
    }
    let paired = spec
        .shifting
        .is_some_and(|shifting| matches!(shifting.method, Method::Paired { .. }));
    let joins_spine = paired || !late.is_empty();
    if let (Some(Shown { cell: Some(cell), .. }), true) = (&shown, joins_spine) {
        columns.push(Named::new(CELL, cell.clone()));
    }
    for (before, step, keys) in &members {
        let gate = members_gate(&lowering, before, *step, keys)?;
        lowering.push(gate)?;
    }
    let mut node = scan(resolved, &fact, &filters, &columns, lowering.gates)?.filter_all(filters);
    // Where only the number of rows counts, there is nothing to project.
    if !columns.is_empty() {
        node = node.project(columns.clone());
    }
    if let (Some(shifting), true) = (spec.shifting, joins_spine) {
        node = join_spine(node, &columns, late, shifting, &shown, resolved)?;
    }
    if let Some(semi_additive) = semi_additive {
        let on_axis = |key: &Key<'_>| resolved.on_axis(&key.field, &fact);
        let buckets = spec
            .keys
            .iter()
            .copied()
            .filter(|key| resolved.keys.get(*key).is_some_and(on_axis));
        node = choice(node, semi_additive, buckets.map(key_name));
    }
    if let Some(top) = spec.others {
        node = with_others(node, top, &needed, &columns, resolved);
    }
    if let Some(keep) = spec.keep {
        let is_answered = |key: &&usize| resolved.keys.get(**key).is_some_and(|key| !key.inner);
        let mut on: Vec<String> = needed.iter().filter(is_answered).map(|key| key_name(*key)).collect();
        on.extend(spec.others.map(|_| OTHERS.to_owned()));
        node = node.join_on(JoinKind::Semi, keep.clone(), &on);
    }
    Ok(node)
}

/// Is the condition about what each member of the fact has one of?
fn is_of_members(resolved: &Resolved<'_>, fact: &Fact<'_>, condition: &Condition) -> bool {
    let mut names = Vec::new();
    fields_of(condition, &mut names);
    let has_one = |name: &String| {
        let node = name.split_once('.').map_or(name.as_str(), |(node, _)| node);
        let reached = match find_field(resolved.model, &Policy::default(), name) {
            Ok(Field::Of { node, .. }) => resolved.scope.graph.reach(fact.place(), node, name),
            Ok(Field::Time) => return false,
            // The table of a segment.
            Err(_) => resolved.scope.graph.reach_node(fact.place(), node),
        };
        matches!(reached, Ok(Reach::One(_)))
    };
    !names.is_empty() && names.iter().all(has_one)
}

/// Joins to the first that leads to many rows, that one, and the keys that are read there with their columns' names.
type Members<'r, 'a> = (Way<'a>, Step<'a>, Vec<(String, &'r Key<'a>)>);

/// The joins by which a row has many of a key, where the query counts it once for each.
///
/// # Errors
/// As finding the key.
pub fn many<'a>(
    resolved: &Resolved<'a>,
    fact: &Fact<'a>,
    key: &Key<'a>,
) -> Result<Option<(Way<'a>, Step<'a>)>, AppError> {
    let (Field::Of { node, .. }, Some(Multiply::Distinct)) = (&key.field, resolved.query.multiply) else {
        return Ok(None);
    };
    match resolved.scope.graph.reach(fact.place(), node, &key.field.name())? {
        Reach::One(_) => Ok(None),
        Reach::Many { before, step } => Ok(Some((before, step))),
    }
}

/// What chooses the moment; the same for every leaf of a branch.
fn semi_additive_of<'a>(resolved: &'a Resolved<'_>, spec: &RowsOf<'_>) -> Option<&'a SemiAdditive> {
    let first = spec.leaves.first().and_then(|leaf| resolved.leaves.get(*leaf))?;
    first.semi_additive.as_ref().filter(|_| spec.first_times.is_none())
}

/// What the principal's rules leave of the rows of a fact: its own rules, those of every table its rows find, and what is
/// locked everywhere.
pub fn policy_filters(lowering: &mut Lowering<'_, '_>) -> Result<Vec<Expression>, AppError> {
    let policy = lowering.resolved.policy;
    let rules_of = |table: &str| policy.tables.get(table).into_iter().flatten();
    let mut filters = Vec::new();
    for rule in policy
        .everywhere
        .iter()
        .chain(rules_of(lowering.fact.table.name.as_str()))
    {
        filters.push(lowering.condition(rule)?);
    }
    if policy.tables.is_empty() {
        return Ok(filters);
    }
    for way in lowering.resolved.scope.graph.ways_to_one(lowering.fact.place())? {
        let Some(step) = way.last().copied() else { continue };
        let rules: Vec<&Condition> = rules_of(step.table.name.as_str()).collect();
        lowering.base = way;
        for rule in rules {
            filters.push(lowering.condition(rule)?);
        }
        lowering.base.clear();
    }
    Ok(filters)
}

fn axis_value(resolved: &Resolved<'_>, fact: &Fact<'_>) -> Result<Option<TimeValue>, AppError> {
    let Ok(dimension) = in_fact(resolved, &resolved.axis, fact) else {
        // Checked before: it is missed only where nothing uses it.
        return Ok(None);
    };
    TimeValue::stored(&dimension, &resolved.model.time_zone, &resolved.clock).map(Some)
}

/// Range and conditions on the axis. In a comparison, conditions act on the displayed period where it decides them.
fn axis_filters(
    lowering: &mut Lowering<'_, '_>,
    axis: Option<&TimeValue>,
    spec: &RowsOf<'_>,
) -> Result<Vec<Expression>, AppError> {
    let resolved = lowering.resolved;
    let Some(axis) = axis.filter(|_| spec.first_times.is_none()) else {
        return Ok(Vec::new());
    };
    let read = spec.shifting.map_or(spec.range, |shifting| shifting.read);
    let mut filters = axis.within(read, &resolved.clock);
    if let Some(cut) = spec.shifting.and_then(|shifting| shifting.cut) {
        filters.push(Expression::all(axis.within(cut, &resolved.clock)).negated());
    }
    let shown = spec.shifting.and_then(|shifting| shown_time(shifting, axis, resolved));
    if spec.window_step.is_some() {
        return Ok(filters);
    }
    for condition in &resolved.axis_conditions {
        let decided = shown.as_ref().filter(|shown| decides(shown, condition));
        // Those of a spine choose its buckets.
        if decided.is_some_and(|shown| shown.joined) {
            continue;
        }
        lowering.shown = decided.map(|shown| shown.time.clone());
        filters.push(lowering.condition(condition)?);
    }
    lowering.shown = None;
    Ok(filters)
}

/// When a base event happened, and what its conversions share with it.
fn base_columns(lowering: &Lowering<'_, '_>, conversion: &Conversion) -> Result<Vec<Named<Expression>>, AppError> {
    let (resolved, fact) = (lowering.resolved, &lowering.fact);
    let time = Reading::of(resolved, fact.place(), &[]).value(&time_of(fact)?.expr)?;
    let same = conversion.same.iter().enumerate();
    let same = same.map(|(place, column)| Named::new(same_name(place), Expression::column(column.clone())));
    Ok(std::iter::once(Named::new(BASE_TIME, time)).chain(same).collect())
}

/// The value of a dimension in the rows of the fact that `lowering` is about.
///
/// # Errors
/// `unreachable_dimension`, or `invalid` for an unknown zone.
pub fn key_value(lowering: &mut Lowering<'_, '_>, key: &Key<'_>) -> Result<Expression, AppError> {
    let resolved = lowering.resolved;
    let dimension = in_fact(resolved, &key.field, &lowering.fact)?;
    if dimension.kind != DimensionType::Time {
        let value = scalar(&dimension);
        return Ok(match key.bin {
            Some(width) => Expression::call(Function::Step { width }, vec![value]),
            None => value,
        });
    }
    let time = TimeValue::stored(&dimension, &resolved.model.time_zone, &resolved.clock)?;
    if let Some(start) = period_of(lowering, key, &time, &resolved.clock)? {
        return Ok(start);
    }
    Ok(match (key.grain, key.part) {
        (Some(grain), _) => time.bucket(grain, &resolved.clock),
        (None, Some(part)) => time.part(part, &resolved.clock),
        (None, None) => time.plain(),
    })
}

/// The keys of the relation, and those that picks or kept rows are matched by.
fn needed_keys(resolved: &Resolved<'_>, spec: &RowsOf<'_>) -> Vec<usize> {
    if spec.keep.is_some() {
        // Inner keys are no part of what is kept.
        let inner = |key: &usize| resolved.keys.get(*key).is_some_and(|key| key.inner);
        return (0..resolved.keys.len())
            .filter(|key| !inner(key) || spec.keys.contains(key))
            .collect();
    }
    let mut needed = spec.keys.to_vec();
    needed.extend(
        spec.others
            .into_iter()
            .flat_map(|top| top.per.iter().copied().chain([top.field])),
    );
    needed.sort_unstable();
    needed.dedup();
    needed
}
