//! The rows of one fact, filtered, with keys and arguments: what is aggregated.

use shared::{
    AppError,
    semantic::{Aggregation, Condition, DatePart, DimensionType, Grain},
    table::ColumnType,
};

use super::{
    gate::Gate,
    interval::Interval,
    lower::{Lowering, scalar},
    moments::{TimeKind, TimeValue, shift_bucket},
    names::in_fact,
    naming::{CELL, ORDER, OTHERS, PICKED, SHOWN, argument_name, first_name, flag_name, key_name},
    resolved::{Fact, Key, Leaf, Resolved},
    shift::{Method, Shifting, holds, is_fixed_within},
    spine::spine,
    top::Top,
};
use crate::logical::{BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, SourceTable};

/// Text that stands for the rest of a top-N.
pub const OTHERS_LABEL: &str = "Others";

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
    /// Instead of arguments: the time of the rows each leaf counts, for this comparison.
    pub first_times: Option<usize>,
}

/// Columns: `k…` of the keys, `a…` and `f…` of the leaves, `t` (time) when a leaf needs an order, `o` with others.
///
/// # Errors
/// As lowering conditions.
pub fn rows(resolved: &Resolved<'_>, spec: &RowsOf<'_>) -> Result<Node, AppError> {
    let fact = *resolved.facts.get(spec.fact).ok_or_else(AppError::internal)?;
    let mut lowering = Lowering::new(resolved, fact);
    let mut filters = policy_filters(&mut lowering)?;
    for condition in &resolved.conditions {
        filters.push(lowering.condition(condition)?);
    }
    let axis = axis_value(resolved, &fact)?;
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
    for key in &needed {
        let (Some(target), name) = (resolved.keys.get(*key), key_name(*key)) else {
            continue;
        };
        match (&shown, resolved.on_axis(&target.field, &fact)) {
            (Some(shown), true) => {
                let value = shown_key(shown, target, axis.as_ref(), resolved)?;
                if shown.joined && !needs_own_time(target) {
                    late.push(Named::new(name, value))
                } else {
                    columns.push(Named::new(name, value))
                }
            }
            _ => columns.push(Named::new(name, key_value(target, &fact, resolved)?)),
        }
    }
    columns.extend(arguments.columns);
    if let (Some(Shown { cell: Some(cell), .. }), true) = (&shown, !late.is_empty()) {
        columns.push(Named::new(CELL, cell.clone()));
    }
    let mut node = scan(&fact, &filters, &columns, lowering.gates).filter_all(filters);
    // Where only the number of rows counts, there is nothing to project.
    if !columns.is_empty() {
        node = node.project(columns.clone());
    }
    if let (Some(shifting), false) = (spec.shifting, late.is_empty()) {
        node = join_spine(node, &columns, late, shifting, &shown, resolved)?;
    }
    if let Some(top) = spec.others {
        node = with_others(node, top, &needed, &columns, resolved);
    }
    if let Some(keep) = spec.keep {
        let mut on: Vec<String> = needed.iter().map(|key| key_name(*key)).collect();
        on.extend(spec.others.map(|_| OTHERS.to_owned()));
        node = node.join_on(JoinKind::Semi, keep.clone(), &on);
    }
    Ok(node)
}

/// The stored columns that the expressions read, joined with the groups of conditions on metrics.
fn scan(fact: &Fact<'_>, filters: &[Expression], columns: &[Named<Expression>], gates: Vec<Gate>) -> Node {
    let mut stored = Vec::new();
    filters
        .iter()
        .chain(columns.iter().map(|column| &column.value))
        .for_each(|expression| expression.collect_columns(&mut stored));
    let gate_keys: Vec<(String, Expression)> = gates.iter().flat_map(|gate| gate.keys.clone()).collect();
    gate_keys
        .iter()
        .for_each(|(_, value)| value.collect_columns(&mut stored));
    stored.retain(|name| !gates.iter().any(|gate| gate.name == *name));
    let source = SourceTable {
        table: fact.table.name.to_string(),
        source: fact.table.source.clone(),
    };
    let mut node = Node::Scan {
        source,
        columns: stored.clone(),
    };
    if gates.is_empty() {
        return node;
    }
    let with_keys = stored
        .into_iter()
        .map(Named::same)
        .chain(gate_keys.into_iter().map(|(name, value)| Named::new(name, value)));
    node = node.project(with_keys.collect());
    for gate in gates {
        let on: Vec<(String, String)> = gate.keys.into_iter().map(|(name, _)| (name.clone(), name)).collect();
        node = Node::Join {
            kind: JoinKind::Left,
            left: Box::new(node),
            right: Box::new(gate.groups),
            on,
            null_equal: false,
        };
    }
    node
}

fn policy_filters(lowering: &mut Lowering<'_, '_>) -> Result<Vec<Expression>, AppError> {
    let policy = lowering.resolved.policy;
    let own = policy.tables.get(lowering.fact.table.name.as_str());
    let rules: Vec<&Condition> = policy.everywhere.iter().chain(own.into_iter().flatten()).collect();
    rules.into_iter().map(|rule| lowering.condition(rule)).collect()
}

fn axis_value(resolved: &Resolved<'_>, fact: &Fact<'_>) -> Result<Option<TimeValue>, AppError> {
    let Ok(dimension) = in_fact(&resolved.axis, fact) else {
        // Checked before: it is missed only where nothing uses it.
        return Ok(None);
    };
    TimeValue::stored(dimension, &resolved.model.time_zone, &resolved.clock).map(Some)
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
    let shown = spec
        .shifting
        .and_then(|shifting| shown_time(shifting, axis, resolved))
        .filter(|shown| !shown.joined);
    for condition in &resolved.axis_conditions {
        lowering.shown = shown
            .as_ref()
            .filter(|shown| decides(shown, condition))
            .map(|shown| shown.time.clone());
        filters.push(lowering.condition(condition)?);
    }
    lowering.shown = None;
    Ok(filters)
}

/// Can the condition be answered from the displayed time alone?
fn decides(shown: &Shown, condition: &Condition) -> bool {
    let (Some(grain), Condition::Field(field)) = (shown.grain, condition) else {
        return shown.grain.is_none();
    };
    match (field.part, field.grain) {
        (Some(part), _) => is_fixed_within(part, grain),
        (None, Some(of)) => holds(of, grain),
        (None, None) => false,
    }
}

/// The displayed time of a row of the earlier period.
struct Shown {
    time: TimeValue,
    /// `time` is only good to this grain.
    grain: Option<Grain>,
    /// What the row is joined to the spine by.
    cell: Option<Expression>,
    /// `time` comes from the spine.
    joined: bool,
}

fn shown_time(shifting: &Shifting, axis: &TimeValue, resolved: &Resolved<'_>) -> Option<Shown> {
    let clock = &resolved.clock;
    match shifting.method {
        Method::Range => None,
        Method::Buckets { grain } => {
            let bucket = TimeValue {
                value: axis.bucket(grain, clock),
                kind: axis.bucket_kind(grain),
            };
            let value = shift_bucket(&bucket, shifting.by, grain, clock);
            let time = TimeValue {
                value,
                kind: axis.bucket_kind(grain),
            };
            Some(Shown {
                time,
                grain: Some(grain),
                cell: None,
                joined: false,
            })
        }
        Method::Rows => Some(Shown {
            time: axis.shifted(shifting.by, clock),
            grain: None,
            cell: None,
            joined: false,
        }),
        Method::SpineOfBuckets { grain } => Some(Shown {
            time: TimeValue {
                value: Expression::column(SHOWN),
                kind: axis.bucket_kind(grain),
            },
            grain: Some(grain),
            cell: Some(axis.bucket(grain, clock)),
            joined: true,
        }),
        Method::SpineOfDays => Some(Shown {
            time: TimeValue {
                value: Expression::column(SHOWN),
                kind: TimeKind::Date,
            },
            grain: Some(Grain::Day),
            cell: Some(axis.bucket(Grain::Day, clock)),
            joined: true,
        }),
    }
}

/// Hours and minutes of the day are not moved by days.
const fn needs_own_time(key: &Key<'_>) -> bool {
    matches!(key.part, Some(DatePart::Hour | DatePart::Minute))
}

fn shown_key(
    shown: &Shown,
    key: &Key<'_>,
    axis: Option<&TimeValue>,
    resolved: &Resolved<'_>,
) -> Result<Expression, AppError> {
    let clock = &resolved.clock;
    match (key.grain, key.part) {
        (Some(grain), _) if shown.grain == Some(grain) => Ok(shown.time.value.clone()),
        (Some(grain), _) if shown.grain.is_none_or(|of| of <= grain) => Ok(shown.time.bucket(grain, clock)),
        (_, Some(part)) => {
            let time = if needs_own_time(key) {
                axis.unwrap_or(&shown.time)
            } else {
                &shown.time
            };
            Ok(time.part(part, clock))
        }
        (None, None) if shown.grain.is_none() => Ok(shown.time.plain()),
        (Some(_) | None, None) => Err(AppError::invalid(
            key.output.clone(),
            format!("{} needs a coarser grain to be compared like this.", key.output),
        )),
    }
}

/// The value of a dimension in the rows of a fact.
///
/// # Errors
/// `unreachable_dimension`, or `invalid` for an unknown zone.
pub fn key_value(key: &Key<'_>, fact: &Fact<'_>, resolved: &Resolved<'_>) -> Result<Expression, AppError> {
    let dimension = in_fact(&key.field, fact)?;
    if dimension.kind != DimensionType::Time {
        return Ok(scalar(dimension));
    }
    let time = TimeValue::stored(dimension, &resolved.model.time_zone, &resolved.clock)?;
    Ok(match (key.grain, key.part) {
        (Some(grain), _) => time.bucket(grain, &resolved.clock),
        (None, Some(part)) => time.part(part, &resolved.clock),
        (None, None) => time.plain(),
    })
}

/// The keys of the relation, and those that picks or kept rows are matched by.
fn needed_keys(resolved: &Resolved<'_>, spec: &RowsOf<'_>) -> Vec<usize> {
    if spec.keep.is_some() {
        return (0..resolved.keys.len()).collect();
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

fn join_spine(
    node: Node,
    columns: &[Named<Expression>],
    late: Vec<Named<Expression>>,
    shifting: &Shifting,
    shown: &Option<Shown>,
    resolved: &Resolved<'_>,
) -> Result<Node, AppError> {
    let Some(shown) = shown else {
        return Ok(node);
    };
    let clock = &resolved.clock;
    let grain = shown.grain.unwrap_or(Grain::Day);
    let kind = &shown.time.kind;
    let buckets = spine(SHOWN, resolved.range, grain, kind, clock)?;
    let displayed = TimeValue {
        value: Expression::column(SHOWN),
        kind: kind.clone(),
    };
    let earlier = shift_bucket(&displayed, shifting.by.back(), grain, clock);
    let mut pairs = buckets.project(vec![Named::same(SHOWN), Named::new(CELL, earlier)]);
    let mut conditions = Vec::new();
    if shifting.no_week_53 {
        let week = |column: &str| {
            TimeValue {
                value: Expression::column(column),
                kind: kind.clone(),
            }
            .part(DatePart::Week, clock)
        };
        let is_53 =
            |column: &str| Expression::binary(BinaryOperator::Eq, week(column), Expression::literal(Literal::Int(53)));
        conditions.push(Expression::any([is_53(SHOWN).negated(), is_53(CELL)]));
    }
    let mut lowering_conditions = displayed_conditions(resolved, shown, &displayed)?;
    conditions.append(&mut lowering_conditions);
    pairs = pairs.filter_all(conditions);
    let joined = node.join_on(JoinKind::Inner, pairs, &[CELL.to_owned()]);
    let kept = columns
        .iter()
        .filter(|column| column.name != CELL)
        .map(|column| Named::same(column.name.clone()));
    Ok(joined.project(kept.chain(late).collect()))
}

/// Conditions on the axis that the spine's own buckets decide.
fn displayed_conditions(
    resolved: &Resolved<'_>,
    shown: &Shown,
    displayed: &TimeValue,
) -> Result<Vec<Expression>, AppError> {
    let Some(fact) = resolved.facts.first() else {
        return Ok(Vec::new());
    };
    let mut lowering = Lowering::new(resolved, *fact);
    lowering.shown = Some(displayed.clone());
    let decided = resolved
        .axis_conditions
        .iter()
        .filter(|condition| decides(shown, condition));
    decided.map(|condition| lowering.condition(condition)).collect()
}

fn with_others(
    node: Node,
    top: &Top,
    needed: &[usize],
    columns: &[Named<Expression>],
    resolved: &Resolved<'_>,
) -> Node {
    let on: Vec<String> = top.per.iter().copied().chain([top.field]).map(key_name).collect();
    let joined = node.join_on(JoinKind::Left, top.picks.clone(), &on);
    let picked = || Expression::column(PICKED).or_literal(Literal::Bool(false));
    let keys = needed.iter().map(|key| {
        let name = key_name(*key);
        if *key != top.field {
            return Named::same(name);
        }
        let member = Expression::column(name.clone());
        let is_text = resolved.keys.get(*key).is_some_and(|key| super::columns::is_text(key));
        let text = if is_text {
            member
        } else {
            Expression::call(Function::Cast(ColumnType::String), vec![member])
        };
        let rest = Expression::literal(Literal::Text(OTHERS_LABEL.to_owned()));
        Named::new(
            name,
            Expression::Case {
                branches: vec![(picked(), text)],
                otherwise: Box::new(rest),
            },
        )
    });
    let is_key = |name: &str| needed.iter().any(|key| key_name(*key) == name);
    let rest = columns
        .iter()
        .filter(|column| !is_key(&column.name) && column.name != CELL)
        .map(|column| Named::same(column.name.clone()));
    joined.project(
        keys.chain(rest)
            .chain([Named::new(OTHERS, picked().negated())])
            .collect(),
    )
}

/// What the leaves aggregate, masked by their own filters.
struct Arguments {
    columns: Vec<Named<Expression>>,
    /// Rows that no leaf counts can be left out.
    filter: Option<Expression>,
}

impl Arguments {
    fn of(lowering: &mut Lowering<'_, '_>, spec: &RowsOf<'_>) -> Result<Self, AppError> {
        let resolved = lowering.resolved;
        let leaves: Vec<(usize, &Leaf)> = spec
            .leaves
            .iter()
            .filter_map(|index| resolved.leaves.get(*index).map(|leaf| (*index, leaf)))
            .filter(|(_, leaf)| leaf.fact == spec.fact)
            .collect();
        let mut filters = Vec::new();
        for (_, leaf) in &leaves {
            let all = leaf
                .filters
                .iter()
                .map(|filter| lowering.condition(filter))
                .collect::<Result<Vec<_>, _>>()?;
            filters.push((!all.is_empty()).then(|| Expression::all(all)));
        }
        let shared_by_all = match filters.split_first() {
            Some((first, rest)) => rest.iter().all(|filter| filter == first),
            None => true,
        };
        let filter = if filters.iter().all(Option::is_some) && !filters.is_empty() {
            if shared_by_all {
                filters.first().cloned().flatten()
            } else {
                Some(Expression::any(filters.iter().flatten().cloned()))
            }
        } else {
            None
        };
        let mut columns = Vec::new();
        for ((index, leaf), filter) in leaves.iter().zip(filters) {
            let mask = filter.filter(|_| !shared_by_all);
            match spec.first_times {
                Some(comparison) => columns.push(Named::new(
                    first_name(comparison, *index),
                    masked(first_time(lowering)?, &mask),
                )),
                None => push_argument(&mut columns, *index, leaf, &mask),
            }
        }
        let ordered = |leaf: &Leaf| matches!(leaf.agg, Aggregation::First | Aggregation::Last);
        if spec.first_times.is_none() && leaves.iter().any(|(_, leaf)| ordered(leaf)) {
            let time = lowering.fact.time.ok_or_else(AppError::internal)?;
            columns.push(Named::new(ORDER, Expression::column(time.expr.column())));
        }
        Ok(Self { columns, filter })
    }
}

/// As it is stored: the bucket is taken of the earliest alone.
fn first_time(lowering: &Lowering<'_, '_>) -> Result<Expression, AppError> {
    Ok(axis_value(lowering.resolved, &lowering.fact)?
        .ok_or_else(AppError::internal)?
        .plain())
}

fn push_argument(columns: &mut Vec<Named<Expression>>, index: usize, leaf: &Leaf, mask: &Option<Expression>) {
    let one = || Expression::literal(Literal::Int(1));
    if let Some(column) = &leaf.column {
        columns.push(Named::new(
            argument_name(index),
            masked(Expression::column(column.clone()), mask),
        ));
    } else if mask.is_some() {
        columns.push(Named::new(argument_name(index), masked(one(), mask)));
    }
    if mask.is_some() {
        columns.push(Named::new(flag_name(index), masked(one(), mask)));
    }
}

fn masked(value: Expression, mask: &Option<Expression>) -> Expression {
    match mask {
        Some(mask) => Expression::only_if(mask.clone(), value),
        None => value,
    }
}
