//! Conditions on a metric per group: the groups that pass, to be joined with the rows.

use chrono::DateTime;
use shared::{
    AppError,
    semantic::{
        Condition, DimensionRef, DimensionType, DimensionWithOptions, MetricCondition, MetricSelection, Missing, Query,
    },
};

use super::{
    PlanContext, Policy,
    lower::{Lowering, metric_comparison, scalar},
    measure::{Options, measured},
    names::{find_field, in_fact},
    naming::{key_name, metric_name},
    resolve::resolve,
    resolved::{Fact, Key, Resolved},
    rows::{constant, key_value, policy_filters, scan},
};
use crate::graph::{Step, stored};
use crate::logical::{Expression, Literal, Named, Node, UnaryOperator};

/// A metric's filter may hold such a condition itself; deeper than this it goes in circles.
const DEEPEST: usize = 6;

/// `groups` has the columns of `keys` and `columns`; rows are joined on the keys. The gate of a condition has one column, true
/// in the one row of each group that passes.
pub struct Gate {
    pub columns: Vec<String>,
    /// Name of the key column, and its value in the rows.
    pub keys: Vec<(String, Expression)>,
    pub groups: Node,
}

impl Gate {
    /// The column of a condition's gate.
    pub fn verdict(&self) -> Expression {
        self.columns.first().map_or_else(Expression::null, Expression::column)
    }
}

/// The metric is computed over all rows that the policy lets through, whatever the query's own conditions and range.
///
/// # Errors
/// `invalid` without `per` or when the metric refers to itself; else as for a query of that metric.
pub fn metric_gate(
    outer: &Resolved<'_>,
    fact: &Fact<'_>,
    condition: &MetricCondition,
    index: usize,
) -> Result<Gate, AppError> {
    let name = condition.metric.as_str();
    if condition.per.is_empty() {
        return Err(AppError::invalid(
            name,
            format!("A condition on {name} in where needs per: the fields to group by."),
        )
        .with_hint("Compare the answer's own values in having."));
    }
    if outer.depth >= DEEPEST {
        return Err(AppError::invalid(
            name,
            format!("The condition on {name} refers to itself."),
        ));
    }
    let column = |position: usize| format!("__gate{index}_{position}");
    let mut keys = Vec::new();
    for (position, field) in condition.per.iter().enumerate() {
        let target = find_field(outer.model, &Policy::default(), field)?;
        let dimension = in_fact(outer, &target, fact)?;
        if dimension.kind == DimensionType::Time {
            return Err(AppError::invalid(
                field.clone(),
                format!("{field} is a time; it cannot be used in per."),
            ));
        }
        keys.push((column(position), scalar(&dimension)));
    }
    let query = Query {
        model: outer.query.model.clone(),
        metrics: vec![MetricSelection::Name(condition.metric.clone())],
        dimensions: condition
            .per
            .iter()
            .enumerate()
            .map(|(position, field)| {
                let alias = Some(column(position));
                DimensionRef::With(DimensionWithOptions {
                    field: field.clone(),
                    grain: None,
                    part: None,
                    bin: None,
                    alias,
                })
            })
            .collect(),
        time_zone: Some(outer.clock.zone.name()),
        ..Query::default()
    };
    let context = PlanContext::new(DateTime::from_timestamp_micros(outer.clock.as_of.instant).unwrap_or_default());
    let inner = resolve(
        &query,
        outer.model,
        outer.policy,
        outer.scope.parameters,
        &context,
        outer.depth + 1,
    )?;
    let all_keys: Vec<usize> = (0..inner.keys.len()).collect();
    let kind = inner
        .metrics
        .first()
        .map(|metric| metric.kind)
        .unwrap_or(shared::table::ColumnType::Number);
    let passes = metric_comparison(condition, kind, Expression::column(metric_name(0)))?;
    let known = all_keys
        .iter()
        .map(|key| Expression::unary(UnaryOperator::IsNotNull, Expression::column(key_name(*key))));
    let predicate = Expression::all(known.chain([passes]));
    let gate = format!("__gate{index}");
    let verdict = match condition.missing {
        None => Expression::literal(Literal::Bool(true)),
        // Groups that fail are told from groups that are missing.
        Some(Missing::Zero) => predicate.clone().or_literal(Literal::Bool(false)),
    };
    let columns = all_keys
        .iter()
        .map(|key| Named::new(column(*key), Expression::column(key_name(*key))))
        .chain([Named::new(gate.clone(), verdict)])
        .collect();
    let mut groups = measured(&inner, &all_keys, &[0], &Options::default())?;
    if condition.missing.is_none() {
        groups = groups.filter(predicate);
    }
    let groups = groups.project(columns);
    Ok(Gate {
        columns: vec![gate],
        keys,
        groups,
    })
}

/// The distinct values of dimensions in the many rows that a row finds by `step`, under the given names. A row without any has
/// NULL in all of them.
///
/// # Errors
/// `fan_out` when one of the many has many again.
pub fn members_gate<'a>(
    outer: &Lowering<'_, 'a>,
    way: &[Step<'a>],
    step: Step<'a>,
    members: &[(String, &Key<'a>)],
) -> Result<Gate, AppError> {
    let resolved = outer.resolved;
    let many = Many::of(outer, way, step);
    let mut lowering = Lowering::new(resolved, many.fact);
    let columns = members
        .iter()
        .map(|(name, key)| Ok(Named::new(name.clone(), key_value(&mut lowering, key)?)))
        .collect::<Result<Vec<_>, AppError>>()?;
    many.gate(
        lowering,
        columns,
        None,
        members.iter().map(|(name, _)| Named::same(name.clone())),
    )
}

/// The rows of `step`'s table that meet `condition`, by the columns they are joined by. `way` leads from the fact to where
/// the join starts.
///
/// # Errors
/// As lowering the condition for those rows.
pub fn rows_gate<'a>(
    outer: &Lowering<'_, 'a>,
    way: &[Step<'a>],
    step: Step<'a>,
    condition: &Condition,
) -> Result<Gate, AppError> {
    let verdict = Named::new(
        format!("__gate{}", outer.gates.len()),
        Expression::literal(Literal::Bool(true)),
    );
    let many = Many::of(outer, way, step);
    let lowering = Lowering::new(outer.resolved, many.fact);
    many.gate(lowering, Vec::new(), Some(condition), [verdict])
}

/// The many rows that a row finds by a join.
struct Many<'a> {
    fact: Fact<'a>,
    step: Step<'a>,
    /// Where the join starts, and its columns there.
    keys: Vec<(String, Expression)>,
}

impl<'a> Many<'a> {
    fn of(outer: &Lowering<'_, 'a>, way: &[Step<'a>], step: Step<'a>) -> Self {
        let index = outer.gates.len();
        let from = outer.fact.place();
        let default_time = step.table.default_time.as_ref();
        Self {
            fact: Fact {
                node: step.node,
                table: step.table,
                time: default_time.and_then(|time| step.table.dimension(time.as_str())),
            },
            step,
            keys: step
                .pairs()
                .enumerate()
                .map(|(position, (left, _))| {
                    let column = format!("__gate{index}_{position}");
                    (column, Expression::column(stored(from, way, left)))
                })
                .collect(),
        }
    }

    /// The rows that principal, join and condition leave, each combination of keys and `columns` once, with `shown` beside
    /// the keys.
    fn gate(
        self,
        mut lowering: Lowering<'_, 'a>,
        columns: Vec<Named<Expression>>,
        condition: Option<&Condition>,
        shown: impl IntoIterator<Item = Named<Expression>>,
    ) -> Result<Gate, AppError> {
        let Self { fact, step, keys } = self;
        let resolved = lowering.resolved;
        let mut filters = policy_filters(&mut lowering)?;
        filters.extend(constant(resolved, fact.place(), step)?);
        if let Some(condition) = condition {
            filters.push(lowering.condition(condition)?);
        }
        let joined = keys.iter().zip(step.pairs());
        let mut read: Vec<Named<Expression>> = joined
            .map(|((name, _), (_, right))| Named::new(name.clone(), Expression::column(right)))
            .collect();
        read.extend(columns);
        let same = |columns: &[Named<Expression>]| -> Vec<Named<Expression>> {
            columns.iter().map(|column| Named::same(column.name.clone())).collect()
        };
        let distinct = same(&read);
        let shown: Vec<Named<Expression>> = shown.into_iter().collect();
        let names = shown.iter().map(|column| column.name.clone()).collect();
        let key_columns = keys.iter().map(|(name, _)| Named::same(name.clone()));
        let groups = scan(resolved, &fact, &filters, &read, lowering.gates)?
            .filter_all(filters)
            .project(read)
            .aggregate(distinct, Vec::new())
            .project(key_columns.chain(shown).collect());
        Ok(Gate {
            columns: names,
            keys,
            groups,
        })
    }
}
