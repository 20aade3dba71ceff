//! Aggregates taken apart: what groups of rows can be put together from.

use shared::table::ColumnType;

use super::{AggregateCall, BinaryOperator, Expression, Function, Literal, Named};

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

/// One aggregate of each group of rows; its column is `p` and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub kind: PartKind,
    pub argument: Option<Expression>,
    /// Only of the rows for which all hold.
    pub mask: Vec<Expression>,
}

impl Part {
    /// `value` may be NULL outside of a condition, which is the same as counting only the rows within it.
    pub fn of(kind: PartKind, value: Option<&Expression>, conditions: &[Expression]) -> Self {
        let mut mask = conditions.to_vec();
        let argument = value.map(|value| {
            let (within, value) = unmasked(value);
            mask.extend(within);
            value
        });
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
    /// The column it is of; none counts rows.
    pub column: Option<&'p str>,
    pub needs: &'static [PartKind],
}

impl<'p> Asked<'p> {
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
        let column = match argument {
            None => None,
            Some(Expression::Column(name)) => Some(name.as_str()),
            Some(_) => return None,
        };
        Some(Self {
            name: &measure.name,
            column,
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

/// Does the value read a column that is aggregated?
pub fn reads_any(value: &Expression, asked: &[Asked<'_>]) -> bool {
    let mut read = Vec::new();
    value.collect_columns(&mut read);
    asked.iter().any(|asked| {
        asked
            .column
            .is_some_and(|name| read.iter().any(|column| column == name))
    })
}
