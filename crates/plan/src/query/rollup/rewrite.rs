//! Plans that read rollups where those answer.

use super::{RollupPlan, definition::part_name};
use crate::logical::{
    Asked, BinaryOperator, Expression, JoinKind, Leaf, Literal, Named, Node, Origin, Part, PartKind, PlannedQuery,
    SourceTable, from_groups, unmasked,
};

/// The same answer, read from the rollup wherever that can give it; `None` where it can nowhere.
pub fn with_rollup(planned: &PlannedQuery, rollup: &RollupPlan) -> Option<PlannedQuery> {
    let mut is_read = false;
    let mut found = planned.clone();
    found.rows = rollup.within(&planned.rows, &mut is_read);
    for total in &mut found.totals {
        total.rows = rollup.within(&total.rows, &mut is_read);
    }
    is_read.then_some(found)
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
    /// The plan, with aggregates worked out from the rollup; says whether there are any.
    fn within(&self, node: &Node, is_read: &mut bool) -> Node {
        let node = node.map_inputs(&mut |input| self.within(input, is_read));
        let Node::Aggregate { input, keys, measures } = &node else {
            return node;
        };
        let is_rows = |node: &Node| filtered(node).is_some();
        let answered = from_groups(input, keys, measures, &is_rows, &mut |leaf, asked| {
            let (_, conditions) = filtered(leaf.rows).filter(|(source, _)| **source == self.fact)?;
            self.kept_rows(&conditions, leaf, asked)
        });
        *is_read |= answered.is_some();
        answered.unwrap_or(node)
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
