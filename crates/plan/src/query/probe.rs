//! What the data say about a join: is a key of its target one row's only (or one row's at each time), and how many rows find
//! none?

use shared::{
    semantic::{AnswerColumn, Cardinality, ColumnRole, Join, Model, SortDirection},
    table::ColumnType,
};

use crate::logical::{
    AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node, Origin, OutputColumn, PlannedQuery,
    SortKey, SourceTable, UnaryOperator, WindowCall,
};

/// Columns of a probe's answer, which is one row: keys of the side that has one row for each, keys that several of its rows
/// have, rows of the other side that have a key, and those of them whose key is not there.
pub const PROBED: [&str; 4] = ["keys", "doubled", "rows", "lost"];

/// Columns of the answer about a join with `valid`: intervals that have a key and begin before they end, and those of them
/// that begin before the one before them, of the same key, has ended. Intervals of a key overlap only if two neighbours do.
pub const OVERLAPS: [&str; 2] = ["intervals", "overlapping"];

/// A side of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinSide {
    From,
    To,
}

impl JoinSide {
    /// The sides that have at most one row for each row of the other.
    pub const fn unique(join: &Join) -> &'static [Self] {
        match join.cardinality {
            Cardinality::ManyToOne => &[Self::To],
            Cardinality::OneToMany => &[Self::From],
            Cardinality::OneToOne => &[Self::To, Self::From],
        }
    }
}

/// The plan that asks whether `unique` is. `None` for joins whose keys need not be one row's only by themselves (`valid`,
/// `where`), and for those that start further up the way.
pub fn join_probe(model: &Model, join: &Join, unique: JoinSide) -> Option<PlannedQuery> {
    if join.valid.is_some() || join.condition.is_some() || join.on.iter().any(|(own, _)| own.contains('.')) {
        return None;
    }
    let (own, other): (Vec<&str>, Vec<&str>) = join
        .on
        .iter()
        .map(|(own, other)| (own.as_str(), other.as_str()))
        .unzip();
    let (one, two) = (
        keyed(model, join.from.as_str(), &own)?,
        keyed(model, join.to.as_str(), &other)?,
    );
    let (from, to) = match unique {
        JoinSide::To => (one, two),
        JoinSide::From => (two, one),
    };
    let names: Vec<String> = (0..join.on.len()).map(key).collect();
    let keys = || names.iter().map(Named::same).collect::<Vec<_>>();
    let is_doubled = Expression::binary(
        BinaryOperator::Gt,
        Expression::column("rows_of_key"),
        Expression::Literal(Literal::Int(1)),
    );
    let distinct = to
        .clone()
        .aggregate(keys(), vec![Named::new("rows_of_key", AggregateCall::CountRows)])
        .aggregate(
            Vec::new(),
            vec![
                Named::new("keys", AggregateCall::CountRows),
                Named::new(
                    "doubled",
                    AggregateCall::Count(Expression::only_if(is_doubled, Expression::Literal(Literal::Int(1)))),
                ),
            ],
        );
    let count = |node: Node, name: &str| node.aggregate(Vec::new(), vec![Named::new(name, AggregateCall::CountRows)]);
    let lost = from.clone().join_on(JoinKind::Anti, to, &names);
    let rows =
        distinct
            .join_on(JoinKind::Cross, count(from, "rows"), &[])
            .join_on(JoinKind::Cross, count(lost, "lost"), &[]);
    Some(one_row(model, rows, &PROBED))
}

/// The plan that asks whether intervals of one key overlap. `None` for joins without `valid`, and for those that take only
/// some rows of their target (`where`).
pub fn overlap_probe(model: &Model, join: &Join) -> Option<PlannedQuery> {
    let valid = join.valid.as_ref().filter(|_| join.condition.is_none())?;
    let keys: Vec<&str> = join.on.iter().map(|(_, other)| other.as_str()).collect();
    let mut needed = keys.clone();
    needed.push(&valid.from);
    let column = Expression::column;
    let is_any = Expression::any([
        column(valid.to.as_str()).is_null(),
        Expression::binary(
            BinaryOperator::Lt,
            column(valid.from.as_str()),
            column(valid.to.as_str()),
        ),
    ]);
    let mut names: Vec<String> = (0..keys.len()).map(key).collect();
    let mut taken: Vec<Named<Expression>> = keys
        .iter()
        .enumerate()
        .map(|(place, name)| Named::new(key(place), column(name)))
        .collect();
    taken.push(Named::new("begins", column(valid.from.as_str())));
    taken.push(Named::new("ends", column(valid.to.as_str())));
    let intervals = present(model, join.to.as_str(), &needed, &[&valid.to])?
        .filter(is_any)
        .project(taken);
    let numbered = Node::Window {
        input: Box::new(intervals.clone()),
        partition: names.clone(),
        order: vec![SortKey {
            column: "begins".to_owned(),
            direction: SortDirection::Asc,
        }],
        columns: vec![Named::new("place", WindowCall::RowNumber)],
    };
    let mut before = names.iter().map(Named::same).collect::<Vec<_>>();
    before.push(Named::new("ended", column("ends")));
    let next = Expression::binary(
        BinaryOperator::Add,
        column("place"),
        Expression::Literal(Literal::Int(1)),
    );
    before.push(Named::new("place", next));
    let before = numbered.clone().project(before);
    names.push("place".to_owned());
    let overlaps = Expression::any([
        column("ended").is_null(),
        Expression::binary(BinaryOperator::Lt, column("begins"), column("ended")),
    ]);
    let overlapping = numbered.join_on(JoinKind::Inner, before, &names).filter(overlaps);
    let count = |node: Node, name: &str| node.aggregate(Vec::new(), vec![Named::new(name, AggregateCall::CountRows)]);
    let rows = count(intervals, "intervals").join_on(JoinKind::Cross, count(overlapping, "overlapping"), &[]);
    Some(one_row(model, rows, &OVERLAPS))
}

fn one_row(model: &Model, rows: Node, counts: &[&str]) -> PlannedQuery {
    PlannedQuery {
        rows,
        totals: Vec::new(),
        columns: counts.iter().map(|name| column(name)).collect(),
        others_marker: None,
        limit: 1,
        warnings: Vec::new(),
        model: model.model.to_string(),
        version: model.version,
        as_of: String::new(),
    }
}

/// The rows of a table that have all of these stored columns, with those and `more`.
fn present(model: &Model, node: &str, columns: &[&str], more: &[&str]) -> Option<Node> {
    let table = model.node(node)?;
    let mut stored: Vec<String> = Vec::new();
    for column in columns.iter().chain(more) {
        if !stored.iter().any(|known| known == column) {
            stored.push((*column).to_owned());
        }
    }
    let there = |name: &String| Expression::unary(UnaryOperator::IsNotNull, Expression::column(name.as_str()));
    let needed = stored.iter().filter(|name| columns.contains(&name.as_str()));
    let needed = needed.map(there).collect();
    let scan = Node::Scan {
        source: SourceTable {
            table: table.name.to_string(),
            origin: Origin::Table(table.source.clone()),
        },
        columns: stored,
    };
    Some(scan.filter_all(needed))
}

/// The rows of a table that have all of these stored columns, as keys.
fn keyed(model: &Model, node: &str, columns: &[&str]) -> Option<Node> {
    let keys = columns.iter().enumerate();
    let keys = keys.map(|(place, column)| Named::new(key(place), Expression::column(*column)));
    Some(present(model, node, columns, &[])?.project(keys.collect()))
}

fn key(place: usize) -> String {
    format!("key{place}")
}

fn column(name: &str) -> OutputColumn {
    OutputColumn {
        column: AnswerColumn {
            name: name.to_owned(),
            role: ColumnRole::Metric,
            kind: ColumnType::Integer,
            label: name.to_owned(),
            source: None,
            format: None,
            grain: None,
            part: None,
            bin: None,
            good: None,
            finer: Vec::new(),
        },
        zone: None,
    }
}
