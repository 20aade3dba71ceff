//! Short ways to write expressions and nodes.

use super::{BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, UnaryOperator};

/// Conditions put one into the other; those of a longer list stand beside each other. Expressions are read, changed and
/// dropped by recursion, and who asks may write thousands of conditions.
const DEEPEST_FOLD: usize = 16;

impl Expression {
    pub const fn literal(literal: Literal) -> Self {
        Self::Literal(literal)
    }

    pub const fn null() -> Self {
        Self::Literal(Literal::Null)
    }

    /// `and` of all; of none: true.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(BinaryOperator::And, conditions).unwrap_or(Self::Literal(Literal::Bool(true)))
    }

    /// `or` of all; of none: false.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(BinaryOperator::Or, conditions).unwrap_or(Self::Literal(Literal::Bool(false)))
    }

    fn fold(operator: BinaryOperator, conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut level: Vec<Self> = conditions.into_iter().collect();
        while level.len() > 1 {
            let mut rest = level.into_iter();
            let mut folded = Vec::new();
            while let Some(first) = rest.next() {
                let others = rest.by_ref().take(DEEPEST_FOLD - 1);
                folded.push(others.fold(first, |left, right| Self::binary(operator, left, right)));
            }
            level = folded;
        }
        level.pop()
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Self::unary(UnaryOperator::Not, self)
    }

    #[must_use]
    pub fn is_null(self) -> Self {
        Self::unary(UnaryOperator::IsNull, self)
    }

    /// `value` where `condition` is true, NULL elsewhere.
    pub fn only_if(condition: Self, value: Self) -> Self {
        Self::Case {
            branches: vec![(condition, value)],
            otherwise: Box::new(Self::null()),
        }
    }

    /// The operand, or `literal` where it is NULL.
    #[must_use]
    pub fn or_literal(self, literal: Literal) -> Self {
        Self::call(Function::Coalesce, vec![self, Self::Literal(literal)])
    }

    /// The same with some parts replaced: `replace` is asked of each from the outside inwards, and gives `None` for what
    /// stays, whose own parts it is asked of then.
    ///
    /// # Errors
    /// The first of `replace`.
    pub fn try_replace<E>(&self, replace: &dyn Fn(&Self) -> Result<Option<Self>, E>) -> Result<Self, E> {
        if let Some(replaced) = replace(self)? {
            return Ok(replaced);
        }
        let boxed = |part: &Self| part.try_replace(replace).map(Box::new);
        Ok(match self {
            Self::Column(_) | Self::Literal(_) => self.clone(),
            Self::Unary { operator, operand } => Self::Unary {
                operator: *operator,
                operand: boxed(operand)?,
            },
            Self::Binary { operator, left, right } => Self::Binary {
                operator: *operator,
                left: boxed(left)?,
                right: boxed(right)?,
            },
            Self::In { operand, list } => Self::In {
                operand: boxed(operand)?,
                list: list.clone(),
            },
            Self::Case { branches, otherwise } => Self::Case {
                branches: branches
                    .iter()
                    .map(|(condition, value)| Ok((condition.try_replace(replace)?, value.try_replace(replace)?)))
                    .collect::<Result<_, E>>()?,
                otherwise: boxed(otherwise)?,
            },
            Self::Call { function, arguments } => Self::Call {
                function: function.clone(),
                arguments: arguments
                    .iter()
                    .map(|argument| argument.try_replace(replace))
                    .collect::<Result<_, E>>()?,
            },
        })
    }

    /// Replaces every column.
    ///
    /// # Errors
    /// The first of `column`.
    pub fn try_replace_columns<E>(&self, column: &dyn Fn(&str) -> Result<Self, E>) -> Result<Self, E> {
        self.try_replace(&|part| match part {
            Self::Column(name) => column(name).map(Some),
            Self::Literal(_)
            | Self::Unary { .. }
            | Self::Binary { .. }
            | Self::In { .. }
            | Self::Case { .. }
            | Self::Call { .. } => Ok(None),
        })
    }

    /// `a and b and c` as its parts.
    pub fn conjuncts(&self) -> Vec<&Self> {
        if let Self::Binary {
            operator: BinaryOperator::And,
            left,
            right,
        } = self
        {
            left.conjuncts().into_iter().chain(right.conjuncts()).collect()
        } else {
            vec![self]
        }
    }

    /// How many parts it is made of.
    pub fn parts(&self) -> usize {
        let inner = match self {
            Self::Column(_) | Self::Literal(_) => 0,
            Self::Unary { operand, .. } | Self::In { operand, .. } => operand.parts(),
            Self::Binary { left, right, .. } => left.parts() + right.parts(),
            Self::Case { branches, otherwise } => {
                let branches = branches
                    .iter()
                    .map(|(condition, value)| condition.parts() + value.parts());
                branches.sum::<usize>() + otherwise.parts()
            }
            Self::Call { arguments, .. } => arguments.iter().map(Self::parts).sum(),
        };
        1 + inner
    }

    /// How deep it is as a document.
    pub fn nesting(&self) -> usize {
        let inner = match self {
            Self::Column(_) | Self::Literal(_) => 0,
            Self::Unary { operand, .. } | Self::In { operand, .. } => operand.nesting(),
            Self::Binary { left, right, .. } => left.nesting().max(right.nesting()),
            Self::Case { branches, otherwise } => {
                let branches = branches
                    .iter()
                    .map(|(condition, value)| condition.nesting().max(value.nesting()) + 2);
                branches.max().unwrap_or(0).max(otherwise.nesting())
            }
            Self::Call { arguments, .. } => arguments.iter().map(Self::nesting).max().unwrap_or(0) + 1,
        };
        2 + inner
    }

    /// Names of the input columns it reads, each once, in order of appearance.
    pub fn collect_columns(&self, found: &mut Vec<String>) {
        match self {
            Self::Column(name) => {
                if !found.contains(name) {
                    found.push(name.clone());
                }
            }
            Self::Literal(_) => {}
            Self::Unary { operand, .. } | Self::In { operand, .. } => operand.collect_columns(found),
            Self::Binary { left, right, .. } => {
                left.collect_columns(found);
                right.collect_columns(found);
            }
            Self::Case { branches, otherwise } => {
                for (condition, value) in branches {
                    condition.collect_columns(found);
                    value.collect_columns(found);
                }
                otherwise.collect_columns(found);
            }
            Self::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.collect_columns(found)),
        }
    }
}

impl Node {
    #[must_use]
    pub fn filter(self, predicate: Expression) -> Self {
        Self::Filter {
            input: Box::new(self),
            predicate,
        }
    }

    /// Only when there is something to filter by.
    #[must_use]
    pub fn filter_all(self, conditions: Vec<Expression>) -> Self {
        if conditions.is_empty() {
            self
        } else {
            self.filter(Expression::all(conditions))
        }
    }

    #[must_use]
    pub fn project(self, columns: Vec<Named<Expression>>) -> Self {
        Self::Project {
            input: Box::new(self),
            columns,
        }
    }

    #[must_use]
    pub fn aggregate(self, keys: Vec<Named<Expression>>, measures: Vec<Named<super::AggregateCall>>) -> Self {
        Self::Aggregate {
            input: Box::new(self),
            keys,
            measures,
        }
    }

    /// Joined on columns of the same name, NULL equal to NULL; without columns the cross product with `right`.
    #[must_use]
    pub fn join_on(self, kind: JoinKind, right: Self, columns: &[String]) -> Self {
        let on: Vec<(String, String)> = columns.iter().map(|name| (name.clone(), name.clone())).collect();
        Self::Join {
            kind,
            left: Box::new(self),
            right: Box::new(right),
            on,
            null_equal: true,
        }
    }

    /// The same node over other inputs.
    #[must_use]
    pub fn map_inputs(&self, map: &mut dyn FnMut(&Self) -> Self) -> Self {
        let mut node = self.clone();
        match &mut node {
            Self::Scan { .. } | Self::Fetched { .. } | Self::Values { .. } | Self::Spine { .. } => {}
            Self::Filter { input, .. }
            | Self::Project { input, .. }
            | Self::Aggregate { input, .. }
            | Self::Sort { input, .. }
            | Self::Limit { input, .. }
            | Self::Window { input, .. } => **input = map(input),
            Self::Join { left, right, .. } => {
                **left = map(left);
                **right = map(right);
            }
            Self::Union { inputs } => inputs.iter_mut().for_each(|input| *input = map(input)),
        }
        node
    }

    /// The rows of all; one relation stays as it is.
    pub fn union(mut relations: Vec<Self>) -> Self {
        match relations.len() {
            1 => relations.pop().unwrap_or(Self::Values {
                columns: Vec::new(),
                rows: Vec::new(),
            }),
            _ => Self::Union { inputs: relations },
        }
    }
}

impl Named<Expression> {
    /// A column under its own name.
    pub fn same(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            value: Expression::Column(name.clone()),
            name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_no_deep_tree() {
        let flat = || Expression::any((0..100_000).map(|_| Expression::null()));
        let small = std::thread::Builder::new().stack_size(128 * 1024);
        small.spawn(move || drop(flat().clone())).unwrap().join().unwrap();
    }
}
