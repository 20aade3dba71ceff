//! What the data say about a join: is a key of its target one row's only, and how many rows find none?

use shared::{
    semantic::{AnswerColumn, Cardinality, ColumnRole, Join, Model},
    table::ColumnType,
};

use crate::logical::{
    AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node, OutputColumn, PlannedQuery, SourceTable,
    UnaryOperator,
};

/// Columns of a probe's answer, which is one row: keys of the side that has one row for each, keys that several of its rows
/// have, rows of the other side that have a key, and those of them whose key is not there.
pub const PROBED: [&str; 4] = ["keys", "doubled", "rows", "lost"];

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
    Some(PlannedQuery {
        rows,
        totals: Vec::new(),
        columns: PROBED.map(column).into(),
        others_marker: None,
        limit: 1,
        warnings: Vec::new(),
        model: model.model.to_string(),
        version: model.version,
        as_of: String::new(),
    })
}

/// The rows of a table that have all of these stored columns, as keys.
fn keyed(model: &Model, node: &str, columns: &[&str]) -> Option<Node> {
    let table = model.node(node)?;
    let mut stored: Vec<String> = Vec::new();
    for column in columns {
        if !stored.iter().any(|known| known == column) {
            stored.push((*column).to_owned());
        }
    }
    let scan = Node::Scan {
        source: SourceTable {
            table: table.name.to_string(),
            source: table.source.clone(),
        },
        columns: stored.clone(),
    };
    let there = |name: &String| Expression::unary(UnaryOperator::IsNotNull, Expression::column(name.as_str()));
    let keys = columns.iter().enumerate();
    let keys = keys.map(|(place, column)| Named::new(key(place), Expression::column(*column)));
    Some(
        scan.filter_all(stored.iter().map(there).collect())
            .project(keys.collect()),
    )
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
        },
        zone: None,
    }
}
