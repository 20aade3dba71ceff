//! Plans that read rollups where those answer.

use super::{RollupPlan, definition::part_name};
use crate::logical::{
    AggregateCall, Asked, BinaryOperator, Expression, JoinKind, Literal, Named, Node, Origin, Part, PartKind,
    PlannedQuery, SourceTable, reads_any, unmasked,
};

/// The same answer, read from the first of `rollups` that can give it wherever one can.
#[must_use]
pub fn with_rollups(mut planned: PlannedQuery, rollups: &[RollupPlan]) -> PlannedQuery {
    planned.rows = rewritten(&planned.rows, rollups);
    for total in &mut planned.totals {
        total.rows = rewritten(&total.rows, rollups);
    }
    planned
}

/// Names of the rollups that a plan reads.
pub fn rollups_read(planned: &PlannedQuery) -> Vec<String> {
    let mut names: Vec<String> = planned
        .plans()
        .flat_map(Node::sources)
        .filter(|source| source.origin == Origin::Rollup)
        .map(|source| source.table.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn rewritten(node: &Node, rollups: &[RollupPlan]) -> Node {
    if let Node::Aggregate { input, keys, measures } = node
        && let Some(answered) = rollups.iter().find_map(|rollup| rollup.answer(input, keys, measures))
    {
        return answered;
    }
    node.map_inputs(&mut |input| rewritten(input, rollups))
}

/// The table of a relation that has one row for each of its rows, found values beside them.
pub(super) fn rows_of(node: &Node) -> Option<&SourceTable> {
    match node {
        Node::Scan { source, .. } => Some(source),
        // A row finds at most one there: that is what joins of dimensions are.
        Node::Join {
            kind: JoinKind::Left,
            left,
            right,
            on,
            null_equal: false,
        } if on.iter().all(|(_, right)| right.starts_with("__on")) && is_table(right) => rows_of(left),
        _ => None,
    }
}

fn is_table(node: &Node) -> bool {
    match node {
        Node::Scan { .. } => true,
        Node::Project { input, .. } | Node::Filter { input, .. } => is_table(input),
        Node::Fetched { .. }
        | Node::Values { .. }
        | Node::Aggregate { .. }
        | Node::Join { .. }
        | Node::Union { .. }
        | Node::Sort { .. }
        | Node::Limit { .. }
        | Node::Spine { .. }
        | Node::Window { .. } => false,
    }
}

/// Filtered rows of a table: the table, and the conditions.
fn filtered(node: &Node) -> Option<(&SourceTable, Vec<&Expression>)> {
    match node {
        Node::Filter { input, predicate } => {
            let (source, mut conditions) = filtered(input)?;
            conditions.extend(predicate.conjuncts());
            Some((source, conditions))
        }
        other => Some((rows_of(other)?, Vec::new())),
    }
}

impl RollupPlan {
    /// The aggregate, worked out from the rollup; `None` when that cannot be.
    fn answer(&self, input: &Node, keys: &[Named<Expression>], measures: &[Named<AggregateCall>]) -> Option<Node> {
        let asked: Vec<Asked<'_>> = measures.iter().map(Asked::of).collect::<Option<_>>()?;
        if keys.iter().any(|key| reads_any(&key.value, &asked)) {
            return None;
        }
        let mut needed = Vec::new();
        keys.iter().for_each(|key| key.value.collect_columns(&mut needed));
        let rows = self.rows(input, &asked, needed)?;
        let (calls, values): (Vec<_>, Vec<_>) = asked.iter().map(Asked::put_together).unzip();
        let shown = keys.iter().map(|key| Named::same(key.name.clone())).chain(values);
        let shown = shown.collect();
        Some(
            rows.aggregate(keys.to_vec(), calls.into_iter().flatten().collect())
                .project(shown),
        )
    }

    /// Rows of the rollup in place of those that are aggregated, with the columns `needed` and the parts of all that is asked.
    /// What stands between may look at kept columns alone: then it does the same to all rows of a group.
    fn rows(&self, node: &Node, asked: &[Asked<'_>], mut needed: Vec<String>) -> Option<Node> {
        if let Some((source, conditions)) = filtered(node) {
            return (*source == self.fact && needed.is_empty()).then(|| self.kept_rows(&conditions, &[], asked))?;
        }
        match node {
            Node::Project { input, columns } => {
                let is_wanted = |column: &&Named<Expression>| {
                    needed.contains(&column.name)
                        || asked.iter().any(|asked| asked.column == Some(column.name.as_str()))
                };
                let columns: Vec<Named<Expression>> = columns.iter().filter(is_wanted).cloned().collect();
                if let Some((source, conditions)) = filtered(input) {
                    return (*source == self.fact).then(|| self.kept_rows(&conditions, &columns, asked))?;
                }
                let (arguments, mut shown): (Vec<_>, Vec<_>) = columns
                    .into_iter()
                    .partition(|column| asked.iter().any(|asked| asked.column == Some(column.name.as_str())));
                // What is aggregated is only handed on.
                let is_same = |column: &Named<Expression>| column.value == Expression::column(column.name.clone());
                if !arguments.iter().all(is_same) || shown.iter().any(|column| reads_any(&column.value, asked)) {
                    return None;
                }
                let mut below = Vec::new();
                shown.iter().for_each(|column| column.value.collect_columns(&mut below));
                shown.extend(asked.iter().flat_map(Asked::parts).map(Named::same));
                Some(self.rows(input, asked, below)?.project(shown))
            }
            Node::Filter { input, predicate } => {
                if reads_any(predicate, asked) {
                    return None;
                }
                predicate.collect_columns(&mut needed);
                Some(self.rows(input, asked, needed)?.filter(predicate.clone()))
            }
            Node::Join {
                kind,
                left,
                right,
                on,
                null_equal,
            } => {
                let is_argument = |name: &String| asked.iter().any(|asked| asked.column == Some(name.as_str()));
                if on.iter().any(|(left, _)| is_argument(left)) {
                    return None;
                }
                let right_columns = right.columns();
                needed.retain(|name| !right_columns.contains(name));
                needed.extend(on.iter().map(|(left, _)| left.clone()));
                Some(Node::Join {
                    kind: *kind,
                    left: Box::new(self.rows(left, asked, needed)?),
                    right: Box::new(rewritten(right, std::slice::from_ref(self))),
                    on: on.clone(),
                    null_equal: *null_equal,
                })
            }
            Node::Scan { .. }
            | Node::Fetched { .. }
            | Node::Values { .. }
            | Node::Aggregate { .. }
            | Node::Union { .. }
            | Node::Sort { .. }
            | Node::Limit { .. }
            | Node::Spine { .. }
            | Node::Window { .. } => None,
        }
    }

    /// The rollup's rows that meet the conditions, with the columns that are no arguments and the parts of all that is asked.
    fn kept_rows(
        &self,
        conditions: &[&Expression],
        columns: &[Named<Expression>],
        asked: &[Asked<'_>],
    ) -> Option<Node> {
        let mut filters = Vec::new();
        // What cannot be asked of a group must be what parts were made with.
        let mut within: Vec<Expression> = Vec::new();
        for condition in conditions {
            match self.kept.worked_out(condition) {
                Some(kept) => filters.push(kept),
                None => within.push((*condition).clone()),
            }
        }
        let mut shown = Vec::new();
        for column in columns {
            if !asked.iter().any(|asked| asked.column == Some(column.name.as_str())) {
                shown.push(Named::new(column.name.clone(), self.kept.worked_out(&column.value)?));
            }
        }
        for asked in asked {
            let value = match asked.column {
                None => None,
                Some(name) => Some(&columns.iter().find(|column| column.name == name)?.value),
            };
            for kind in asked.needs {
                shown.push(Named::new(asked.part(*kind), self.part(*kind, value, &within)?));
            }
        }
        if !within.is_empty() {
            let rows = self.part(PartKind::Rows, None, &within)?;
            filters.push(Expression::binary(
                BinaryOperator::Gt,
                rows,
                Expression::literal(Literal::Int(0)),
            ));
        }
        let mut read = Vec::new();
        let shown_values = shown.iter().map(|column| &column.value);
        filters
            .iter()
            .chain(shown_values)
            .for_each(|value| value.collect_columns(&mut read));
        let scan = Node::Scan {
            source: SourceTable {
                table: self.name.clone(),
                origin: Origin::Rollup,
            },
            columns: read,
        };
        Some(scan.filter_all(filters).project(shown))
    }

    /// A part of an aggregate in rows of the rollup.
    fn part(&self, kind: PartKind, value: Option<&Expression>, within: &[Expression]) -> Option<Expression> {
        let (mask, value) = value.map(unmasked).unzip();
        let mut groups = Vec::new();
        let mut rows = within.to_vec();
        for condition in mask.into_iter().flatten() {
            match self.kept.worked_out(&condition) {
                Some(kept) => groups.push(kept),
                None => rows.push(condition),
            }
        }
        // Counting a constant counts rows.
        let counts_rows = kind == PartKind::Count && matches!(value, Some(Expression::Literal(Literal::Int(_))));
        let (kind, value) = if counts_rows {
            (PartKind::Rows, None)
        } else {
            (kind, value)
        };
        let asked = Part::of(kind, value.as_ref(), &rows);
        let place = self.parts.iter().position(|part| part.is(&asked))?;
        let column = Expression::column(part_name(place));
        Some(if groups.is_empty() {
            column
        } else {
            Expression::only_if(Expression::all(groups), column)
        })
    }
}
