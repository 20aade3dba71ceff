//! Members outside the top, put together.

use shared::table::ColumnType;

use crate::{
    logical::{Expression, Function, JoinKind, Literal, Named, Node},
    query::{
        columns::is_text,
        naming::{CELL, OTHERS, PICKED, key_name},
        resolved::Resolved,
        top::Top,
    },
};

/// Text that stands for the rest of a top-N.
pub const OTHERS_LABEL: &str = "Others";

pub(super) fn with_others(
    node: Node,
    top: &Top,
    needed: &[usize],
    columns: &[Named<Expression>],
    resolved: &Resolved<'_>,
) -> Node {
    let on: Vec<String> = top.per.iter().copied().chain([top.field]).map(key_name).collect();
    let joined = node.join_on(JoinKind::Left, top.picks.clone(), &on);
    let picked = || Expression::column(PICKED).or_literal(Literal::Bool(false));
    let keys = needed.iter().map(|key| {
        let name = key_name(*key);
        if *key != top.field {
            return Named::same(name);
        }
        let member = Expression::column(name.clone());
        let is_text = resolved.keys.get(*key).is_some_and(|key| is_text(key));
        let text = if is_text {
            member
        } else {
            Expression::call(Function::Cast(ColumnType::String), vec![member])
        };
        let rest = Expression::literal(Literal::Text(OTHERS_LABEL.to_owned()));
        Named::new(
            name,
            Expression::Case {
                branches: vec![(picked(), text)],
                otherwise: Box::new(rest),
            },
        )
    });
    let is_key = |name: &str| needed.iter().any(|key| key_name(*key) == name);
    let rest = columns
        .iter()
        .filter(|column| !is_key(&column.name) && column.name != CELL)
        .map(|column| Named::same(column.name.clone()));
    joined.project(
        keys.chain(rest)
            .chain([Named::new(OTHERS, picked().negated())])
            .collect(),
    )
}
