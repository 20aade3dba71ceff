//! Plans that read rollups where those answer.

use super::{RollupPlan, definition::part_name};
use crate::logical::{
    AggregateCall, Asked, BinaryOperator, Expression, JoinKind, Leaf, Literal, Named, Node, Origin, Part, PartKind,
    PlannedQuery, SourceTable, through, unmasked,
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
    let node = node.map_inputs(&mut |input| rewritten(input, rollups));
    let answered = match &node {
        Node::Aggregate { input, keys, measures } => {
            rollups.iter().find_map(|rollup| rollup.answer(input, keys, measures))
        }
        _ => None,
    };
    answered.unwrap_or(node)
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
        let arguments: Vec<Option<Expression>> = asked.iter().map(|asked| asked.argument.cloned()).collect();
        let parts: Vec<String> = asked.iter().flat_map(Asked::parts).collect();
        let whole = Leaf {
            rows: input,
            columns: keys,
            arguments: &arguments,
            is_below: false,
        };
        let rows = through(input, &whole, &parts, &|node| filtered(node).is_some(), &mut |leaf| {
            let (_, conditions) = filtered(leaf.rows).filter(|(source, _)| **source == self.fact)?;
            self.kept_rows(&conditions, leaf, &asked)
        })?;
        let (calls, values): (Vec<_>, Vec<_>) = asked.iter().map(Asked::put_together).unzip();
        let by: Vec<Named<Expression>> = keys.iter().map(|key| Named::same(key.name.clone())).collect();
        let shown = by.iter().cloned().chain(values).collect();
        Some(rows.aggregate(by, calls.into_iter().flatten().collect()).project(shown))
    }

    /// The rollup's rows that meet the conditions, with the columns of the leaf and the parts of all that is asked.
    fn kept_rows(&self, conditions: &[&Expression], leaf: &Leaf<'_, '_>, asked: &[Asked<'_>]) -> Option<Node> {
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
        for column in leaf.columns {
            shown.push(Named::new(column.name.clone(), self.kept.worked_out(&column.value)?));
        }
        for (asked, argument) in asked.iter().zip(leaf.arguments) {
            for kind in asked.needs {
                shown.push(Named::new(
                    asked.part(*kind),
                    self.part(*kind, argument.as_ref(), &within)?,
                ));
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
