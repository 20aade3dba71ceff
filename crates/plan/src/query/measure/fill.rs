//! Buckets without rows.

use shared::{
    AppError,
    semantic::{FillDimensions, Grain},
};

use super::Builder;
use crate::{
    logical::{AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node},
    query::{
        moments::TimeKind,
        names::dimension_in,
        naming::{OTHERS, key_name},
        periods::starts,
        resolved::Periods,
        spine::spine,
    },
};

impl Builder<'_, '_> {
    /// Rows of keys for the buckets that have none.
    pub(super) fn filler(&self, current: &[Node], members: Option<&Node>) -> Result<Option<Node>, AppError> {
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
            [key] => match self.resolved.keys.get(*key).map(|key| (key.grain, key.periods)) {
                Some((_, Some(periods))) => (*key, Buckets::Periods(periods)),
                Some((Some(grain), None)) => (*key, Buckets::Grain(grain)),
                Some((None, None)) | None => return Err(no_axis()),
            },
            _ => return Err(no_axis()),
        };
        if !self.keys.contains(&key) {
            return Ok(None);
        }
        let name = key_name(key);
        let range = self.resolved.range;
        let mut buckets = match grain {
            Buckets::Grain(grain) => {
                let kind = self.bucket_kind(grain)?;
                spine(&name, range, grain, &kind, &self.resolved.clock)?
            }
            Buckets::Periods(periods) => starts(self.resolved, &periods, &name)?,
        };
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
                let present = Node::union(std::iter::once(present).chain(members.cloned()).collect());
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

    pub(super) fn bucket_kind(&self, grain: Grain) -> Result<TimeKind, AppError> {
        let Some(fact) = self.resolved.facts.first() else {
            let coarse = grain >= Grain::Day;
            return Ok(if coarse { TimeKind::Date } else { TimeKind::Wall });
        };
        let dimension = dimension_in(self.resolved, &self.resolved.axis, fact)?;
        let kind = TimeKind::of(dimension, &self.resolved.model.time_zone, &self.resolved.clock)?;
        Ok(kind.bucket(grain))
    }
}

/// What an unbroken row is made of.
enum Buckets<'a> {
    Grain(Grain),
    Periods(Periods<'a>),
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
