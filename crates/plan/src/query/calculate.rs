//! Calculations over finished rows: share of total, rank, running total.

use shared::{
    AppError, ErrorCode,
    semantic::{Calculation, CalculationKind, SortDirection},
    table::ColumnType,
};

use super::{
    columns::{find_key, find_metric, is_text},
    measure::{Options, measured},
    naming::{OTHERS, calculation_name, key_name, metric_name},
    resolved::Resolved,
    top::Top,
};
use crate::logical::{BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, SortKey, WindowCall};

/// Adds one column `s…` per calculation to a relation with the keys `keys`. They see the result before having, top and
/// limit. What makes no sense for a relation (a rank among totals, or of the rest of a top-N) is NULL.
///
/// # Errors
/// `unknown_field` for names that are not in the answer, `non_additive` for running totals of what cannot be added up.
pub fn calculated(
    resolved: &Resolved<'_>,
    mut node: Node,
    keys: &[usize],
    options: &Options<'_>,
) -> Result<Node, AppError> {
    let whole = keys.len() == resolved.keys.len();
    let mut finished: Vec<String> = Vec::new();
    for (index, calculation) in resolved.calculations().iter().enumerate() {
        let metric = find_metric(resolved, &calculation.of, "calc.of")?;
        let within = calculation
            .within
            .iter()
            .map(|name| find_key(resolved, name, "calc.within"))
            .collect::<Result<Vec<_>, _>>()?;
        check(resolved, calculation, metric)?;
        let step = Step {
            resolved,
            index,
            metric,
            within,
            keys,
            options,
        };
        node = match calculation.kind {
            CalculationKind::ShareOfTotal if step.within.iter().all(|key| keys.contains(key)) => {
                step.share(node, &finished)?
            }
            CalculationKind::ShareOfTotal => step.nothing(node, &finished),
            CalculationKind::Rank | CalculationKind::RunningTotal if !whole => step.nothing(node, &finished),
            CalculationKind::Rank | CalculationKind::RunningTotal => match options.others {
                Some(top) => step.windowed_beside_others(node, calculation.kind, top)?,
                None => step.window(node, calculation.kind),
            },
        };
        finished.push(calculation_name(index));
    }
    Ok(node)
}

fn check(resolved: &Resolved<'_>, calculation: &Calculation, metric: usize) -> Result<(), AppError> {
    let Some(metric) = resolved.metrics.get(metric) else {
        return Err(AppError::internal());
    };
    let place = format!("calc.{}", calculation.alias);
    if !metric.kind.is_numeric() {
        return Err(AppError::invalid(place, format!("{} is no number.", metric.output)));
    }
    if calculation.kind == CalculationKind::RunningTotal && !metric.additive {
        let message = format!("{} cannot be added up, so it has no running total.", metric.output);
        return Err(AppError::new(ErrorCode::NonAdditive, message).with_field(place));
    }
    Ok(())
}

struct Step<'s, 'a> {
    resolved: &'s Resolved<'a>,
    index: usize,
    metric: usize,
    within: Vec<usize>,
    keys: &'s [usize],
    options: &'s Options<'s>,
}

impl Step<'_, '_> {
    fn name(&self) -> String {
        calculation_name(self.index)
    }

    /// The columns that the relation already has.
    fn before(&self, finished: &[String]) -> Vec<Named<Expression>> {
        let metrics = (0..self.resolved.metrics.len()).map(metric_name);
        let previous = (0..self.resolved.comparisons().len())
            .filter(|_| self.options.compare)
            .flat_map(|comparison| {
                (0..self.resolved.metrics.len()).map(move |metric| super::naming::previous_name(comparison, metric))
            });
        let keys = self
            .keys
            .iter()
            .map(|key| key_name(*key))
            .chain(self.options.others.map(|_| OTHERS.to_owned()));
        keys.chain(metrics)
            .chain(previous)
            .chain(finished.iter().cloned())
            .map(Named::same)
            .collect()
    }

    fn nothing(&self, node: Node, finished: &[String]) -> Node {
        let mut columns = self.before(finished);
        columns.push(Named::new(self.name(), Expression::null()));
        node.project(columns)
    }

    /// The total of the partition, aggregated again from base rows.
    fn share(&self, node: Node, finished: &[String]) -> Result<Node, AppError> {
        let options = Options {
            fill: false,
            compare: false,
            ..*self.options
        };
        // Members are only put together where the partition shows them.
        let cut = self.options.others.filter(|top| self.within.contains(&top.field));
        let options = Options { others: cut, ..options };
        let total_name = format!("__total{}", self.index);
        let mut on: Vec<String> = self.within.iter().map(|key| key_name(*key)).collect();
        on.extend(cut.map(|_| OTHERS.to_owned()));
        let columns = on.iter().cloned().map(Named::same);
        let total = measured(self.resolved, &self.within, &[self.metric], &options)?.project(
            columns
                .chain([Named::new(
                    total_name.clone(),
                    Expression::column(metric_name(self.metric)),
                )])
                .collect(),
        );
        let kind = if on.is_empty() { JoinKind::Cross } else { JoinKind::Left };
        let share = Expression::binary(
            BinaryOperator::Divide,
            Expression::column(metric_name(self.metric)),
            Expression::column(total_name),
        );
        let mut columns = self.before(finished);
        columns.push(Named::new(self.name(), share));
        Ok(node.join_on(kind, total, &on).project(columns))
    }

    fn window(&self, node: Node, kind: CalculationKind) -> Node {
        let column = metric_name(self.metric);
        let (call, order) = match kind {
            CalculationKind::RunningTotal => (WindowCall::RunningSum(column), self.running_order()),
            CalculationKind::Rank | CalculationKind::ShareOfTotal => (WindowCall::RankDescending(column), Vec::new()),
        };
        Node::Window {
            input: Box::new(node),
            partition: self.within.iter().map(|key| key_name(*key)).collect(),
            order,
            columns: vec![Named::new(self.name(), call)],
        }
    }

    /// By the time dimension, else the first; then by all others.
    fn running_order(&self) -> Vec<SortKey> {
        let is_time = |key: &usize| {
            self.resolved
                .keys
                .get(*key)
                .is_some_and(|key| key.field.is_time() && key.part.is_none())
        };
        let time = self.keys.iter().copied().find(is_time);
        let rest = self.keys.iter().copied().filter(|key| Some(*key) != time);
        let order = time.into_iter().chain(rest);
        order
            .map(|key| SortKey {
                column: key_name(key),
                direction: SortDirection::Asc,
            })
            .collect()
    }

    /// Computed over all members, then matched with those that stayed.
    fn windowed_beside_others(&self, node: Node, kind: CalculationKind, top: &Top) -> Result<Node, AppError> {
        let options = Options {
            others: None,
            compare: false,
            ..*self.options
        };
        let all = measured(self.resolved, self.keys, &[self.metric], &options)?;
        let windowed = self.window(all, kind);
        let keys = self.keys.iter().map(|key| {
            let column = Expression::column(key_name(*key));
            let text = *key != top.field || self.resolved.keys.get(*key).is_some_and(is_text);
            let value = if text {
                column
            } else {
                Expression::call(Function::Cast(ColumnType::String), vec![column])
            };
            Named::new(key_name(*key), value)
        });
        let mark = Named::new(OTHERS, Expression::literal(Literal::Bool(false)));
        let columns = keys.chain([mark, Named::same(self.name())]).collect();
        let mut on: Vec<String> = self.keys.iter().map(|key| key_name(*key)).collect();
        on.push(OTHERS.to_owned());
        Ok(node.join_on(JoinKind::Left, windowed.project(columns), &on))
    }
}
