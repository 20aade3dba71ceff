//! Metrics at the grain of some keys: aggregate each fact, put the branches together, compute what is made of them.
//!
//! Each branch has one row per key, so after the union MAX only picks the value. Keys are NULL-safe, and a branch that
//! has no row for a key leaves NULL, which `empty` then speaks for.

use std::collections::BTreeSet;

use shared::{
    AppError,
    semantic::{Aggregation, DatePart, Empty, FillDimensions, Grain},
};

use super::{
    interval::Interval,
    moments::{TimeKind, TimeValue, shift_bucket},
    names::in_fact,
    naming::{
        ORDER, OTHERS, SHOWN, argument_name, first_name, flag_name, key_name, metric_name, period_name, previous_name,
        rows_name, value_name,
    },
    resolved::{Field, Leaf, MetricValue, Resolved},
    rows::{RowsOf, rows},
    shift::{Comparison, Method, Shifting},
    spine::spine,
    top::Top,
};
use crate::logical::{AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node};

#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// Put members outside the top together.
    pub others: Option<&'o Top>,
    /// Only base rows whose keys occur here.
    pub keep: Option<&'o Node>,
    /// Add the buckets without rows, when the query asks for it.
    pub fill: bool,
    /// Compute the query's comparisons.
    pub compare: bool,
}

/// Columns: `k…` of `keys`, `o` with others, `m…` of `metrics`, and `c…` of every comparison and metric.
///
/// # Errors
/// See [`super::plan_query`].
pub fn measured(
    resolved: &Resolved<'_>,
    keys: &[usize],
    metrics: &[usize],
    options: &Options<'_>,
) -> Result<Node, AppError> {
    let needs = Needs::of(resolved, metrics);
    let mut builder = Builder {
        resolved,
        keys,
        options,
        needs: &needs,
    };
    if resolved.metrics.is_empty() {
        return builder.combinations();
    }
    let current = builder.branches("", None)?;
    let mut branches = current.clone();
    let mut shiftings = Vec::new();
    if options.compare {
        for (index, compare) in resolved.comparisons().iter().enumerate() {
            let mut needed = keys.to_vec();
            needed.extend(options.others.into_iter().flat_map(|top| top.per.iter().copied()));
            let shifting = Comparison::of(resolved, compare)?.shifting(&needed)?;
            if let Some(shifting) = &shifting {
                branches.extend(builder.branches(&period_name(index), Some(shifting))?);
            }
            shiftings.push(shifting);
        }
    }
    if let Some(filler) = builder.filler(&current)? {
        branches.push(filler);
    }
    let mut node = builder.regroup(branches, &shiftings);
    for (index, shifting) in shiftings.iter().enumerate() {
        for first in builder.first_times(index, shifting.as_ref())? {
            node = node.join_on(JoinKind::Cross, first, &[]);
        }
    }
    let columns = builder.finished(metrics, &shiftings)?;
    Ok(node.project(columns))
}

/// Which leaves a relation computes, and of which the number of rows matters.
struct Needs {
    leaves: Vec<usize>,
    counted: BTreeSet<usize>,
    /// Shown as 0 where there is no row.
    zero: BTreeSet<usize>,
}

impl Needs {
    fn of(resolved: &Resolved<'_>, metrics: &[usize]) -> Self {
        let mut needs = Self {
            leaves: Vec::new(),
            counted: BTreeSet::new(),
            zero: BTreeSet::new(),
        };
        for metric in metrics.iter().filter_map(|index| resolved.metrics.get(*index)) {
            metric.value.leaves(&mut needs.leaves);
            needs.visit(&metric.value, resolved);
        }
        needs.leaves.sort_unstable();
        needs
    }

    fn visit(&mut self, value: &MetricValue, resolved: &Resolved<'_>) {
        match value {
            MetricValue::Leaf { leaf, empty } => {
                let is_count = resolved.leaves.get(*leaf).is_some_and(Leaf::is_count);
                if *empty == Empty::Zero {
                    self.zero.insert(*leaf);
                }
                if is_count != (*empty == Empty::Zero) {
                    self.counted.insert(*leaf);
                }
            }
            MetricValue::Ratio {
                numerator,
                denominator,
                empty,
            } => {
                self.visit(numerator, resolved);
                self.visit(denominator, resolved);
                if *empty == Empty::Zero {
                    let mut leaves = Vec::new();
                    value.leaves(&mut leaves);
                    self.counted.extend(leaves);
                }
            }
        }
    }
}

struct Builder<'b, 'a> {
    resolved: &'b Resolved<'a>,
    keys: &'b [usize],
    options: &'b Options<'b>,
    needs: &'b Needs,
}

impl Builder<'_, '_> {
    /// Key columns, and the mark of the rest.
    fn key_columns(&self) -> Vec<String> {
        let others = self.options.others.map(|_| OTHERS.to_owned());
        self.keys.iter().map(|key| key_name(*key)).chain(others).collect()
    }

    fn same_keys(&self) -> Vec<Named<Expression>> {
        self.key_columns().into_iter().map(Named::same).collect()
    }

    fn rows_of<'s>(&'s self, fact: usize, leaves: &'s [usize], shifting: Option<&'s Shifting>) -> RowsOf<'s> {
        RowsOf {
            fact,
            leaves,
            keys: self.keys,
            range: self.resolved.range,
            shifting,
            others: self.options.others,
            keep: self.options.keep,
            first_times: None,
        }
    }

    fn facts_of_leaves(&self) -> Vec<(usize, Vec<usize>)> {
        let of = |fact: usize| {
            let own = |leaf: &usize| self.resolved.leaves.get(*leaf).is_some_and(|leaf| leaf.fact == fact);
            self.needs.leaves.iter().copied().filter(own).collect::<Vec<_>>()
        };
        (0..self.resolved.facts.len())
            .map(|fact| (fact, of(fact)))
            .filter(|(_, leaves)| !leaves.is_empty())
            .collect()
    }

    /// One aggregate per fact.
    fn branches(&mut self, period: &str, shifting: Option<&Shifting>) -> Result<Vec<Node>, AppError> {
        let mut branches = Vec::new();
        for (fact, leaves) in self.facts_of_leaves() {
            let rows = rows(self.resolved, &self.rows_of(fact, &leaves, shifting))?;
            let masked = self.masked(&leaves);
            let mut measures = Vec::new();
            for index in leaves {
                let Some(leaf) = self.resolved.leaves.get(index) else {
                    continue;
                };
                measures.push(Named::new(value_name(period, index), call(index, leaf, masked)));
                if self.needs.counted.contains(&index) {
                    let rows = if masked && !leaf.filters.is_empty() {
                        AggregateCall::Count(Expression::column(flag_name(index)))
                    } else {
                        AggregateCall::CountRows
                    };
                    measures.push(Named::new(rows_name(period, index), rows));
                }
            }
            branches.push(rows.aggregate(self.same_keys(), measures));
        }
        Ok(branches)
    }

    /// Are leaves masked by their own filters (rather than the rows filtered once for all)?
    fn masked(&self, leaves: &[usize]) -> bool {
        let mut filters = leaves
            .iter()
            .filter_map(|leaf| self.resolved.leaves.get(*leaf))
            .map(|leaf| &leaf.filters);
        let first = filters.next();
        filters.any(|filter| Some(filter) != first)
    }

    fn regroup(&self, branches: Vec<Node>, shiftings: &[Option<Shifting>]) -> Node {
        if branches.len() == 1 {
            return Node::union(branches);
        }
        let shifted = shiftings
            .iter()
            .enumerate()
            .filter(|(_, shifting)| shifting.is_some())
            .map(|(index, _)| period_name(index));
        let mut measures = Vec::new();
        for period in std::iter::once(String::new()).chain(shifted) {
            for leaf in &self.needs.leaves {
                let counted = self.needs.counted.contains(leaf).then(|| rows_name(&period, *leaf));
                for name in std::iter::once(value_name(&period, *leaf)).chain(counted) {
                    measures.push(Named::new(name.clone(), AggregateCall::Max(Expression::column(name))));
                }
            }
        }
        Node::union(branches).aggregate(self.same_keys(), measures)
    }

    /// Rows of keys for the buckets that have none.
    fn filler(&self, current: &[Node]) -> Result<Option<Node>, AppError> {
        let Some(fill) = self
            .resolved
            .query
            .fill
            .as_ref()
            .filter(|fill| fill.time && self.options.fill)
        else {
            return Ok(None);
        };
        let all_axis = self.resolved.axis_keys();
        let (key, grain) = match all_axis.as_slice() {
            [key] => match self.resolved.keys.get(*key).and_then(|key| key.grain) {
                Some(grain) => (*key, grain),
                None => return Err(no_axis()),
            },
            _ => return Err(no_axis()),
        };
        if !self.keys.contains(&key) {
            return Ok(None);
        }
        let kind = self.bucket_kind(grain)?;
        let name = key_name(key);
        let clock = &self.resolved.clock;
        let range = self.resolved.range;
        let mut buckets = spine(&name, range, grain, &kind, clock)?;
        let keys_only: Vec<Node> = current
            .iter()
            .map(|node| node.clone().project(self.same_keys()))
            .collect();
        let present = Node::union(keys_only);
        if range.bounds().is_none() {
            buckets = between_first_and_last(buckets, &name, present.clone());
        }
        let others: Vec<String> = self
            .key_columns()
            .into_iter()
            .filter(|column| *column != name)
            .collect();
        if others.is_empty() {
            return Ok(Some(buckets));
        }
        let columns = |other: &dyn Fn(String) -> Named<Expression>| {
            self.key_columns()
                .into_iter()
                .map(|column| {
                    if column == name {
                        Named::same(column)
                    } else {
                        other(column)
                    }
                })
                .collect()
        };
        Ok(Some(match fill.dimensions {
            FillDimensions::All => {
                let combinations = present.aggregate(others.into_iter().map(Named::same).collect(), Vec::new());
                buckets
                    .join_on(JoinKind::Cross, combinations, &[])
                    .project(columns(&Named::same))
            }
            FillDimensions::None => {
                let with_rows = present.aggregate(vec![Named::same(name.clone())], Vec::new());
                let empty = |column: String| {
                    let value = if column == OTHERS {
                        Literal::Bool(false)
                    } else {
                        Literal::Null
                    };
                    Named::new(column, Expression::literal(value))
                };
                buckets
                    .join_on(JoinKind::Anti, with_rows, std::slice::from_ref(&name))
                    .project(columns(&empty))
            }
        }))
    }

    fn bucket_kind(&self, grain: Grain) -> Result<TimeKind, AppError> {
        let Some(fact) = self.resolved.facts.first() else {
            let coarse = grain >= Grain::Day;
            return Ok(if coarse { TimeKind::Date } else { TimeKind::Wall });
        };
        let dimension = in_fact(&self.resolved.axis, fact)?;
        let time = TimeValue::stored(dimension, &self.resolved.model.time_zone, &self.resolved.clock)?;
        Ok(time.bucket_kind(grain))
    }

    /// Without metrics: the distinct combinations of the keys. `time` is the spine of the range, crossed with them.
    fn combinations(&self) -> Result<Node, AppError> {
        let bounded = self.resolved.range.bounds().is_some();
        let of_spine = |key: &usize| bounded && self.spine_grain(*key).is_some();
        let (times, rest): (Vec<usize>, Vec<usize>) = self.keys.iter().copied().partition(of_spine);
        let mut node = None;
        if !rest.is_empty() || times.is_empty() {
            if self.resolved.facts.is_empty() {
                return Err(AppError::invalid(
                    "time",
                    "Time alone needs a range with two ends, or a metric.",
                ));
            }
            let mut spec = self.rows_of(0, &[], None);
            spec.keys = &rest;
            if !times.is_empty() {
                spec.range = Interval::ALL;
            }
            let mut names: Vec<String> = rest.iter().map(|key| key_name(*key)).collect();
            names.extend(self.options.others.map(|_| OTHERS.to_owned()));
            node =
                Some(rows(self.resolved, &spec)?.aggregate(names.into_iter().map(Named::same).collect(), Vec::new()));
        }
        let buckets = if times.is_empty() {
            None
        } else {
            Some(self.spine_of_times(&times)?)
        };
        match (buckets, node) {
            (Some(buckets), Some(node)) => Ok(buckets.join_on(JoinKind::Cross, node, &[]).project(self.same_keys())),
            (Some(only), None) | (None, Some(only)) => Ok(only),
            (None, None) => Err(AppError::internal()),
        }
    }

    /// The grain that a spine must have to show this key of `time`.
    fn spine_grain(&self, key: usize) -> Option<Grain> {
        let key = self
            .resolved
            .keys
            .get(key)
            .filter(|key| matches!(key.field, Field::Time))?;
        key.grain.or_else(|| key.part.map(finest_of))
    }

    /// Distinct combinations of buckets and parts in the range.
    fn spine_of_times(&self, times: &[usize]) -> Result<Node, AppError> {
        let clock = &self.resolved.clock;
        let finest = times
            .iter()
            .filter_map(|key| self.spine_grain(*key))
            .min()
            .unwrap_or(Grain::Day);
        let weeks_split = times.len() > 1 && finest == Grain::Week;
        let finest = if weeks_split { Grain::Day } else { finest };
        let kind = self.bucket_kind(finest)?;
        let time = TimeValue {
            value: Expression::column(SHOWN),
            kind: kind.clone(),
        };
        let mut columns = Vec::new();
        for key in times {
            let Some(target) = self.resolved.keys.get(*key) else {
                continue;
            };
            let value = match (target.grain, target.part) {
                (Some(grain), _) if grain == finest => time.value.clone(),
                (Some(grain), _) => time.bucket(grain, clock),
                (None, Some(part)) => time.part(part, clock),
                (None, None) => time.plain(),
            };
            columns.push(Named::new(key_name(*key), value));
        }
        let names: Vec<_> = columns.iter().map(|column| Named::same(column.name.clone())).collect();
        let buckets = spine(SHOWN, self.resolved.range, finest, &kind, clock)?.project(columns);
        Ok(buckets.aggregate(names, Vec::new()))
    }

    /// When the leaves that show 0 begin: one row per fact. Before that there is no previous value.
    fn first_times(&self, comparison: usize, shifting: Option<&Shifting>) -> Result<Vec<Node>, AppError> {
        let Some(shifting) = shifting else {
            return Ok(Vec::new());
        };
        if !has_beginning(shifting.method) {
            return Ok(Vec::new());
        }
        let mut relations = Vec::new();
        for (fact, leaves) in self.facts_of_leaves() {
            let leaves: Vec<usize> = leaves
                .into_iter()
                .filter(|leaf| self.needs.zero.contains(leaf))
                .collect();
            if leaves.is_empty() {
                continue;
            }
            let spec = RowsOf {
                keys: &[],
                others: None,
                keep: None,
                first_times: Some(comparison),
                ..self.rows_of(fact, &leaves, Some(shifting))
            };
            let first = |leaf: &usize| {
                let name = first_name(comparison, *leaf);
                Named::new(name.clone(), AggregateCall::Min(Expression::column(name)))
            };
            relations.push(rows(self.resolved, &spec)?.aggregate(Vec::new(), leaves.iter().map(first).collect()));
        }
        Ok(relations)
    }

    fn finished(&self, metrics: &[usize], shiftings: &[Option<Shifting>]) -> Result<Vec<Named<Expression>>, AppError> {
        let mut columns = self.same_keys();
        for index in metrics {
            let Some(metric) = self.resolved.metrics.get(*index) else {
                continue;
            };
            columns.push(Named::new(metric_name(*index), self.value(&metric.value, "", None)?));
        }
        for (comparison, shifting) in shiftings.iter().enumerate() {
            for index in metrics {
                let Some(metric) = self.resolved.metrics.get(*index) else {
                    continue;
                };
                let value = match shifting {
                    Some(shifting) => {
                        self.value(&metric.value, &period_name(comparison), Some((comparison, shifting)))?
                    }
                    None => Expression::null(),
                };
                columns.push(Named::new(previous_name(comparison, *index), value));
            }
        }
        Ok(columns)
    }

    fn value(
        &self,
        value: &MetricValue,
        period: &str,
        shifted: Option<(usize, &Shifting)>,
    ) -> Result<Expression, AppError> {
        match value {
            MetricValue::Leaf { leaf, empty } => {
                let is_count = self.resolved.leaves.get(*leaf).is_some_and(Leaf::is_count);
                let column = Expression::column(value_name(period, *leaf));
                let shown = match (is_count, empty) {
                    (true, Empty::Zero) => column.or_literal(Literal::Int(0)),
                    (false, Empty::Null) => column,
                    (true, Empty::Null) => Expression::only_if(self.no_rows(period, &[*leaf]).negated(), column),
                    (false, Empty::Zero) => zero_if(self.no_rows(period, &[*leaf]), column),
                };
                match shifted.filter(|_| *empty == Empty::Zero) {
                    Some((comparison, shifting)) => self.after_beginning(shown, *leaf, comparison, shifting),
                    None => Ok(shown),
                }
            }
            MetricValue::Ratio {
                numerator,
                denominator,
                empty,
            } => {
                let ratio = Expression::binary(
                    BinaryOperator::Divide,
                    self.value(numerator, period, shifted)?,
                    self.value(denominator, period, shifted)?,
                );
                Ok(match empty {
                    Empty::Null => ratio,
                    Empty::Zero => {
                        let mut leaves = Vec::new();
                        value.leaves(&mut leaves);
                        zero_if(self.no_rows(period, &leaves), ratio)
                    }
                })
            }
        }
    }

    fn no_rows(&self, period: &str, leaves: &[usize]) -> Expression {
        Expression::all(leaves.iter().map(|leaf| {
            let rows = Expression::column(rows_name(period, *leaf)).or_literal(Literal::Int(0));
            Expression::binary(BinaryOperator::Eq, rows, Expression::literal(Literal::Int(0)))
        }))
    }

    /// NULL where the earlier period lies before the first row of the leaf.
    fn after_beginning(
        &self,
        shown: Expression,
        leaf: usize,
        comparison: usize,
        shifting: &Shifting,
    ) -> Result<Expression, AppError> {
        let clock = &self.resolved.clock;
        let fact = self
            .resolved
            .leaves
            .get(leaf)
            .and_then(|leaf| self.resolved.facts.get(leaf.fact));
        let dimension = in_fact(&self.resolved.axis, fact.ok_or_else(AppError::internal)?)?;
        let kind = TimeValue::stored(dimension, &self.resolved.model.time_zone, clock)?.plain_kind();
        let first = TimeValue {
            value: Expression::column(first_name(comparison, leaf)),
            kind,
        };
        let begun = match shifting.method {
            Method::Buckets { grain } | Method::SpineOfBuckets { grain } => {
                let axis = self.resolved.axis_keys();
                let Some(key) = axis.first() else { return Ok(shown) };
                let displayed = TimeValue {
                    value: Expression::column(key_name(*key)),
                    kind: first.bucket_kind(grain),
                };
                let earlier = shift_bucket(&displayed, shifting.by.back(), grain, clock);
                Expression::binary(BinaryOperator::Lte, first.bucket(grain, clock), earlier)
            }
            Method::Range => {
                let until = Interval {
                    from: None,
                    to: shifting.read.to,
                };
                Expression::all(first.within(until, clock))
            }
            Method::Rows | Method::SpineOfDays => return Ok(shown),
        };
        Ok(Expression::only_if(begun, shown))
    }
}

/// The coarsest grain whose buckets still tell the part.
const fn finest_of(part: DatePart) -> Grain {
    match part {
        DatePart::Year => Grain::Year,
        DatePart::Quarter => Grain::Quarter,
        DatePart::Month => Grain::Month,
        DatePart::Week | DatePart::Day | DatePart::DayOfWeek | DatePart::DayOfYear => Grain::Day,
        DatePart::Hour => Grain::Hour,
        DatePart::Minute => Grain::Minute,
    }
}

const fn has_beginning(method: Method) -> bool {
    match method {
        Method::Range | Method::Buckets { .. } | Method::SpineOfBuckets { .. } => true,
        Method::Rows | Method::SpineOfDays => false,
    }
}

fn zero_if(condition: Expression, otherwise: Expression) -> Expression {
    Expression::Case {
        branches: vec![(condition, Expression::literal(Literal::Int(0)))],
        otherwise: Box::new(otherwise),
    }
}

fn no_axis() -> AppError {
    AppError::invalid("fill", "fill.time needs one time dimension with a grain.")
}

fn between_first_and_last(buckets: Node, name: &str, present: Node) -> Node {
    let edge = |edge: &str, call: fn(Expression) -> AggregateCall| Named::new(edge, call(Expression::column(name)));
    let edges = present.aggregate(
        Vec::new(),
        vec![edge("__first", AggregateCall::Min), edge("__last", AggregateCall::Max)],
    );
    let compare =
        |operator, edge: &str| Expression::binary(operator, Expression::column(name), Expression::column(edge));
    let between = Expression::all([
        compare(BinaryOperator::Gte, "__first"),
        compare(BinaryOperator::Lte, "__last"),
    ]);
    buckets
        .join_on(JoinKind::Cross, edges, &[])
        .filter(between)
        .project(vec![Named::same(name)])
}

/// `masked`: the argument is NULL in rows that the leaf's filter leaves out, also where there is no column.
fn call(index: usize, leaf: &Leaf, masked: bool) -> AggregateCall {
    let argument = || Expression::column(argument_name(index));
    let order = || Some(Expression::column(ORDER));
    match leaf.agg {
        Aggregation::Count if leaf.column.is_none() && (!masked || leaf.filters.is_empty()) => AggregateCall::CountRows,
        Aggregation::Count => AggregateCall::Count(argument()),
        Aggregation::Sum => AggregateCall::Sum(argument()),
        Aggregation::CountDistinct => AggregateCall::CountDistinct(argument()),
        Aggregation::Avg => AggregateCall::Avg(argument()),
        Aggregation::Min => AggregateCall::Min(argument()),
        Aggregation::Max => AggregateCall::Max(argument()),
        Aggregation::Median => AggregateCall::Median(argument()),
        Aggregation::Percentile => AggregateCall::Percentile {
            argument: argument(),
            p: leaf.p.unwrap_or_default(),
            interpolation: leaf.interpolation,
        },
        Aggregation::Stddev => AggregateCall::Stddev(argument()),
        Aggregation::First => AggregateCall::First {
            argument: argument(),
            order: order(),
        },
        Aggregation::Last => AggregateCall::Last {
            argument: argument(),
            order: order(),
        },
    }
}
