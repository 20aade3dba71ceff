//! From a rollup of the document to what is kept, and the plan that makes it.

use chrono::{DateTime, Utc};
use shared::{
    AppError, ErrorCode,
    semantic::{
        Aggregation, DimensionRef, DimensionType, DimensionWithOptions, Grain, GrainName, MetricSelection, Model,
        Query, Rollup, TIME_FIELD,
    },
};

use super::{kept::Kept, rewrite::rows_of};
use crate::{
    catalog::values_query,
    logical::{Expression, Named, Node, Part, PartKind, SourceTable},
    query::{
        PlanContext, Policy,
        definition::Reading,
        lower::Lowering,
        moments::TimeValue,
        names::in_fact,
        naming::{argument_name, key_name},
        resolve::resolve,
        resolved::{Fact, Key, Leaf, MetricValue, Resolved},
        rows::{key_value, scan},
        scope,
    },
};

/// Dimensions of one rollup, its time among them.
const MOST_DIMENSIONS: usize = 20;

/// A rollup that can be built, and what it answers.
#[derive(Clone, Debug)]
pub struct RollupPlan {
    /// As plans name it: of a rollup its own name, of kept values what they are of.
    pub name: String,
    /// Makes its rows: `k…` for the dimensions, `p…` for parts of aggregates.
    pub build: Node,
    /// The table whose rows it stands for.
    pub(super) fact: SourceTable,
    pub(super) kept: Kept,
    pub(super) parts: Vec<Part>,
}

/// # Errors
/// What is wrong with the rollup, with `field` below it: metrics that cannot be put together from groups, or that come from
/// several tables; unknown names; definitions that depend on the moment of asking.
pub fn rollup_plan(rollup: &Rollup, model: &Model) -> Result<RollupPlan, AppError> {
    if rollup.metrics.is_empty() {
        return Err(AppError::invalid("metrics", "A rollup needs at least one metric."));
    }
    timeless(rollup.name.as_str(), &query_of(rollup, model), model)
}

/// The kept values of a dimension, as `table.name`, with the number of rows of each.
///
/// # Errors
/// As `rollup_plan`; `unknown_field`.
pub fn value_index_plan(field: &str, model: &Model) -> Result<RollupPlan, AppError> {
    let query = Query {
        limit: None,
        sort: Vec::new(),
        ..values_query(model, field, "", 0)?
    };
    timeless(&format!("values of {field}"), &query, model)
}

/// # Errors
/// `invalid` for what depends on the moment it is made.
fn timeless(name: &str, query: &Query, model: &Model) -> Result<RollupPlan, AppError> {
    // Which moment does not matter, as long as two of them give the same.
    let at = |seconds: i64| {
        made(
            name,
            query,
            model,
            DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
        )
    };
    let plan = at(1_000_000_000)?;
    if at(1_600_000_000)?.build != plan.build {
        let message = "What this rollup keeps would depend on the moment it is made.";
        return Err(AppError::invalid("metrics", message)
            .with_hint("Leave out metrics and dimensions with relative ranges or as_of() in their definitions."));
    }
    Ok(plan)
}

fn made(name: &str, query: &Query, model: &Model, as_of: DateTime<Utc>) -> Result<RollupPlan, AppError> {
    if query.dimensions.len() > MOST_DIMENSIONS {
        let message = format!("A rollup has at most {MOST_DIMENSIONS} dimensions.");
        return Err(AppError::new(ErrorCode::Limit, message).with_field("dimensions"));
    }
    let (parameters, policy) = (scope::parameters(query, model)?, Policy::default());
    let resolved = resolve(query, model, &policy, &parameters, &PlanContext::new(as_of), 0)?;
    let fact = match resolved.facts.as_slice() {
        [fact] => *fact,
        facts => {
            let tables: Vec<&str> = facts.iter().map(|fact| fact.table.name.as_str()).collect();
            let message = format!(
                "The metrics of a rollup come from one table and time, not {}.",
                tables.join(", ")
            );
            return Err(AppError::invalid("metrics", message).with_hint("Make a rollup for each table."));
        }
    };
    let mut lowering = Lowering::new(&resolved, fact);
    let mut columns = Vec::new();
    let mut kept = Kept::new(resolved.clock.clone());
    for (place, key) in resolved.keys.iter().enumerate() {
        let (value, name) = (key_value(&mut lowering, key)?, key_name(place));
        match bucket_of(&resolved, key, &fact)? {
            Some((time, grain)) => kept.keep_time(time, grain, &name),
            None => kept.keep(value.clone(), &name),
        }
        columns.push(Named::new(name, value));
    }
    let parts = parts_of(&mut lowering)?;
    if !lowering.gates.is_empty() {
        let message = "A rollup keeps no periods of calendars and no conditions on metrics or on rows of other tables.";
        return Err(AppError::invalid("metrics", message));
    }
    let keys: Vec<Named<Expression>> = columns.iter().map(|column| Named::same(column.name.clone())).collect();
    let mut measures = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let (call, argument) = part.call(argument_name(place));
        measures.push(Named::new(part_name(place), call));
        columns.extend(argument.map(|value| Named::new(argument_name(place), value)));
    }
    let mut node = scan(&resolved, &fact, &[], &columns, Vec::new())?;
    let fact = rows_of(&node).cloned().ok_or_else(|| {
        let message = "A rollup keeps nothing that is found by a join with a period of validity.";
        AppError::invalid("dimensions", message)
    })?;
    if !columns.is_empty() {
        node = node.project(columns);
    }
    Ok(RollupPlan {
        name: name.to_owned(),
        build: node.aggregate(keys, measures),
        fact,
        kept,
        parts,
    })
}

fn query_of(rollup: &Rollup, model: &Model) -> Query {
    let time = rollup.time.map(|time| {
        DimensionRef::With(DimensionWithOptions {
            field: TIME_FIELD.to_owned(),
            grain: Some(GrainName::Common(time.grain)),
            part: None,
            bin: None,
            alias: None,
        })
    });
    let metrics = rollup.metrics.iter();
    Query {
        model: model.model.to_string(),
        metrics: metrics
            .map(|metric| MetricSelection::Name(metric.to_string()))
            .collect(),
        dimensions: rollup.dimensions.iter().cloned().chain(time).collect(),
        ..Query::default()
    }
}

/// The time that a key shows buckets of.
fn bucket_of(resolved: &Resolved<'_>, key: &Key<'_>, fact: &Fact<'_>) -> Result<Option<(TimeValue, Grain)>, AppError> {
    let Some(grain) = key.grain else { return Ok(None) };
    let dimension = in_fact(resolved, &key.field, fact)?;
    if dimension.kind != DimensionType::Time {
        return Ok(None);
    }
    let time = TimeValue::stored(&dimension, &resolved.model.time_zone, &resolved.clock)?;
    Ok(Some((time, grain)))
}

/// What the leaves can be put together from, and how many rows there are.
fn parts_of(lowering: &mut Lowering<'_, '_>) -> Result<Vec<Part>, AppError> {
    let resolved = lowering.resolved;
    let mut parts = vec![Part::of(PartKind::Rows, None, &[])];
    for (index, leaf) in resolved.leaves.iter().enumerate() {
        let kinds = kinds(leaf).map_err(|why| refused(resolved, index, why))?;
        let mut conditions = Vec::new();
        for filter in &leaf.filters {
            conditions.extend(lowering.condition(filter)?.conjuncts().into_iter().cloned());
        }
        let reading = Reading::of(resolved, lowering.fact.place(), &[]);
        let value = leaf.value.as_ref().map(|value| reading.value(value)).transpose()?;
        let rows = Part::of(PartKind::Rows, None, &conditions);
        let own = kinds.iter().map(|kind| Part::of(*kind, value.as_ref(), &conditions));
        for part in own.chain([rows]) {
            if !parts.iter().any(|known| known.is(&part)) {
                parts.push(part);
            }
        }
    }
    Ok(parts)
}

/// # Errors
/// Why groups of it cannot be put together.
fn kinds(leaf: &Leaf) -> Result<&'static [PartKind], &'static str> {
    if leaf.semi_additive.is_some() {
        return Err("it shows one moment of each period");
    }
    if leaf.conversion.is_some() {
        return Err("it follows events from one to another");
    }
    if leaf.nested.is_some() {
        return Err("it aggregates the values of groups");
    }
    match leaf.agg {
        Aggregation::Count if leaf.value.is_none() => Ok(&[]),
        Aggregation::Count => Ok(&[PartKind::Count]),
        Aggregation::Sum => Ok(&[PartKind::Sum]),
        Aggregation::Avg => Ok(&[PartKind::Sum, PartKind::Count]),
        Aggregation::Min => Ok(&[PartKind::Min]),
        Aggregation::Max => Ok(&[PartKind::Max]),
        Aggregation::CountDistinct => Err("what is distinct in groups cannot be added up"),
        Aggregation::Median | Aggregation::Percentile => Err("a percentile needs all values"),
        Aggregation::Stddev => Err("a deviation put together from groups would not be exact"),
        Aggregation::First | Aggregation::Last => Err("the first and last value need all rows"),
    }
}

fn refused(resolved: &Resolved<'_>, leaf: usize, why: &str) -> AppError {
    let reads = |value: &MetricValue| {
        let mut found = Vec::new();
        value.leaves(&mut found);
        found.iter().any(|(_, found)| *found == leaf)
    };
    let metric = resolved.metrics.iter().find(|metric| reads(&metric.value));
    let name = metric.map_or("A metric", |metric| metric.output.as_str());
    let message = format!("{name} cannot be kept in a rollup: {why}.");
    AppError::new(ErrorCode::NonAdditive, message)
        .with_field("metrics")
        .with_hint("Sums, counts, averages, least and greatest values can.")
}

/// The column of a part.
pub(super) fn part_name(place: usize) -> String {
    format!("p{place}")
}
