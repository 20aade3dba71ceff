//! Aggregates taken apart: what groups of rows can be put together from.

use shared::table::ColumnType;

use super::{AggregateCall, BinaryOperator, Expression, Function, Literal, Named, Node};

/// A part of an aggregate that groups can be put together from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Rows; no argument.
    Rows,
    /// Values that are not NULL.
    Count,
    Sum,
    Min,
    Max,
}

/// One aggregate of each group of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub kind: PartKind,
    pub argument: Option<Expression>,
    /// Only of the rows for which all hold.
    pub mask: Vec<Expression>,
}

impl Part {
    /// `value` may be NULL outside of a condition, which is the same as counting only the rows within it. Counting a constant
    /// counts rows.
    pub fn of(kind: PartKind, value: Option<&Expression>, conditions: &[Expression]) -> Self {
        let mut mask = conditions.to_vec();
        let argument = value.map(|value| {
            let (within, value) = unmasked(value);
            mask.extend(within);
            value
        });
        let is_constant = matches!(&argument, Some(Expression::Literal(literal)) if *literal != Literal::Null);
        if kind == PartKind::Count && is_constant {
            return Self {
                kind: PartKind::Rows,
                argument: None,
                mask,
            };
        }
        Self { kind, argument, mask }
    }

    pub fn is(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.mask.iter().all(|condition| other.mask.contains(condition));
        self.kind == other.kind && self.argument == other.argument && within(self, other) && within(other, self)
    }
}

/// The conditions outside of which a value is NULL, and the value.
pub fn unmasked(value: &Expression) -> (Vec<Expression>, Expression) {
    let (mut mask, mut inner) = (Vec::new(), value);
    while let Expression::Case { branches, otherwise } = inner
        && let ([(condition, then)], Expression::Literal(Literal::Null)) = (branches.as_slice(), otherwise.as_ref())
    {
        mask.extend(condition.conjuncts().into_iter().cloned());
        inner = then;
    }
    (mask, inner.clone())
}

impl Part {
    /// The aggregate, and the column it is of.
    pub fn call(&self, column: String) -> (AggregateCall, Option<Expression>) {
        let one = || Expression::literal(Literal::Int(1));
        let value = self.argument.clone().unwrap_or_else(one);
        let value = if self.mask.is_empty() {
            value
        } else {
            Expression::only_if(Expression::all(self.mask.iter().cloned()), value)
        };
        let argument = Expression::column(column);
        match self.kind {
            PartKind::Rows if self.mask.is_empty() => (AggregateCall::CountRows, None),
            PartKind::Rows | PartKind::Count => (AggregateCall::Count(argument), Some(value)),
            PartKind::Sum => (AggregateCall::Sum(argument), Some(value)),
            PartKind::Min => (AggregateCall::Min(argument), Some(value)),
            PartKind::Max => (AggregateCall::Max(argument), Some(value)),
        }
    }
}

/// What a measure of an aggregate needs.
pub struct Asked<'p> {
    pub name: &'p str,
    /// What it is of; none counts rows.
    pub argument: Option<&'p Expression>,
    pub needs: &'static [PartKind],
}

impl<'p> Asked<'p> {
    /// `None` for what cannot be put together from groups.
    pub fn of(measure: &'p Named<AggregateCall>) -> Option<Self> {
        let (argument, needs): (Option<&Expression>, &'static [PartKind]) = match &measure.value {
            AggregateCall::CountRows => (None, &[PartKind::Rows]),
            AggregateCall::Count(argument) => (Some(argument), &[PartKind::Count]),
            AggregateCall::Sum(argument) => (Some(argument), &[PartKind::Sum]),
            AggregateCall::Avg(argument) => (Some(argument), &[PartKind::Sum, PartKind::Count]),
            AggregateCall::Min(argument) => (Some(argument), &[PartKind::Min]),
            AggregateCall::Max(argument) => (Some(argument), &[PartKind::Max]),
            AggregateCall::CountDistinct(_)
            | AggregateCall::Median(_)
            | AggregateCall::Percentile { .. }
            | AggregateCall::Stddev(_)
            | AggregateCall::First { .. }
            | AggregateCall::Last { .. } => return None,
        };
        Some(Self {
            name: &measure.name,
            argument,
            needs,
        })
    }

    /// The column of one of its parts.
    pub fn part(&self, kind: PartKind) -> String {
        let kind = match kind {
            PartKind::Rows => "rows",
            PartKind::Count => "count",
            PartKind::Sum => "sum",
            PartKind::Min => "least",
            PartKind::Max => "greatest",
        };
        format!("__{kind}_{}", self.name)
    }

    pub fn parts(&self) -> impl Iterator<Item = String> {
        self.needs.iter().map(|kind| self.part(*kind))
    }

    /// Put together from groups, and shown under the measure's own name.
    pub fn put_together(&self) -> (Vec<Named<AggregateCall>>, Named<Expression>) {
        let of = |kind: PartKind| {
            let column = Expression::column(self.part(kind));
            match kind {
                PartKind::Rows | PartKind::Count | PartKind::Sum => AggregateCall::Sum(column),
                PartKind::Min => AggregateCall::Min(column),
                PartKind::Max => AggregateCall::Max(column),
            }
        };
        let calls = self.needs.iter().map(|kind| Named::new(self.part(*kind), of(*kind)));
        let column = |kind| Expression::column(self.part(kind));
        let value = match self.needs {
            // In floating point, as averages are.
            [PartKind::Sum, PartKind::Count] => {
                let sum = Expression::call(Function::Cast(ColumnType::Number), vec![column(PartKind::Sum)]);
                Expression::binary(BinaryOperator::Divide, sum, column(PartKind::Count))
            }
            // Of no group at all, there are none.
            [kind @ (PartKind::Rows | PartKind::Count)] => column(*kind).or_literal(Literal::Int(0)),
            kinds => kinds.first().map_or_else(Expression::null, |kind| column(*kind)),
        };
        (calls.collect(), Named::new(self.name, value))
    }
}

/// Rows that are aggregated: a relation, the columns of it that are looked at afterwards, and what the measures are of, each in
/// the relation's own columns.
pub struct Leaf<'n, 'l> {
    pub rows: &'n Node,
    pub columns: &'l [Named<Expression>],
    pub arguments: &'l [Option<Expression>],
    /// Does something stand between the rows and the aggregate?
    pub is_below: bool,
}

impl Leaf<'_, '_> {
    /// A relation that has the columns and parts, shown as the leaf shows them.
    fn shown(&self, node: Node, parts: &[String]) -> Node {
        let columns = self.columns.iter().cloned();
        node.project(columns.chain(parts.iter().map(Named::same)).collect())
    }
}

/// An aggregate whose rows, those for which `is_rows`, are replaced by groups of them: `replace` gives a relation with the
/// columns of the leaf and the parts of what is asked. `None` where the aggregate cannot be put together from groups, or
/// `replace` says so.
pub fn from_groups(
    input: &Node,
    keys: &[Named<Expression>],
    measures: &[Named<AggregateCall>],
    is_rows: &dyn Fn(&Node) -> bool,
    replace: &mut dyn FnMut(&Leaf<'_, '_>, &[Asked<'_>]) -> Option<Node>,
) -> Option<Node> {
    let asked: Vec<Asked<'_>> = measures.iter().map(Asked::of).collect::<Option<_>>()?;
    let arguments: Vec<Option<Expression>> = asked.iter().map(|asked| asked.argument.cloned()).collect();
    let parts: Vec<String> = asked.iter().flat_map(Asked::parts).collect();
    let whole = Leaf {
        rows: input,
        columns: keys,
        arguments: &arguments,
        is_below: false,
    };
    let rows = through(input, &whole, &parts, is_rows, &mut |leaf| replace(leaf, &asked))?;
    let (calls, values): (Vec<_>, Vec<_>) = asked.iter().map(Asked::put_together).unzip();
    let by: Vec<Named<Expression>> = keys.iter().map(|key| Named::same(key.name.clone())).collect();
    let shown = by.iter().cloned().chain(values).collect();
    Some(rows.aggregate(by, calls.into_iter().flatten().collect()).project(shown))
}

/// Goes down to the rows. What stands between looks at kept columns alone, and so does the same to all rows of a group.
fn through(
    node: &Node,
    leaf: &Leaf<'_, '_>,
    parts: &[String],
    is_rows: &dyn Fn(&Node) -> bool,
    replace: &mut dyn FnMut(&Leaf<'_, '_>) -> Option<Node>,
) -> Option<Node> {
    if is_rows(node) {
        return replace(&Leaf { rows: node, ..*leaf });
    }
    match node {
        Node::Project { input, columns } => {
            let named = |name: &str| columns.iter().find(|column| column.name == name).ok_or(());
            let of = |value: &Expression| {
                let replaced = value.try_replace_columns(&|name| named(name).map(|column| column.value.clone()));
                replaced.ok()
            };
            let arguments = leaf
                .arguments
                .iter()
                .map(|argument| argument.as_ref().map_or(Some(None), |argument| of(argument).map(Some)))
                .collect::<Option<Vec<_>>>()?;
            let shown = leaf
                .columns
                .iter()
                .map(|column| Some(Named::new(column.name.clone(), of(&column.value)?)))
                .collect::<Option<Vec<_>>>()?;
            let here = Leaf {
                rows: input,
                columns: &shown,
                arguments: &arguments,
                is_below: leaf.is_below,
            };
            if is_rows(input) {
                return replace(&here);
            }
            let below = Leaf {
                columns: &read_by(shown.iter().map(|column| &column.value)),
                ..here
            };
            Some(here.shown(through(input, &below, parts, is_rows, replace)?, parts))
        }
        Node::Filter { input, predicate } => {
            let shown = leaf.columns.iter().map(|column| &column.value);
            let below = Leaf {
                columns: &read_by(shown.chain([predicate])),
                is_below: true,
                ..*leaf
            };
            let rows = through(input, &below, parts, is_rows, replace)?.filter(predicate.clone());
            Some(leaf.shown(rows, parts))
        }
        Node::Join {
            kind,
            left,
            right,
            on,
            null_equal,
        } => {
            let right_columns = right.columns();
            let is_right = |value: &Expression| {
                let mut read = Vec::new();
                value.collect_columns(&mut read);
                read.iter().any(|name| right_columns.contains(name))
            };
            if leaf.arguments.iter().flatten().any(is_right) {
                return None;
            }
            let keys: Vec<Expression> = on.iter().map(|(left, _)| Expression::column(left.clone())).collect();
            let shown = leaf.columns.iter().map(|column| &column.value);
            let mut columns = read_by(shown.chain(&keys));
            columns.retain(|column| {
                !right_columns.contains(&column.name) || on.iter().any(|(left, _)| *left == column.name)
            });
            let below = Leaf {
                columns: &columns,
                is_below: true,
                ..*leaf
            };
            let joined = Node::Join {
                kind: *kind,
                left: Box::new(through(left, &below, parts, is_rows, replace)?),
                right: right.clone(),
                on: on.clone(),
                null_equal: *null_equal,
            };
            Some(leaf.shown(joined, parts))
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

/// The columns that values read, each under its own name.
fn read_by<'v>(values: impl Iterator<Item = &'v Expression>) -> Vec<Named<Expression>> {
    let mut read = Vec::new();
    values.for_each(|value| value.collect_columns(&mut read));
    read.into_iter().map(Named::same).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_a_constant_counts_rows_and_counting_null_nothing() {
        let condition = Expression::column("is_paid");
        let one = Expression::only_if(condition.clone(), Expression::literal(Literal::Int(1)));
        let rows = Part::of(PartKind::Rows, None, &[condition]);
        assert!(Part::of(PartKind::Count, Some(&one), &[]).is(&rows));
        let null = Part::of(PartKind::Count, Some(&Expression::null()), &[]);
        assert_eq!((null.kind, null.argument), (PartKind::Count, Some(Expression::null())));
    }
}
