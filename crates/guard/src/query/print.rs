//! The text that is sent, and a second look at the tree it is made from.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, ObjectName, Query, Visit, Visitor};

use super::walk::Walk;
use crate::{Refusal, RefusalKind};

/// Prints the tree on one line.
///
/// # Errors
///
/// When the parser's own visitor meets a table or a function that the walk has not seen: a hole in the walk, closed here.
pub fn print(query: &Query, walk: &Walk<'_>) -> Result<String, Refusal> {
    match query.visit(&mut SecondLook { walk }) {
        ControlFlow::Continue(()) => Ok(query.to_string()),
        ControlFlow::Break(()) => Err(unprintable()),
    }
}

pub fn unprintable() -> Refusal {
    Refusal::new(
        RefusalKind::Unprintable,
        None,
        "The query cannot be written again in a way that certainly means the same. Simplify names and texts with unusual \
         characters, or operators that follow each other.",
    )
}

struct SecondLook<'w, 'r> {
    walk: &'w Walk<'r>,
}

impl Visitor for SecondLook<'_, '_> {
    type Break = ();

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let parts: Vec<&str> = relation
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .map(|part| part.value.as_str())
            .collect();
        let known = match parts.as_slice() {
            // A common table expression was seen by the walk in its scope; a function in FROM is judged by its name.
            [_] => true,
            [schema, table] => {
                let function = self.walk.functions.contains(&table.to_ascii_lowercase());
                function
                    || self
                        .walk
                        .relations
                        .iter()
                        .any(|seen| seen.schema == *schema && seen.table == *table)
            }
            _ => false,
        };
        if known {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        if let Expr::Function(call) = expression {
            let name = call
                .name
                .0
                .last()
                .and_then(|part| part.as_ident())
                .map(|name| name.value.to_ascii_lowercase());
            if !name.is_some_and(|name| self.walk.functions.contains(&name)) {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}
