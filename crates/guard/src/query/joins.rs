//! How many joins have no condition that ties their tables together. A few are useful (a row of totals beside each row); many
//! multiply.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, Ident, JoinConstraint, JoinOperator, Spanned, TableFactor, TableFunctionArgs,
    TableWithJoins, visit_expressions,
};

use super::{call::expression, walk::Walk};
use crate::{Place, RefusalKind};

/// In a whole statement, sub-queries included.
const MOST: usize = 3;

/// Joins without a condition met so far.
#[derive(Default)]
pub struct JoinCount {
    unconditioned: usize,
}

impl Walk<'_> {
    pub fn count_joins(&mut self, from: &[TableWithJoins], selection: Option<&Expr>) {
        self.joins.unconditioned += unconditioned(from, selection);
        if self.joins.unconditioned > MOST {
            let at = from.first().and_then(|first| Place::of(first.span().start));
            self.refuse(
                RefusalKind::UnconditionedJoins,
                at,
                format!(
                    "The query joins tables more than {MOST} times without a condition that ties them together, which \
                     multiplies their rows. Add ON a.x = b.x, or conditions like it in WHERE."
                ),
            );
        }
    }
}

/// Joins of one FROM that neither their own condition nor one in WHERE ties.
pub fn unconditioned(from: &[TableWithJoins], selection: Option<&Expr>) -> usize {
    let commas = from.iter().skip(1).filter(|tables| !depends(&tables.relation)).count();
    let loose = commas + from.iter().map(loose).sum::<usize>();
    let mut conditions = Vec::new();
    if let Some(selection) = selection {
        conjuncts(selection, &mut conditions);
    }
    loose.saturating_sub(conditions.into_iter().filter(|condition| ties(condition)).count())
}

fn loose(tables: &TableWithJoins) -> usize {
    let joins = tables
        .joins
        .iter()
        .filter(|join| !depends(&join.relation) && !tied(&join.join_operator))
        .count();
    let inside = std::iter::once(&tables.relation).chain(tables.joins.iter().map(|join| &join.relation));
    joins + inside.map(nested).sum::<usize>()
}

fn nested(table: &TableFactor) -> usize {
    match table {
        TableFactor::NestedJoin { table_with_joins, .. } => loose(table_with_joins),
        _ => 0,
    }
}

fn tied(join: &JoinOperator) -> bool {
    let constraint = match join {
        JoinOperator::Join(on)
        | JoinOperator::Inner(on)
        | JoinOperator::Left(on)
        | JoinOperator::LeftOuter(on)
        | JoinOperator::Right(on)
        | JoinOperator::RightOuter(on)
        | JoinOperator::FullOuter(on)
        | JoinOperator::CrossJoin(on)
        | JoinOperator::Semi(on)
        | JoinOperator::Anti(on) => on,
        JoinOperator::AsOf { .. } => return true,
        _ => return false,
    };
    match constraint {
        JoinConstraint::On(condition) => {
            let mut conditions = Vec::new();
            conjuncts(condition, &mut conditions);
            conditions.into_iter().any(ties)
        }
        JoinConstraint::Using(names) | JoinConstraint::UsingAlias(names, _) => !names.is_empty(),
        // Tables without a column of the same name are multiplied.
        JoinConstraint::Natural | JoinConstraint::None => false,
    }
}

/// A function over columns of what stands before it takes a value apart; it is no join.
fn depends(table: &TableFactor) -> bool {
    let of = |args: &[FunctionArg]| {
        args.iter()
            .filter_map(expression)
            .any(|argument| !columns(argument).is_empty())
    };
    match table {
        TableFactor::Table {
            args: Some(TableFunctionArgs { args, .. }),
            ..
        }
        | TableFactor::Function { args, .. } => of(args),
        TableFactor::UNNEST { array_exprs, .. } => array_exprs.iter().any(|array| !columns(array).is_empty()),
        _ => false,
    }
}

/// The conditions that all have to hold. ANDs lean to the left and may be many.
pub fn conjuncts<'e>(mut condition: &'e Expr, found: &mut Vec<&'e Expr>) {
    loop {
        match condition {
            Expr::Nested(inner) => condition = inner,
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                conjuncts(right, found);
                condition = left;
            }
            _ => return found.push(condition),
        }
    }
}

/// Whether a condition compares columns of two tables.
fn ties(condition: &Expr) -> bool {
    match condition {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => all_tie(left) && all_tie(right),
        Expr::BinaryOp {
            left,
            op:
                BinaryOperator::Eq
                | BinaryOperator::Spaceship
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq
                | BinaryOperator::PGOverlap
                | BinaryOperator::AtArrow
                | BinaryOperator::ArrowAt
                | BinaryOperator::Is,
            right,
        }
        | Expr::IsNotDistinctFrom(left, right)
        | Expr::Like {
            negated: false,
            expr: left,
            pattern: right,
            ..
        }
        | Expr::ILike {
            negated: false,
            expr: left,
            pattern: right,
            ..
        }
        | Expr::Between {
            negated: false,
            expr: left,
            low: right,
            ..
        } => differ(&columns(left), &columns(right)),
        _ => false,
    }
}

fn all_tie(condition: &Expr) -> bool {
    let mut conditions = Vec::new();
    conjuncts(condition, &mut conditions);
    conditions.into_iter().any(ties)
}

/// Columns an expression names: with their tables where those are written.
fn columns(expression: &Expr) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let lower = |name: &Ident| name.value.to_lowercase();
    let _ = visit_expressions(expression, |part| {
        match part {
            Expr::Identifier(name) => found.push((None, lower(name))),
            Expr::CompoundIdentifier(names) => {
                if let [.., table, name] = names.as_slice() {
                    found.push((Some(lower(table)), lower(name)));
                }
            }
            _ => {}
        }
        ControlFlow::<()>::Continue(())
    });
    found
}

fn differ(left: &[(Option<String>, String)], right: &[(Option<String>, String)]) -> bool {
    left.iter().any(|(table, column)| {
        right.iter().any(|(other_table, other)| match (table, other_table) {
            (Some(table), Some(other_table)) => table != other_table,
            (None, _) | (_, None) => column != other,
        })
    })
}
