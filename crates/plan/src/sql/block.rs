//! One SELECT while it is put together. Its expressions name places, not columns, so that steps of a plan can be folded
//! into it before anything is written.

use shared::semantic::SortDirection;

use super::{
    Kind, Printed,
    dialect::{Dialect, comparison},
    expression::{fit, met, truth},
    names::Taken,
    nullable::nullable,
    scope::{Place, Role, Scope, Source, SourceColumn, missing},
    term::{Binding, Term},
    window::order_key,
};
use crate::logical::{AggregateCall, Expression, JoinKind, WindowCall};

#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The first stands in FROM, the others are joined to what is before them.
    pub sources: Vec<Source>,
    pub conditions: Vec<Condition>,
    /// Grouped by these; by none at all into one row.
    pub keys: Option<Vec<Expression>>,
    pub aggregates: Vec<AggregateCall>,
    pub having: Vec<Expression>,
    pub windows: Vec<WindowColumn>,
    pub columns: Vec<Item>,
    pub order: Vec<(Expression, SortDirection)>,
    pub limit: Option<Limit>,
    /// What a stage made of it is named after.
    pub stem: String,
}

/// A column of the SELECT.
#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    pub value: Expression,
    /// What it is to be, where the value alone would be something narrower.
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub enum Condition {
    Where(Expression),
    /// EXISTS: left expression and column of the source.
    Exists {
        negated: bool,
        source: Source,
        on: Vec<(Expression, usize)>,
        null_equal: bool,
    },
}

#[derive(Clone, Debug)]
pub struct WindowColumn {
    pub call: WindowFunction,
    pub partition: Vec<Expression>,
    pub order: Vec<(Expression, SortDirection)>,
}

#[derive(Clone, Debug)]
pub enum WindowFunction {
    /// Names in it are places.
    Call(WindowCall),
    /// How many of the partition are not NULL.
    Count(Expression),
}

#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub offset: u64,
    pub count: Option<u64>,
}

/// Nodes of an expression that may be written again for every column that reads it.
const SHORT: usize = 4;

impl Block {
    /// All columns of one source, under these names.
    pub fn over(source: Source, names: Vec<String>, stem: String) -> Self {
        let columns = names
            .into_iter()
            .zip(source.columns.iter().enumerate())
            .map(|(name, (column, of))| Item {
                name,
                value: Place::Source { source: 0, column }.expression(),
                kind: of.kind,
            })
            .collect();
        Self {
            sources: vec![source],
            columns,
            stem,
            ..Self::default()
        }
    }

    pub fn scope<'a>(&'a self, dialect: &'a dyn Dialect) -> Scope<'a> {
        Scope {
            dialect,
            sources: &self.sources,
            aggregates: &self.aggregates,
            windows: &self.windows,
            qualified: self.sources.len() > 1
                || self
                    .conditions
                    .iter()
                    .any(|condition| matches!(condition, Condition::Exists { .. }))
                || self.shadows(dialect),
        }
    }

    /// Is a computed column called like a column that is read after GROUP BY, in HAVING, ORDER BY or a window? Some
    /// databases mean the computed one there.
    fn shadows(&self, dialect: &dyn Dialect) -> bool {
        let mut read = Vec::new();
        let mut read_by = |expression: &Expression| expression.all_columns(&mut read);
        self.keys.iter().flatten().for_each(&mut read_by);
        self.order.iter().for_each(|(key, _)| read_by(key));
        self.having.iter().for_each(&mut read_by);
        for window in &self.windows {
            window.partition.iter().for_each(&mut read_by);
            window.order.iter().for_each(|(key, _)| read_by(key));
            match &window.call {
                WindowFunction::Call(call) => call
                    .column()
                    .into_iter()
                    .for_each(|place| read_by(&Expression::column(place))),
                WindowFunction::Count(counted) => read_by(counted),
            }
        }
        let repeats_order = !self.order.is_empty() && !dialect.orders_by_alias(Kind::Integer);
        if repeats_order || !self.having.is_empty() {
            self.aggregates
                .iter()
                .flat_map(AggregateCall::arguments)
                .for_each(&mut read_by);
        }
        read.iter().any(|place| {
            let Some(Place::Source { source, column }) = Place::of(place) else {
                return false;
            };
            let name = self.sources.get(source).and_then(|source| source.columns.get(column));
            let is_called = |item: &Item| name.is_some_and(|name| name.name.to_lowercase() == item.name.to_lowercase());
            self.columns
                .iter()
                .any(|item| is_called(item) && item.value.column_name() != Some(place))
        })
    }

    pub fn item(&self, name: &str) -> Printed<&Item> {
        self.columns.iter().find(|item| item.name == name).ok_or_else(missing)
    }

    /// The expression with places instead of columns.
    pub fn placed(&self, expression: &Expression) -> Printed<Expression> {
        expression.try_replace_columns(&|name| Ok(self.item(name)?.value.clone()))
    }

    /// Are the columns these expressions read short enough to be written in their place?
    pub fn folds<'e>(&self, expressions: impl IntoIterator<Item = &'e Expression>) -> bool {
        let mut reads = Vec::new();
        expressions
            .into_iter()
            .for_each(|expression| expression.all_columns(&mut reads));
        self.columns.iter().all(|item| {
            let times = reads.iter().filter(|name| **name == item.name).count();
            times <= 1 || item.value.size() <= SHORT
        })
    }

    pub fn is_grouped(&self) -> bool {
        self.keys.is_some()
    }

    /// Is the key written as a column's name alone?
    pub fn is_plain_key(&self, key: &Expression, dialect: &dyn Dialect) -> bool {
        let Some(Place::Source { source, column }) = key.column_name().and_then(Place::of) else {
            return false;
        };
        let Some(source) = self.sources.get(source) else {
            return false;
        };
        source.columns.get(column).is_some_and(|column| {
            let as_it_stands = || matches!(dialect.stored("", column.kind, column.exact), Ok(None));
            column.kind != Kind::Null && (!source.is_table || as_it_stands())
        })
    }

    pub fn has_plain_keys(&self, dialect: &dyn Dialect) -> bool {
        self.keys.iter().flatten().all(|key| self.is_plain_key(key, dialect))
    }

    /// Only columns of one source, each once, and every row of it.
    pub fn is_bare(&self) -> bool {
        let mut seen = Vec::new();
        self.sources.len() == 1
            && self.conditions.is_empty()
            && self.keys.is_none()
            && self.windows.is_empty()
            && self.limit.is_none()
            && self.columns.iter().all(|item| {
                let name = item.value.column_name().filter(|name| !seen.contains(name));
                seen.extend(name);
                name.is_some()
            })
    }

    /// Its lines and its columns.
    pub fn print(&self, dialect: &dyn Dialect) -> Printed<(Vec<String>, Vec<SourceColumn>)> {
        let scope = self.scope(dialect);
        let mut taken = Taken::default();
        let mut columns = Vec::with_capacity(self.columns.len());
        let mut selected = Vec::with_capacity(self.columns.len());
        for item in &self.columns {
            let term = self.output(item, &scope)?;
            let name = taken.column(&item.name);
            let alias = dialect.name(&name);
            selected.push(if term.text == alias {
                alias
            } else {
                format!("{} AS {alias}", term.text)
            });
            columns.push(SourceColumn {
                name,
                kind: item.kind,
                exact: true,
                nullable: nullable(&item.value, &scope),
            });
        }
        let whole = self.keys.as_ref().is_some_and(Vec::is_empty);
        let aggregates = self.columns.iter().any(|item| item.value.reads_aggregate());
        if selected.is_empty() || whole && !aggregates {
            let rows = if whole { "count(*)" } else { "1" };
            selected.push(format!("{rows} AS {}", dialect.name(&taken.column("c1"))));
        }
        let mut lines = select_lines(&selected);
        for (index, source) in self.sources.iter().enumerate() {
            lines.push(self.source_line(index, source, &scope)?);
        }
        clause("WHERE", self.condition_texts(&scope)?, &mut lines);
        self.group_line(&scope, &mut lines)?;
        clause("HAVING", and_terms(&self.having, &scope)?, &mut lines);
        self.order_line(&columns, &scope, &mut lines)?;
        if let Some(limit) = self.limit {
            lines.push(dialect.limit(limit.offset, limit.count));
        }
        Ok((lines, columns))
    }

    fn output(&self, item: &Item, scope: &Scope<'_>) -> Printed<Term> {
        let term = scope.term(&item.value)?;
        if term.text == "NULL" {
            return Ok(Term::atom(scope.dialect.null(item.kind), item.kind));
        }
        let fitted = fit(&term, item.kind, scope.dialect)?;
        Ok(if item.value.column_name().is_some() {
            fitted
        } else {
            scope.dialect.computed(fitted)
        })
    }

    fn source_line(&self, index: usize, source: &Source, scope: &Scope<'_>) -> Printed<String> {
        let relation = aliased(source, scope.dialect);
        Ok(match &source.role {
            Role::From => format!("FROM {relation}"),
            Role::Joined { kind, on, null_equal } => {
                let verb = match kind {
                    JoinKind::Inner => "JOIN",
                    JoinKind::Left => "LEFT JOIN",
                    // The others are conditions.
                    JoinKind::Cross | JoinKind::Semi | JoinKind::Anti => return Ok(format!("CROSS JOIN {relation}")),
                };
                let mut pairs = Vec::with_capacity(on.len());
                for (left, right) in on {
                    let both = *null_equal && nullable(left, scope) && may_be_null(right, source);
                    pairs.push(pair(&scope.term(left)?, &scope.term(right)?, both, scope.dialect)?);
                }
                debug_assert!(index > 0, "the first source stands in FROM");
                let on = if pairs.is_empty() {
                    "TRUE".to_owned()
                } else {
                    pairs.join(" AND ")
                };
                format!("{verb} {relation} ON {on}")
            }
        })
    }

    fn condition_texts(&self, scope: &Scope<'_>) -> Printed<Vec<String>> {
        let mut texts = Vec::new();
        for condition in &self.conditions {
            match condition {
                Condition::Where(predicate) => texts.extend(and_terms(std::slice::from_ref(predicate), scope)?),
                Condition::Exists {
                    negated,
                    source,
                    on,
                    null_equal,
                } => {
                    let mut sources = self.sources.clone();
                    sources.push(source.clone());
                    let inner = Scope {
                        sources: &sources,
                        ..*scope
                    };
                    let mut pairs = Vec::with_capacity(on.len());
                    for (left, column) in on {
                        let right = Place::Source {
                            source: self.sources.len(),
                            column: *column,
                        }
                        .expression();
                        let both = *null_equal && nullable(left, scope) && may_be_null(&right, source);
                        pairs.push(pair(&inner.term(left)?, &inner.term(&right)?, both, scope.dialect)?);
                    }
                    let verb = if *negated { "NOT EXISTS" } else { "EXISTS" };
                    let filter = if pairs.is_empty() {
                        String::new()
                    } else {
                        format!(" WHERE {}", pairs.join(" AND "))
                    };
                    texts.push(format!(
                        "{verb} (SELECT 1 FROM {}{filter})",
                        aliased(source, scope.dialect)
                    ));
                }
            }
        }
        Ok(texts)
    }

    /// Columns by name, everything else by its position.
    fn group_line(&self, scope: &Scope<'_>, lines: &mut Vec<String>) -> Printed<()> {
        let mut texts: Vec<String> = Vec::new();
        for key in self.keys.iter().flatten() {
            let positions = self.columns.iter().enumerate().filter(|(_, item)| item.value == *key);
            let mut own: Vec<String> = positions.map(|(position, _)| (position + 1).to_string()).collect();
            if own.is_empty() || self.is_plain_key(key, scope.dialect) {
                own = vec![scope.term(key)?.text];
            }
            own.retain(|text| !texts.contains(text));
            texts.extend(own);
        }
        if !texts.is_empty() {
            lines.push(format!("GROUP BY {}", texts.join(", ")));
        }
        Ok(())
    }

    fn order_line(&self, columns: &[SourceColumn], scope: &Scope<'_>, lines: &mut Vec<String>) -> Printed<()> {
        let mut keys = Vec::new();
        for (key, direction) in &self.order {
            let term = scope.term(key)?;
            if matches!(key, Expression::Literal(_)) || term.kind == Kind::Null {
                // The same in every row; a number would be taken for a position.
                continue;
            }
            let shown = self
                .columns
                .iter()
                .position(|item| item.value == *key)
                .and_then(|at| columns.get(at))
                .filter(|_| scope.dialect.orders_by_alias(term.kind));
            let term = match shown {
                Some(column) => Term::atom(scope.dialect.name(&column.name), term.kind),
                None => term,
            };
            keys.push(order_key(&term, *direction, scope.dialect));
        }
        if !keys.is_empty() {
            lines.push(format!("ORDER BY {}", keys.join(", ")));
        }
        Ok(())
    }
}

fn aliased(source: &Source, dialect: &dyn Dialect) -> String {
    let alias = dialect.name(&source.alias);
    let named = source.relation == alias || source.relation.ends_with(&format!(".{alias}"));
    if named {
        source.relation.clone()
    } else {
        format!("{} AS {alias}", source.relation)
    }
}

/// The column of the source itself, before it is joined.
fn may_be_null(column: &Expression, source: &Source) -> bool {
    match column.column_name().and_then(Place::of) {
        Some(Place::Source { column, .. }) => source.columns.get(column).is_none_or(|column| column.nullable),
        Some(Place::Aggregate(_) | Place::Window(_)) | None => true,
    }
}

/// `null_equal`: both may be NULL, and then are equal.
fn pair(left: &Term, right: &Term, null_equal: bool, dialect: &dyn Dialect) -> Printed<String> {
    let (left, right) = met(left, right, dialect)?;
    let same = if null_equal {
        dialect.same_keys(&left, &right)?
    } else {
        comparison("=", &left, &right)
    };
    Ok(same.inside(Binding::And))
}

/// The parts of conjunctions, each ready to stand beside others.
fn and_terms(predicates: &[Expression], scope: &Scope<'_>) -> Printed<Vec<String>> {
    let mut texts = Vec::new();
    for predicate in predicates {
        for part in predicate.conjuncts() {
            texts.push(truth(&scope.term(part)?, scope.dialect)?.inside(Binding::And));
        }
    }
    Ok(texts)
}

fn select_lines(selected: &[String]) -> Vec<String> {
    let length: usize = selected.iter().map(|item| item.len() + 2).sum();
    if length <= 100 {
        return vec![format!("SELECT {}", selected.join(", "))];
    }
    let mut lines = vec!["SELECT".to_owned()];
    for (index, item) in selected.iter().enumerate() {
        let comma = if index + 1 < selected.len() { "," } else { "" };
        lines.push(format!("  {item}{comma}"));
    }
    lines
}

fn clause(word: &str, parts: Vec<String>, lines: &mut Vec<String>) {
    for (index, part) in parts.into_iter().enumerate() {
        lines.push(if index == 0 {
            format!("{word} {part}")
        } else {
            format!("  AND {part}")
        });
    }
}
