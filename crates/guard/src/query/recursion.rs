//! WITH RECURSIVE has to show its end: a counter that begins at a number, grows by a number and is held under a number, or,
//! where the database knows it, a LIMIT inside.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, LimitClause, ObjectName, Query, Select, SelectItem, SetExpr, SetOperator,
    TableAliasColumnDef, TableFactor, visit_relations,
};

use super::{
    joins::{conjuncts, unconditioned},
    literal::whole,
    walk::{Walk, place},
};
use crate::{Dialect, RefusalKind};

/// Steps of a counter, and rows of a LIMIT.
const MOST_STEPS: i64 = 10_000;
/// Steps when each joins another table, whose rows may multiply: the depth of an organisation.
const MOST_JOINED_STEPS: i64 = 100;

/// The common table expression whose body is walked, and whether it names itself.
pub struct Recursive {
    name: String,
    used: bool,
}

impl Walk<'_> {
    pub fn recursive_query(&mut self, name: &Ident, columns: &[TableAliasColumnDef], query: &mut Query) {
        let outer = self.recursive.replace(Recursive {
            name: name.value.clone(),
            used: false,
        });
        self.scope.push(name.clone());
        self.query(query);
        self.scope.pop();
        let used = self.recursive.take().is_some_and(|recursive| recursive.used);
        self.recursive = outer;
        let names: Vec<&Ident> = columns.iter().map(|column| &column.name).collect();
        if used && !self.ends(name, &names, query) {
            self.refuse(
                RefusalKind::Recursion,
                place(query),
                format!(
                    "WITH RECURSIVE has to show where it ends. Count the steps, as in SELECT 1 AS depth … UNION ALL SELECT \
                     depth + 1 … WHERE depth < 10, up to {MOST_STEPS} steps ({MOST_JOINED_STEPS} where each joins a table, \
                     which needs a condition)."
                ),
            );
        }
    }

    pub fn uses_recursion(&mut self, name: &str) {
        let dialect = self.dialect();
        if let Some(recursive) = &mut self.recursive
            && dialect.same(&recursive.name, name)
        {
            recursive.used = true;
        }
    }

    fn ends(&self, name: &Ident, names: &[&Ident], query: &Query) -> bool {
        let SetExpr::SetOperation {
            left,
            op: SetOperator::Union,
            set_quantifier: _,
            right,
        } = query.body.as_ref()
        else {
            return false;
        };
        let SetExpr::Select(step) = right.as_ref() else {
            return false;
        };
        let once = mentions(left, name) == 0 && mentions(right, name) == 1;
        once && unconditioned(&step.from, step.selection.as_ref()) == 0
            && (self.limited(query) || self.counts(name, names, left, step))
    }

    /// SQLite and MySQL stop when the rows of a LIMIT inside are there. PostgreSQL knows no such LIMIT.
    fn limited(&self, query: &Query) -> bool {
        let limit = match &query.limit_clause {
            Some(LimitClause::LimitOffset {
                limit: Some(limit),
                offset: None,
                ..
            }) => whole(limit),
            _ => None,
        };
        match self.dialect() {
            Dialect::Sqlite | Dialect::MySql => limit.is_some_and(|limit| limit <= MOST_STEPS),
            Dialect::Postgres | Dialect::DuckDb => false,
        }
    }

    fn counts(&self, name: &Ident, names: &[&Ident], first: &SetExpr, step: &Select) -> bool {
        let SetExpr::Select(first) = leftmost(first) else {
            return false;
        };
        let Some(selection) = &step.selection else { return false };
        let mut conditions = Vec::new();
        conjuncts(selection, &mut conditions);
        let [called] = self.called(name, step)[..] else {
            return false;
        };
        let joins = step.from.len() > 1 || step.from.iter().any(|tables| !tables.joins.is_empty());
        let most = if joins { MOST_JOINED_STEPS } else { MOST_STEPS };
        conditions.into_iter().filter_map(upper_bound).any(|(column, bound)| {
            let Some(counter) = self.own_column(column, called) else {
                return false;
            };
            let steps = step.projection.iter().enumerate().find_map(|(index, item)| {
                let (grows, by) = increment(value(item)?)?;
                let begins = first.projection.get(index)?;
                let named = names.get(index).copied().or_else(|| column_name(begins))?;
                let mine = self.own_column(grows, called)?;
                let same = self.same(mine, counter) && self.same(named, counter);
                let start = whole(value(begins)?)?;
                (same && by > 0).then(|| bound.saturating_sub(start) / by)
            });
            steps.is_some_and(|steps| steps <= most)
        })
    }

    fn same(&self, left: &Ident, right: &Ident) -> bool {
        let dialect = self.dialect();
        dialect.same(&dialect.stored(left), &dialect.stored(right))
    }

    /// What the recursive table is called in the step.
    fn called<'s>(&self, name: &'s Ident, step: &'s Select) -> Vec<&'s Ident> {
        let tables = step
            .from
            .iter()
            .flat_map(|tables| std::iter::once(&tables.relation).chain(tables.joins.iter().map(|join| &join.relation)));
        tables
            .filter_map(|table| match table {
                TableFactor::Table {
                    name: read,
                    alias,
                    args: None,
                    ..
                } if is(read, name) => Some(alias.as_ref().map_or(name, |alias| &alias.name)),
                _ => None,
            })
            .collect()
    }

    /// The column's name, when it belongs to the recursive table.
    fn own_column<'c>(&self, column: &'c Expr, called: &Ident) -> Option<&'c Ident> {
        match column {
            Expr::Identifier(name) => Some(name),
            Expr::CompoundIdentifier(names) => match names.as_slice() {
                [table, name] if self.same(called, table) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }
}

fn is(read: &ObjectName, name: &Ident) -> bool {
    read.0.len() == 1
        && read
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .any(|part| part.value == name.value)
}

fn mentions(set: &SetExpr, name: &Ident) -> usize {
    let mut count = 0;
    let _ = visit_relations(set, |read| {
        count += usize::from(is(read, name));
        ControlFlow::<()>::Continue(())
    });
    count
}

fn leftmost(mut set: &SetExpr) -> &SetExpr {
    while let SetExpr::SetOperation { left, .. } = set {
        set = left;
    }
    set
}

const fn value(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(expression) | SelectItem::ExprWithAlias { expr: expression, .. } => Some(expression),
        _ => None,
    }
}

const fn column_name(item: &SelectItem) -> Option<&Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias),
        _ => None,
    }
}

/// `column < number`, `column <= number`, or the same the other way round.
fn upper_bound(condition: &Expr) -> Option<(&Expr, i64)> {
    let Expr::BinaryOp { left, op, right } = condition else {
        return None;
    };
    match op {
        BinaryOperator::Lt | BinaryOperator::LtEq => Some((left, whole(right)?)),
        BinaryOperator::Gt | BinaryOperator::GtEq => Some((right, whole(left)?)),
        _ => None,
    }
}

/// `column + number`.
fn increment(expression: &Expr) -> Option<(&Expr, i64)> {
    match expression {
        Expr::Nested(inner) => increment(inner),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Plus,
            right,
        } => whole(right)
            .map(|by| (left.as_ref(), by))
            .or_else(|| Some((right.as_ref(), whole(left)?))),
        _ => None,
    }
}
