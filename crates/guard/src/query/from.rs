//! FROM: tables, sub-queries and the few functions that may stand there.

use sqlparser::ast::{
    Ident, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};

use super::walk::{Walk, place};
use crate::{RefusalKind, RelationName, functions, functions::FunctionUse, nearest::nearest};

impl Walk<'_> {
    pub fn table_with_joins(&mut self, tables: &mut TableWithJoins) {
        let TableWithJoins { relation, joins } = tables;
        self.table(relation);
        for join in joins {
            let Join {
                relation,
                global,
                join_operator,
            } = join;
            self.table(relation);
            if *global {
                self.construct("GLOBAL JOIN", relation);
            }
            self.join(join_operator, relation);
        }
    }

    fn join(&mut self, operator: &mut JoinOperator, joined: &TableFactor) {
        match operator {
            JoinOperator::Join(on)
            | JoinOperator::Inner(on)
            | JoinOperator::Left(on)
            | JoinOperator::LeftOuter(on)
            | JoinOperator::Right(on)
            | JoinOperator::RightOuter(on)
            | JoinOperator::FullOuter(on)
            | JoinOperator::CrossJoin(on)
            | JoinOperator::Semi(on)
            | JoinOperator::Anti(on) => self.constraint(on),
            JoinOperator::AsOf {
                match_condition,
                constraint,
            } => {
                self.expression(match_condition);
                self.constraint(constraint);
            }
            _ => self.construct("This kind of join", joined),
        }
    }

    fn constraint(&mut self, constraint: &mut JoinConstraint) {
        match constraint {
            JoinConstraint::On(condition) => self.expression(condition),
            JoinConstraint::Using(names) => names.iter().for_each(|name| {
                self.parts(name);
            }),
            JoinConstraint::UsingAlias(names, alias) => {
                names.iter().for_each(|name| {
                    self.parts(name);
                });
                self.alias(alias);
            }
            JoinConstraint::Natural | JoinConstraint::None => {}
        }
    }

    fn table(&mut self, table: &mut TableFactor) {
        match table {
            TableFactor::Table { args: Some(_), .. } | TableFactor::Function { .. } => self.table_function(table),
            TableFactor::Table { .. } => self.named_table(table),
            TableFactor::Derived {
                lateral: _,
                subquery,
                alias,
                sample,
            } => {
                self.query(subquery);
                alias.iter_mut().for_each(|alias| self.table_alias(alias));
                if sample.is_some() {
                    self.construct("TABLESAMPLE of a sub-query", table);
                }
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality: _,
            } => {
                self.functions.insert("unnest".to_owned());
                self.expressions(array_exprs);
                alias.iter_mut().for_each(|alias| self.table_alias(alias));
                if *with_offset || with_offset_alias.is_some() {
                    self.construct("WITH OFFSET", table);
                }
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => {
                self.table_with_joins(table_with_joins);
                alias.iter_mut().for_each(|alias| self.table_alias(alias));
            }
            TableFactor::TableFunction { .. }
            | TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::XmlTable { .. } => {
                let at = place(table);
                self.refuse(
                    RefusalKind::TableFunction,
                    at,
                    "This function may not stand in FROM: it is not on the list of those that only take apart a value.",
                );
            }
            _ => self.construct("This form of a table", table),
        }
    }

    fn named_table(&mut self, table: &mut TableFactor) {
        let at = place(table);
        let TableFactor::Table {
            name,
            alias,
            args: _,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_directives,
            inheritance: _,
        } = table
        else {
            return;
        };
        alias.iter_mut().for_each(|alias| self.table_alias(alias));
        if !index_directives.is_empty() || !with_hints.is_empty() {
            self.refuse(
                RefusalKind::Hint,
                at,
                "Hints to the planner (USE INDEX, INDEXED BY, WITH (…)) are not allowed. Leave them out.",
            );
        }
        let unusual = version.is_some() || *with_ordinality || json_path.is_some() || sample.is_some();
        if unusual || !partitions.is_empty() {
            self.refuse(
                RefusalKind::Construct,
                at,
                "Nothing but another name may follow the name of a table: no sample, no partition, no version.",
            );
        }
        self.resolve(name, alias);
    }

    /// Makes a table's name unmistakable: a common table expression gets the very name it was declared with, a listed table
    /// its schema, both in quotes. Neither can then mean the other.
    fn resolve(&mut self, name: &mut ObjectName, alias: &mut Option<TableAlias>) {
        let at = place(name);
        let Some(parts) = self.parts(name) else { return };
        let dialect = self.dialect();
        let (schema, table) = match parts.as_slice() {
            [table] => (None, table),
            [schema, table] => (Some(dialect.stored(schema)), table),
            _ => {
                return self.refuse(
                    RefusalKind::UnknownRelation,
                    at,
                    format!("{name} names a table of another database. Name it as schema.table."),
                );
            }
        };
        let stored = dialect.stored(table);
        if schema.is_none() {
            let visible = self
                .scope
                .iter()
                .rev()
                .find(|known| dialect.same(&known.value, &stored));
            if let Some(known) = visible.cloned() {
                *name = ObjectName::from(vec![known]);
                return self.uses_recursion(&stored);
            }
        }
        let system = match &schema {
            Some(schema) => dialect.system_schema(schema) || dialect.system_table(&stored),
            None => dialect.system_table(&stored) || dialect.system_schema(self.rules.relations.default_schema()),
        };
        if system {
            return self.refuse(
                RefusalKind::SystemRelation,
                at,
                format!(
                    "{name} belongs to the database itself and cannot be read here. Read tables of the data instead."
                ),
            );
        }
        let found = self
            .rules
            .relations
            .find(schema.as_deref(), &stored, |a, b| dialect.same(a, b));
        match found {
            Some(found) => self.qualify(name, alias, table, found),
            None => self.unknown(name, &stored),
        }
    }

    fn qualify(&mut self, name: &mut ObjectName, alias: &mut Option<TableAlias>, written: &Ident, found: RelationName) {
        let span = written.span;
        let quote = self.dialect().quote();
        if alias.is_none() && written.value != found.table && self.dialect().stored(written) != found.table {
            let mut name = written.clone();
            self.alias(&mut name);
            *alias = Some(TableAlias {
                explicit: true,
                name,
                columns: Vec::new(),
                at: None,
            });
        }
        let part = |text: &str| Ident::with_quote_and_span(quote, span, text);
        *name = ObjectName::from(vec![part(&found.schema), part(&found.table)]);
        if found.schema.contains(quote) || found.table.contains(['\\', quote]) {
            self.refuse(
                RefusalKind::EscapedName,
                crate::Place::of(span.start),
                "The name of this table has a quote in it. Make a view with another name.",
            );
        }
        self.relations.insert(found);
    }

    fn unknown(&mut self, name: &ObjectName, stored: &str) {
        if !self.tells(RefusalKind::UnknownRelation) {
            return;
        }
        let near = nearest(stored, self.rules.relations.tables())
            .map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        let at = place(name);
        self.refuse(
            RefusalKind::UnknownRelation,
            at,
            format!("There is no table {name} that this query may read.{near}"),
        );
    }

    fn table_function(&mut self, table: &mut TableFactor) {
        let at = place(table);
        let (name, args, alias, unusual) = match table {
            TableFactor::Table {
                name,
                alias,
                args: Some(TableFunctionArgs { args, settings }),
                with_hints,
                version,
                with_ordinality: _,
                partitions,
                json_path,
                sample,
                index_directives,
                inheritance: _,
            } => {
                let unusual = settings.is_some()
                    || !with_hints.is_empty()
                    || version.is_some()
                    || !partitions.is_empty()
                    || json_path.is_some()
                    || sample.is_some()
                    || !index_directives.is_empty();
                (name, args, alias, unusual)
            }
            TableFactor::Function {
                lateral: _,
                name,
                args,
                with_ordinality: _,
                alias,
            } => (name, args, alias, false),
            _ => return,
        };
        if unusual {
            self.refuse(
                RefusalKind::Construct,
                at,
                "Nothing but another name may follow a function in FROM.",
            );
        }
        alias.iter_mut().for_each(|alias| self.table_alias(alias));
        let called = self.function_name(name);
        match called
            .as_deref()
            .and_then(|called| functions::find(self.dialect(), called))
        {
            Some(FunctionUse::Table) => {}
            Some(FunctionUse::Series) => self.series(args, at),
            Some(FunctionUse::Scalar | FunctionUse::Aggregate | FunctionUse::Window | FunctionUse::Sized) | None => {
                self.refuse(
                    RefusalKind::TableFunction,
                    at,
                    format!("The function {name} may not stand in FROM: it is not on the list of those that only take apart a value."),
                );
            }
        }
        self.functions.extend(called);
        args.iter_mut().for_each(|argument| self.argument(argument));
    }
}
