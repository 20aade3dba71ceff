//! Expressions and calls taken apart.

use super::scope::Place;
use crate::logical::{AggregateCall, Expression, WindowCall};

impl Expression {
    pub(super) fn children(&self) -> Vec<&Self> {
        match self {
            Self::Column(_) | Self::Literal(_) => Vec::new(),
            Self::Unary { operand, .. } | Self::In { operand, .. } => vec![operand],
            Self::Binary { left, right, .. } => vec![left, right],
            Self::Case { branches, otherwise } => branches
                .iter()
                .flat_map(|(condition, value)| [condition, value])
                .chain([otherwise.as_ref()])
                .collect(),
            Self::Call { arguments, .. } => arguments.iter().collect(),
        }
    }

    pub(super) fn size(&self) -> usize {
        1 + self.children().into_iter().map(Self::size).sum::<usize>()
    }

    /// Every read of a column.
    pub(super) fn all_columns(&self, found: &mut Vec<String>) {
        if let Self::Column(name) = self {
            found.push(name.clone());
        }
        self.children().into_iter().for_each(|child| child.all_columns(found));
    }

    pub(super) fn is_constant(&self) -> bool {
        self.column_name().is_none() && self.children().into_iter().all(Self::is_constant)
    }

    pub(super) fn reads_aggregate(&self) -> bool {
        matches!(self.column_name().and_then(Place::of), Some(Place::Aggregate(_)))
            || self.children().into_iter().any(Self::reads_aggregate)
    }

    pub(super) fn reads_source(&self) -> bool {
        matches!(self.column_name().and_then(Place::of), Some(Place::Source { .. }))
            || self.children().into_iter().any(Self::reads_source)
    }

    /// The name, where it is a column and nothing more.
    pub(super) fn column_name(&self) -> Option<&str> {
        if let Self::Column(name) = self {
            Some(name)
        } else {
            None
        }
    }
}

impl AggregateCall {
    pub(super) fn arguments(&self) -> Vec<&Expression> {
        match self {
            Self::CountRows => Vec::new(),
            Self::Count(argument)
            | Self::CountDistinct(argument)
            | Self::Sum(argument)
            | Self::Avg(argument)
            | Self::Min(argument)
            | Self::Max(argument)
            | Self::Median(argument)
            | Self::Percentile { argument, .. }
            | Self::Stddev(argument) => vec![argument],
            Self::First { argument, order } | Self::Last { argument, order } => {
                std::iter::once(argument).chain(order).collect()
            }
        }
    }

    pub(super) fn try_map<E>(&self, map: &dyn Fn(&Expression) -> Result<Expression, E>) -> Result<Self, E> {
        Ok(match self {
            Self::CountRows => Self::CountRows,
            Self::Count(argument) => Self::Count(map(argument)?),
            Self::CountDistinct(argument) => Self::CountDistinct(map(argument)?),
            Self::Sum(argument) => Self::Sum(map(argument)?),
            Self::Avg(argument) => Self::Avg(map(argument)?),
            Self::Min(argument) => Self::Min(map(argument)?),
            Self::Max(argument) => Self::Max(map(argument)?),
            Self::Median(argument) => Self::Median(map(argument)?),
            Self::Percentile {
                argument,
                p,
                interpolation,
            } => Self::Percentile {
                argument: map(argument)?,
                p: *p,
                interpolation: *interpolation,
            },
            Self::Stddev(argument) => Self::Stddev(map(argument)?),
            Self::First { argument, order } => Self::First {
                argument: map(argument)?,
                order: order.as_ref().map(map).transpose()?,
            },
            Self::Last { argument, order } => Self::Last {
                argument: map(argument)?,
                order: order.as_ref().map(map).transpose()?,
            },
        })
    }
}

impl WindowCall {
    pub(super) fn column(&self) -> Option<&str> {
        match self {
            Self::RowNumber => None,
            Self::RankDescending(column) | Self::RunningSum(column) | Self::PartitionSum(column) => Some(column),
        }
    }

    pub(super) fn try_map<E>(&self, map: &dyn Fn(&str) -> Result<String, E>) -> Result<Self, E> {
        Ok(match self {
            Self::RowNumber => Self::RowNumber,
            Self::RankDescending(column) => Self::RankDescending(map(column)?),
            Self::RunningSum(column) => Self::RunningSum(map(column)?),
            Self::PartitionSum(column) => Self::PartitionSum(map(column)?),
        })
    }
}
