//! First stage: every name of the query is found and checked.

use std::collections::BTreeSet;

use shared::{
    AppError, ErrorCode,
    semantic::{
        Bin, Condition, Dimension, DimensionRef, DimensionType, FieldCondition, Grain, GrainName, Join,
        MetricSelection, Model, ModelTable, Operator, Query, StoredTime, TIME_FIELD,
    },
};

use super::{
    PlanContext, Policy,
    clock::Clock,
    interval::{Interval, resolve_range},
    metric::{MetricResolver, Selected},
    names::{dimension_in, find_field},
    periods::find_periods,
    resolved::{Fact, Field, Key, Resolved},
    rows::many,
    scope::{Parameters, Scope},
    time_condition::time_set,
};
use crate::{
    catalog::{nearest, offered_grains, offered_periods},
    graph::{Graph, Place, Reach, Way},
};

/// # Errors
/// See [`super::plan_query`].
pub fn resolve<'a>(
    query: &'a Query,
    model: &'a Model,
    policy: &'a Policy,
    parameters: &'a Parameters,
    context: &PlanContext,
    depth: usize,
) -> Result<Resolved<'a>, AppError> {
    query
        .condition
        .iter()
        .try_for_each(|condition| check_masks(condition, model, policy))?;
    for metric in &query.metrics {
        let own = match metric {
            MetricSelection::Name(_) => None,
            MetricSelection::Metric(metric) => metric.condition.as_ref(),
            MetricSelection::Column(column) => column.condition.as_ref(),
        };
        own.into_iter()
            .try_for_each(|condition| check_masks(condition, model, policy))?;
    }
    let clock = Clock::of(query, model, context)?;
    let limit = check_limit(query, context)?;
    let keys = query
        .dimensions
        .iter()
        .map(|key| resolve_key(key, model, policy))
        .collect::<Result<Vec<_>, _>>()?;
    let graph = Graph {
        model,
        chosen: &query.joins,
    };
    let scope = Scope { graph, parameters };
    check_joins(query, model)?;
    let mut resolver = MetricResolver::new(model, policy, clock.clone());
    let mut metrics = query
        .metrics
        .iter()
        .map(|metric| resolver.selection(metric))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(having) = &query.having {
        let mut missing = Vec::new();
        metrics_of(having, &mut missing)?;
        let known = |name: &String| metrics.iter().any(|metric| metric.output == *name) || is_computed(query, name);
        missing.retain(|name| !known(name));
        for name in missing {
            let mut metric = resolver.named(&name, name.clone(), &Selected::default())?;
            metric.hidden = true;
            metrics.push(metric);
        }
    }
    check_members(query)?;
    let root = root_of(query, model)?;
    if metrics.is_empty()
        && let Some(fact) = match root {
            Some(root) => Some(root),
            None => only_fact(&graph, &keys, query, policy)?,
        }
    {
        resolver.fact(fact);
    }
    let (facts, leaves, offsets) = (resolver.facts, resolver.leaves, resolver.offsets);
    if keys.is_empty() && metrics.is_empty() {
        return Err(AppError::invalid(
            "metrics",
            "The query asks for nothing: name a metric or a dimension.",
        ));
    }
    let axis = find_axis(query, model, policy, &keys, &facts)?;
    let mut resolved = Resolved {
        query,
        model,
        scope,
        policy,
        clock,
        keys,
        facts,
        leaves,
        metrics,
        offsets,
        root: root.filter(|_| !query.metrics.is_empty()),
        axis,
        range: Interval::ALL,
        axis_conditions: Vec::new(),
        conditions: Vec::new(),
        limit,
        cap: context.limit_cap,
        depth,
    };
    if let Some(time) = &query.time {
        resolved.range = resolve_range(&time.range, &resolved.clock, "time")?;
    }
    if let Some(condition) = &query.condition {
        sort_conditions(&mut resolved, condition)?;
    }
    check_facts(&resolved)?;
    check_names(&resolved)?;
    Ok(resolved)
}

fn check_limit(query: &Query, context: &PlanContext) -> Result<u64, AppError> {
    let limit = query.limit.unwrap_or(context.default_limit.min(context.limit_cap));
    if limit > context.limit_cap {
        let message = format!(
            "At most {} rows are sent at once; {limit} were asked for.",
            context.limit_cap
        );
        return Err(AppError::new(ErrorCode::Limit, message)
            .with_field("limit")
            .with_hint("Ask for pages with limit and offset."));
    }
    Ok(limit)
}

/// # Errors
/// `unknown_field` for fields and grains; `invalid` for a grain, part or bin that the field cannot have.
pub fn resolve_key<'a>(key: &DimensionRef, model: &'a Model, policy: &Policy) -> Result<Key<'a>, AppError> {
    let field = find_field(model, policy, key.field())?;
    let name = key.field();
    let (named, part) = (key.grain(), key.part());
    let grain = named.and_then(GrainName::common);
    let periods = match named {
        Some(GrainName::Calendar(grain)) => Some(find_periods(model, grain.as_str(), name)?),
        Some(GrainName::Common(_)) | None => None,
    };
    if named.is_some() && part.is_some() {
        return Err(AppError::invalid(
            name,
            format!("{name} has both a grain and a part; choose one."),
        ));
    }
    let bin = key.bin().map(|bin| check_bin(name, bin, &field)).transpose()?;
    if (named.is_some() || part.is_some()) && !field.is_time() {
        return Err(AppError::invalid(
            name,
            format!("{name} is not a time, so it has no grain or part."),
        ));
    }
    if let (Field::Of { dimension, .. }, Some(grain)) = (&field, named) {
        check_grain(name, grain, model, dimension)?;
    }
    Ok(Key {
        output: key.output_name().to_owned(),
        field,
        grain,
        periods,
        part,
        bin,
        inner: false,
    })
}

/// The width of the ranges.
fn check_bin(name: &str, bin: Bin, field: &Field<'_>) -> Result<f64, AppError> {
    let is_number = match field {
        Field::Time => false,
        Field::Of { dimension, .. } => dimension.kind == DimensionType::Number,
    };
    if !is_number {
        let message = format!("{name} is not a number, so it has no ranges.");
        return Err(AppError::invalid(name, message).with_hint("Leave out bin."));
    }
    match bin {
        Bin::Width(width) if width.is_finite() && width > 0.0 => Ok(width),
        Bin::Width(_) => Err(AppError::invalid(
            name,
            format!("The ranges of {name} need a width above 0."),
        )),
        // Who runs queries looks at the data first; a plan alone cannot.
        Bin::Auto(_) => {
            let message = format!("The width of {name}'s ranges depends on its values.");
            Err(AppError::invalid(name, message).with_hint("Give bin a number to see the plan."))
        }
    }
}

fn check_grain(name: &str, grain: &GrainName, model: &Model, dimension: &Dimension) -> Result<(), AppError> {
    let common = offered_grains(dimension);
    let own = offered_periods(model, dimension);
    let offers = match grain {
        GrainName::Common(grain) => common.contains(grain),
        GrainName::Calendar(grain) => own.contains(grain),
    };
    if offers {
        return Ok(());
    }
    let common = common.iter().map(|grain| grain.as_str().to_owned());
    let candidates = common.chain(own.iter().map(ToString::to_string)).collect();
    Err(AppError::invalid(name, format!("{name} cannot be grouped by {}.", grain.as_str())).with_candidates(candidates))
}

/// What `joins` names must be there, so that a slip of the pen is no silent choice.
fn check_joins(query: &Query, model: &Model) -> Result<(), AppError> {
    for (table, role) in &query.joins {
        let leads_there = |join: &&Join| {
            join.to.as_str() == table
                || model
                    .node(join.from.as_str())
                    .is_some_and(|from| from.name.as_str() == table)
        };
        let roles = || model.joins.iter().filter(leads_there);
        if !roles().any(|join| join.node() == role || join.name.as_str() == role) {
            let message = format!("No join leads to {table} as {role}.");
            return Err(AppError::new(ErrorCode::UnknownField, message)
                .with_field(format!("joins.{table}"))
                .with_candidates(roles().map(|join| join.node().to_owned()).collect()));
        }
    }
    Ok(())
}

/// Without metrics: the table that reaches every dimension and filter field with the fewest joins in all.
fn only_fact<'a>(
    graph: &Graph<'a>,
    keys: &[Key<'a>],
    query: &Query,
    policy: &Policy,
) -> Result<Option<Fact<'a>>, AppError> {
    let mut fields: Vec<Field<'a>> = keys.iter().map(|key| key.field).collect();
    let mut named = Vec::new();
    query
        .condition
        .iter()
        .for_each(|condition| fields_of(condition, &mut named));
    for name in named {
        // Segments and conditions on metrics name tables; whether they fit shows when they are lowered.
        if let Ok(field) = find_field(graph.model, policy, &name) {
            fields.push(field);
        }
    }
    fields.retain(|field| !matches!(field, Field::Time));
    let mut best: Option<(usize, Vec<&'a ModelTable>)> = None;
    for table in &graph.model.tables {
        let steps = fields
            .iter()
            .try_fold(0, |steps, field| match reach(graph, table, field) {
                Ok(Reach::One(way)) => Some(steps + way.len()),
                Ok(Reach::Many { .. }) | Err(_) => None,
            });
        match (steps, &mut best) {
            (None, _) => {}
            (Some(steps), Some((fewest, tables))) if steps == *fewest => tables.push(table),
            (Some(steps), Some((fewest, _))) if steps > *fewest => {}
            (Some(steps), _) => best = Some((steps, vec![table])),
        }
    }
    let table = match (best, fields.first()) {
        (Some((_, tables)), _) if tables.len() == 1 => tables.into_iter().next(),
        // Time alone: the model's only table, or none.
        (_, None) => None,
        (Some((_, tables)), Some(field)) => {
            let names = tables.iter().map(|table| table.name.to_string()).collect();
            let message = "More than one table has these fields within reach.";
            return Err(AppError::new(ErrorCode::AmbiguousPath, message)
                .with_field(field.name())
                .with_hint("Add a metric, or a field of the table that is meant.")
                .with_candidates(names));
        }
        (None, Some(field)) => {
            let Field::Of { table, .. } = field else {
                return Ok(None);
            };
            // Says which of the others cannot be reached from here.
            for other in &fields {
                reach(graph, table, other)?;
            }
            Some(*table)
        }
    };
    let default_time = |table: &'a ModelTable| table.dimension(table.default_time.as_ref()?.as_str());
    Ok(table.map(|table| Fact::of(table, default_time(table))))
}

/// The table of `of`.
fn root_of<'a>(query: &Query, model: &'a Model) -> Result<Option<Fact<'a>>, AppError> {
    let Some(name) = &query.of else { return Ok(None) };
    let table = model.table(name.as_str()).ok_or_else(|| {
        let known = model.tables.iter().map(|table| table.name.to_string());
        AppError::new(
            ErrorCode::UnknownField,
            format!("The model has no table called {name}."),
        )
        .with_field("of")
        .with_candidates(nearest(name.as_str(), known))
    })?;
    let time = table
        .default_time
        .as_ref()
        .and_then(|time| table.dimension(time.as_str()));
    Ok(Some(Fact::of(table, time)))
}

/// What only lists of members can be asked for.
fn check_members(query: &Query) -> Result<(), AppError> {
    for (key, asked) in [
        ("distinct", query.distinct == Some(false)),
        ("unmatched", query.unmatched),
    ] {
        if asked && !query.metrics.is_empty() {
            let message = format!("{key} belongs to queries without metrics.");
            return Err(AppError::invalid(key, message).with_hint(format!("Leave out {key} or the metrics.")));
        }
    }
    Ok(())
}

fn reach<'a>(graph: &Graph<'a>, table: &'a ModelTable, field: &Field<'a>) -> Result<Reach<'a>, AppError> {
    match field {
        Field::Time => Ok(Reach::One(Way::new())),
        Field::Of { node, .. } => graph.reach(Place::of(table), node, &field.name()),
    }
}

/// The time of `time`; else the first time dimension that is grouped by; else each metric's own.
fn find_axis<'a>(
    query: &Query,
    model: &'a Model,
    policy: &Policy,
    keys: &[Key<'a>],
    facts: &[Fact<'a>],
) -> Result<Field<'a>, AppError> {
    if let Some(time) = &query.time {
        let field = find_field(model, policy, &time.field)?;
        if !field.is_time() {
            return Err(AppError::invalid("time", format!("{} is not a time.", time.field)));
        }
        return Ok(own_time(field, facts));
    }
    let grouped = keys
        .iter()
        .find(|key| key.field.is_time() && (key.has_bucket() || key.part.is_some()));
    Ok(grouped.map_or(Field::Time, |key| own_time(key.field, facts)))
}

/// Naming a metric's own time column is the same as `time`, when it is that of every metric.
fn own_time<'a>(field: Field<'a>, facts: &[Fact<'a>]) -> Field<'a> {
    let Field::Of { node, dimension, .. } = field else {
        return field;
    };
    let own =
        |fact: &Fact<'a>| fact.table.name.as_str() == node && fact.time.is_some_and(|time| time.name == dimension.name);
    if !facts.is_empty() && facts.iter().all(own) {
        Field::Time
    } else {
        field
    }
}

/// Top-level conditions: ranges of the axis narrow the range; others on the axis and the rest are kept apart.
fn sort_conditions(resolved: &mut Resolved<'_>, condition: &Condition) -> Result<(), AppError> {
    if let Condition::And { and } = condition {
        return and.iter().try_for_each(|inner| sort_conditions(resolved, inner));
    }
    let Condition::Field(field) = condition else {
        resolved.conditions.push(condition.clone());
        return Ok(());
    };
    let target = find_field(resolved.model, resolved.policy, &field.field)?;
    let on_axis = target.same(&resolved.axis)
        || (!resolved.facts.is_empty() && resolved.facts.iter().all(|fact| resolved.on_axis(&target, fact)));
    if !on_axis || is_null_check(field) || field.other.is_some() {
        resolved.conditions.push(condition.clone());
        return Ok(());
    }
    let by_calendar = matches!(field.grain, Some(GrainName::Calendar(_)));
    if field.part.is_none() && !by_calendar {
        let set = time_set(field, &resolved.clock)?;
        if let Some(interval) = set.single() {
            resolved.range = resolved.range.intersect(interval);
            return Ok(());
        }
    }
    resolved.axis_conditions.push(condition.clone());
    Ok(())
}

const fn is_null_check(condition: &FieldCondition) -> bool {
    matches!(condition.op, Operator::IsNull | Operator::IsNotNull)
}

/// Every dimension can be reached from every fact, in a grain that its stored type can give.
fn check_facts(resolved: &Resolved<'_>) -> Result<(), AppError> {
    for fact in &resolved.facts {
        for key in &resolved.keys {
            if many(resolved, fact, key)?.is_some() {
                continue;
            }
            let dimension = dimension_in(resolved, &key.field, fact)?;
            if dimension.kind == DimensionType::Time
                && dimension.stored == Some(StoredTime::Date)
                && key.grain.is_some_and(|grain| grain < Grain::Day)
            {
                let name = key.field.name();
                let message = format!(
                    "{}.{} is a date; it has nothing finer than days.",
                    fact.table.name, dimension.name
                );
                return Err(AppError::invalid(name, message));
            }
        }
        if !resolved.range.is_all() {
            dimension_in(resolved, &resolved.axis, fact)?;
        }
    }
    if resolved.facts.is_empty() && resolved.keys.iter().any(|key| !matches!(key.field, Field::Time)) {
        return Err(AppError::internal());
    }
    Ok(())
}

fn check_names(resolved: &Resolved<'_>) -> Result<(), AppError> {
    let mut seen = BTreeSet::new();
    let mut take = |name: String| {
        if seen.insert(name.clone()) {
            Ok(())
        } else {
            let message = format!("Two columns of the answer are called {name}.");
            Err(AppError::invalid(name, message).with_hint("Give one of them another name with \"as\"."))
        }
    };
    for key in &resolved.keys {
        take(key.output.clone())?;
    }
    for metric in resolved.metrics.iter().filter(|metric| !metric.hidden) {
        take(metric.output.clone())?;
    }
    for name in super::columns::computed_names(resolved.query) {
        take(name)?;
    }
    Ok(())
}

/// Is it the output of a comparison or calculation?
fn is_computed(query: &Query, name: &str) -> bool {
    super::columns::computed_names(query).iter().any(|known| known == name)
}

/// Names of metrics in a `having`.
fn metrics_of(condition: &Condition, found: &mut Vec<String>) -> Result<(), AppError> {
    match condition {
        Condition::And { and: list } | Condition::Or { or: list } => {
            list.iter().try_for_each(|inner| metrics_of(inner, found))
        }
        Condition::Not { not } => metrics_of(not, found),
        Condition::Metric(metric) => {
            if !found.contains(&metric.metric) {
                found.push(metric.metric.clone());
            }
            Ok(())
        }
        Condition::Field(field) => Err(AppError::invalid(
            "having",
            format!("having compares metrics, and {} is a field.", field.field),
        )
        .with_hint("Put conditions on fields into where.")),
        Condition::Row(row) => Err(AppError::invalid(
            "having",
            format!("having compares metrics, and {} is a table.", row.row_of),
        )
        .with_hint("Put conditions on rows into where.")),
        Condition::Segment { segment } => Err(AppError::invalid(
            "having",
            format!("having compares metrics, and {segment} is a segment."),
        )
        .with_hint("Put segments into where.")),
    }
}

/// What a person asks for must not go through hidden columns; what the model or a rule asks for may.
fn check_masks(condition: &Condition, model: &Model, policy: &Policy) -> Result<(), AppError> {
    match condition {
        Condition::And { and: list } | Condition::Or { or: list } => {
            list.iter().try_for_each(|inner| check_masks(inner, model, policy))
        }
        Condition::Not { not } => check_masks(not, model, policy),
        Condition::Field(field) => [Some(&field.field), field.other.as_ref()]
            .into_iter()
            .flatten()
            .try_for_each(|name| find_field(model, policy, name).map(|_| ())),
        Condition::Row(row) => row.and.iter().try_for_each(|inner| check_masks(inner, model, policy)),
        Condition::Metric(metric) => metric
            .per
            .iter()
            .try_for_each(|name| find_field(model, policy, name).map(|_| ())),
        Condition::Segment { .. } => Ok(()),
    }
}

/// Names of fields in a condition, as written.
pub fn fields_of(condition: &Condition, found: &mut Vec<String>) {
    match condition {
        Condition::And { and: list } | Condition::Or { or: list } => {
            list.iter().for_each(|inner| fields_of(inner, found))
        }
        Condition::Not { not } => fields_of(not, found),
        Condition::Field(field) if field.field != TIME_FIELD => found.push(field.field.clone()),
        Condition::Segment { segment } => found.extend(segment.split_once('.').map(|(table, _)| table.to_owned())),
        Condition::Metric(metric) => found.extend(metric.per.iter().cloned()),
        // Rows of a table that there are many of are not looked for on the way.
        Condition::Row(_) | Condition::Field(_) => {}
    }
}
