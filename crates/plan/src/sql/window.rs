//! Columns over the rows of a partition.

use shared::semantic::SortDirection;

use super::{
    Kind, Printed,
    block::{WindowColumn, WindowFunction},
    dialect::Dialect,
    scope::Scope,
    term::{Binding, Term},
};
use crate::logical::WindowCall;

pub fn print(column: &WindowColumn, scope: &Scope<'_>) -> Printed<Term> {
    let dialect = scope.dialect;
    let call = match &column.call {
        WindowFunction::Call(call) => call,
        WindowFunction::Count(counted) => {
            let text = format!("count({}){}", scope.term(counted)?.text, over(column, scope)?);
            return Ok(Term::atom(text, Kind::Integer));
        }
    };
    Ok(match call {
        WindowCall::RowNumber => Term::atom(format!("row_number(){}", over(column, scope)?), Kind::Integer),
        WindowCall::RankDescending(name) => {
            let value = scope.column(name)?;
            let mut keys = partition(column, scope)?;
            keys.push(format!("ORDER BY {}", order_key(&value, SortDirection::Desc, dialect)));
            let text = format!(
                "CASE WHEN {} IS NOT NULL THEN rank() OVER ({}) END",
                value.inside(Binding::Sum),
                keys.join(" ")
            );
            Term::atom(text, Kind::Integer)
        }
        WindowCall::RunningSum(name) => {
            let value = scope.column(name)?;
            let filled = Term::atom(format!("coalesce({}, 0)", value.text), value.kind);
            let mut over = over(column, scope)?;
            if over.ends_with(')') {
                over.pop();
                let space = if over.ends_with('(') { "" } else { " " };
                over.push_str(&format!("{space}ROWS UNBOUNDED PRECEDING)"));
            }
            dialect.sum(&filled, &over)?
        }
        WindowCall::PartitionSum(name) => {
            let value = scope.column(name)?;
            let keys = partition(column, scope)?;
            dialect.sum(&value, &format!(" OVER ({})", keys.join(" ")))?
        }
    })
}

fn partition(column: &WindowColumn, scope: &Scope<'_>) -> Printed<Vec<String>> {
    let keys = column
        .partition
        .iter()
        .map(|key| Ok(scope.dialect.comparable(scope.term(key)?).text))
        .collect::<Printed<Vec<_>>>()?;
    Ok(if keys.is_empty() {
        Vec::new()
    } else {
        vec![format!("PARTITION BY {}", keys.join(", "))]
    })
}

fn over(column: &WindowColumn, scope: &Scope<'_>) -> Printed<String> {
    let mut parts = partition(column, scope)?;
    let order = column
        .order
        .iter()
        .map(|(key, direction)| Ok(order_key(&scope.term(key)?, *direction, scope.dialect)))
        .collect::<Printed<Vec<_>>>()?;
    if !order.is_empty() {
        parts.push(format!("ORDER BY {}", order.join(", ")));
    }
    Ok(format!(" OVER ({})", parts.join(" ")))
}

/// NULL last, text by its bytes.
pub fn order_key(key: &Term, direction: SortDirection, dialect: &dyn Dialect) -> String {
    if key.kind == Kind::Text {
        dialect.order(&dialect.bytewise(key.clone()), direction)
    } else {
        dialect.order(key, direction)
    }
}
