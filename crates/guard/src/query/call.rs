//! Calls of functions.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList, FunctionArguments,
    JsonReturningClause, ObjectName, WindowType,
};

use super::{
    literal::whole,
    walk::{Walk, place},
};
use crate::{Dialect, Place, RefusalKind, functions, functions::FunctionUse, nearest::nearest};

/// What a sized function may make, in characters.
const LONGEST_TEXT: i64 = 10_000;

impl Walk<'_> {
    pub fn call(&mut self, call: &mut Function) {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment: _,
            over,
        } = call;
        let at = place(name);
        let called = self.function_name(name);
        let kind = called.as_deref().and_then(|called| self.listed(called, name, args));
        match kind {
            Some(FunctionUse::Series) => self.refuse(
                RefusalKind::TableFunction,
                at,
                format!("The function {name} may only stand in FROM, as {name}(first, last)."),
            ),
            Some(FunctionUse::Sized) => self.sized(name, args),
            Some(FunctionUse::Scalar | FunctionUse::Aggregate | FunctionUse::Window | FunctionUse::Table) | None => {}
        }
        self.functions.extend(called);
        if *uses_odbc_syntax || *parameters != FunctionArguments::None {
            self.refuse(
                RefusalKind::Construct,
                at,
                format!("{name} is called in a form that is not allowed."),
            );
        }
        self.arguments(args, at);
        within_group.iter_mut().for_each(|by| self.order(by));
        if let Some(filter) = filter {
            self.expression(filter);
        }
        match over {
            Some(WindowType::WindowSpec(window)) => self.window(window),
            Some(WindowType::NamedWindow(window)) => self.name(window),
            None => {}
        }
    }

    /// The use of a function that may be called; refused when it is not on the list. `ARRAY(SELECT …)` is no function, though
    /// it looks like one.
    fn listed(&mut self, called: &str, name: &ObjectName, args: &FunctionArguments) -> Option<FunctionUse> {
        let subquery = matches!(args, FunctionArguments::Subquery(_));
        if subquery && called == "array" && self.dialect() == Dialect::Postgres {
            return Some(FunctionUse::Scalar);
        }
        let found = functions::find(self.dialect(), called);
        if found.is_none() {
            self.unknown_function(&name.to_string(), called, place(name));
        }
        found
    }

    pub fn unknown_function(&mut self, written: &str, called: &str, at: Option<Place>) {
        if !self.tells(RefusalKind::Function) {
            return;
        }
        let near = nearest(
            called,
            functions::functions(self.dialect()).iter().map(|(name, _)| *name),
        )
        .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        let dialect = self.dialect().label();
        self.refuse(
            RefusalKind::Function,
            at,
            format!(
                "The function {written} is not on the list of functions that queries on {dialect} may call, since not every \
                 function only computes.{near}"
            ),
        );
    }

    /// The name to look for in the list: unqualified, or PostgreSQL's own schema before it. Anything else is refused.
    pub fn function_name(&mut self, name: &ObjectName) -> Option<String> {
        let parts = self.parts(name)?;
        let dialect = self.dialect();
        let last = match parts.as_slice() {
            [last] => last,
            [schema, last] if dialect == Dialect::Postgres && dialect.stored(schema) == "pg_catalog" => last,
            _ => {
                self.refuse(
                    RefusalKind::Function,
                    place(name),
                    format!("The function {name} belongs to a schema. Only the database's own functions may be called, without a schema."),
                );
                return None;
            }
        };
        // PostgreSQL tells "LOWER" from lower: the quoted name of another case is another function.
        let stored = dialect.stored(last);
        Some(match dialect {
            Dialect::Postgres => stored,
            Dialect::MySql | Dialect::Sqlite | Dialect::DuckDb => stored.to_ascii_lowercase(),
        })
    }

    fn sized(&mut self, name: &ObjectName, args: &FunctionArguments) {
        let length = match args {
            FunctionArguments::List(list) => list.args.get(1).and_then(expression).and_then(whole),
            FunctionArguments::None | FunctionArguments::Subquery(_) => None,
        };
        if length.is_none_or(|length| length > LONGEST_TEXT) {
            self.refuse(
                RefusalKind::Function,
                place(name),
                format!("The length in {name} has to be a number up to {LONGEST_TEXT}, written as such."),
            );
        }
    }

    fn arguments(&mut self, args: &mut FunctionArguments, at: Option<Place>) {
        let list = match args {
            FunctionArguments::None => return,
            FunctionArguments::Subquery(query) => return self.query(query),
            FunctionArguments::List(list) => list,
        };
        let FunctionArgumentList {
            duplicate_treatment: _,
            args,
            clauses,
        } = list;
        args.iter_mut().for_each(|argument| self.argument(argument));
        for clause in clauses {
            match clause {
                FunctionArgumentClause::IgnoreOrRespectNulls(_) | FunctionArgumentClause::JsonNullClause(_) => {}
                FunctionArgumentClause::OrderBy(by) => by.iter_mut().for_each(|by| self.order(by)),
                FunctionArgumentClause::Separator(separator) => self.literal(separator),
                FunctionArgumentClause::Where(expression) | FunctionArgumentClause::Limit(expression) => {
                    self.expression(expression);
                }
                FunctionArgumentClause::JsonReturningClause(JsonReturningClause { data_type }) => {
                    self.cast_type(data_type, at);
                }
                FunctionArgumentClause::OnOverflow(_) | FunctionArgumentClause::Having(_) => {
                    self.refuse(
                        RefusalKind::Construct,
                        at,
                        "ON OVERFLOW and HAVING inside of a call are not allowed.",
                    );
                }
            }
        }
    }

    pub fn argument(&mut self, argument: &mut FunctionArg) {
        let value = match argument {
            FunctionArg::Named { name, arg, operator: _ } => {
                self.name(name);
                arg
            }
            FunctionArg::ExprNamed { name, arg, operator: _ } => {
                self.expression(name);
                arg
            }
            FunctionArg::Unnamed(value) => value,
        };
        match value {
            FunctionArgExpr::Expr(expression) => self.expression(expression),
            FunctionArgExpr::QualifiedWildcard(name) => {
                self.parts(name);
            }
            FunctionArgExpr::Wildcard => {}
            FunctionArgExpr::WildcardWithOptions(options) => self.wildcard(options),
        }
    }
}

/// The argument, when it is a plain expression.
pub const fn expression(argument: &FunctionArg) -> Option<&Expr> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
        _ => None,
    }
}
