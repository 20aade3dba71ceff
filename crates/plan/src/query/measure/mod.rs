//! Metrics at the grain of some keys: aggregate each fact, put the branches together, compute what is made of them.
//!
//! Each branch has one row per key, so after the union MAX only picks the value. Keys are NULL-safe, and a branch that
//! has no row for a key leaves NULL, which `empty` then speaks for.

mod combinations;
mod conversion;
mod fill;
mod finish;
mod formula;
mod members;
mod needs;
mod nested;
mod window;
mod within;

use shared::{AppError, ErrorCode, semantic::Aggregation};

use self::needs::Needs;
use super::{
    naming::{ORDER, OTHERS, argument_name, flag_name, key_name, offset_name, period_name, rows_name, value_name},
    resolved::{Leaf, MetricValue, Resolved},
    rows::{RowsOf, rows},
    shift::{Comparison, Shifting},
    top::Top,
};
use crate::logical::{AggregateCall, Expression, JoinKind, Named, Node};

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
    /// Everything is of an earlier period.
    pub shifting: Option<&'o Shifting>,
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
    resolved.scope.parameters.count_relation()?;
    let needs = Needs::of(resolved, metrics);
    let mut withins = Vec::new();
    for metric in metrics.iter().filter_map(|metric| resolved.metrics.get(*metric)) {
        metric.value.withins(&mut withins);
    }
    let builder = Builder {
        resolved,
        withins: &withins,
        keys,
        options,
        needs: &needs,
    };
    if resolved.metrics.is_empty() {
        return builder.combinations();
    }
    let mut periods = vec![Period {
        name: String::new(),
        leaves: &needs.leaves,
    }];
    let mut current = builder.branches("", &needs.leaves, options.shifting)?;
    if options.shifting.is_some() && !needs.earlier.is_empty() {
        return Err(twice_earlier());
    }
    for (offset, leaves) in &needs.earlier {
        let Some(earlier) = resolved.offsets.get(*offset) else {
            continue;
        };
        let name = offset_name(*offset);
        let shifting = Comparison::of_offset(resolved, earlier)?.shifting(&builder.displayed_keys())?;
        current.extend(builder.branches(&name, leaves, shifting.as_ref())?);
        periods.push(Period { name, leaves });
    }
    let mut branches = current.clone();
    let mut shiftings = Vec::new();
    if options.compare {
        if !needs.earlier.is_empty() && !resolved.comparisons().is_empty() {
            return Err(twice_earlier());
        }
        for (index, compare) in resolved.comparisons().iter().enumerate() {
            let shifting = Comparison::of(resolved, compare)?.shifting(&builder.displayed_keys())?;
            if let Some(shifting) = &shifting {
                let name = period_name(index);
                branches.extend(builder.branches(&name, &needs.leaves, Some(shifting))?);
                periods.push(Period {
                    name,
                    leaves: &needs.leaves,
                });
            }
            shiftings.push(shifting);
        }
    }
    let members = builder.members()?;
    let filler = builder.filler(&current, members.as_ref())?;
    // Filling crosses members with times already.
    let unfilled = filler.is_none();
    branches.extend(filler);
    branches.extend(members.filter(|_| unfilled));
    let mut node = builder.regroup(branches, &periods);
    for (index, shifting) in shiftings.iter().enumerate() {
        for first in builder.first_times(index, shifting.as_ref())? {
            node = node.join_on(JoinKind::Cross, first, &[]);
        }
    }
    node = builder.beside_withins(node)?;
    let columns = builder.finished(metrics, &shiftings)?;
    Ok(node.project(columns))
}

fn twice_earlier() -> AppError {
    let message = "A metric that looks at an earlier period itself cannot be compared with one as well.";
    AppError::new(ErrorCode::Unsupported, message).with_field("compare")
}

/// Values of leaves in one period.
struct Period<'n> {
    name: String,
    leaves: &'n [usize],
}

struct Builder<'b, 'a> {
    resolved: &'b Resolved<'a>,
    keys: &'b [usize],
    options: &'b Options<'b>,
    needs: &'b Needs,
    /// Values at fewer dimensions.
    withins: &'b [&'b MetricValue],
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
            window_step: None,
            conversion: None,
            root: false,
        }
    }

    /// The keys that a shift must keep apart.
    fn displayed_keys(&self) -> Vec<usize> {
        let mut keys = self.keys.to_vec();
        keys.extend(self.options.others.into_iter().flat_map(|top| top.per.iter().copied()));
        keys
    }

    /// Leaves that are aggregated together, with their fact.
    fn branches_of(&self, leaves: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let mut branches: Vec<(usize, Vec<usize>)> = Vec::new();
        let leaf = |index: usize| self.resolved.leaves.get(index);
        for index in leaves.iter().copied() {
            let Some(own) = leaf(index) else { continue };
            let together = branches.iter_mut().find(|(_, leaves)| {
                let first = leaves.first().and_then(|first| leaf(*first));
                first.is_some_and(|first| first.shares_rows_with(own))
            });
            match together {
                Some((_, leaves)) => leaves.push(index),
                None => branches.push((own.fact, vec![index])),
            }
        }
        branches.sort_by_key(|(fact, _)| *fact);
        branches
    }

    /// One aggregate per fact and moment.
    fn branches(&self, period: &str, leaves: &[usize], shifting: Option<&Shifting>) -> Result<Vec<Node>, AppError> {
        let mut branches = Vec::new();
        for (fact, leaves) in self.branches_of(leaves) {
            if let [index] = leaves.as_slice()
                && let Some(leaf) = self.resolved.leaves.get(*index)
                && let Some(branch) = self.own_branch((period, *index), leaf, shifting)?
            {
                branches.push(branch);
                continue;
            }
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

    /// Of a leaf that has a relation of its own.
    fn own_branch(
        &self,
        named: (&str, usize),
        leaf: &Leaf,
        shifting: Option<&Shifting>,
    ) -> Result<Option<Node>, AppError> {
        match (&leaf.window, &leaf.conversion, &leaf.nested) {
            (Some(window), _, _) => self.window_branch(named, leaf, window, shifting).map(Some),
            (_, Some(conversion), _) => self.conversion_branch(named, leaf, conversion, shifting).map(Some),
            (_, _, Some(nested)) => self.nested_branch(named, leaf, nested, shifting).map(Some),
            (None, None, None) => Ok(None),
        }
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

    fn regroup(&self, branches: Vec<Node>, periods: &[Period<'_>]) -> Node {
        if branches.len() == 1 {
            return Node::union(branches);
        }
        let mut measures = Vec::new();
        for Period { name: period, leaves } in periods {
            for leaf in *leaves {
                let counted = self.needs.counted.contains(leaf).then(|| rows_name(period, *leaf));
                for name in std::iter::once(value_name(period, *leaf)).chain(counted) {
                    measures.push(Named::new(name.clone(), AggregateCall::Max(Expression::column(name))));
                }
            }
        }
        Node::union(branches).aggregate(self.same_keys(), measures)
    }
}

/// `masked`: the argument is NULL in rows that the leaf's filter leaves out, also where there is no column.
fn call(index: usize, leaf: &Leaf, masked: bool) -> AggregateCall {
    let argument = || Expression::column(argument_name(index));
    let order = || Some(Expression::column(ORDER));
    match leaf.agg {
        Aggregation::Count if leaf.value.is_none() && (!masked || leaf.filters.is_empty()) => AggregateCall::CountRows,
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
