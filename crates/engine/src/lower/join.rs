//! Joins.

use plan::logical::JoinKind;
use polars::prelude::*;

use super::{
    codes::Codes,
    failure::{impossible, mismatched},
    table::{Columns, Table},
};
use crate::protocol::WorkerFailure;

pub fn lower(
    kind: JoinKind,
    mut left: Table,
    mut right: Table,
    on: &[(String, String)],
    null_equal: bool,
) -> Result<Table, WorkerFailure> {
    for (left_key, right_key) in on {
        meet_keys(&mut left, left_key, &mut right, right_key)?;
    }
    let how = match kind {
        JoinKind::Inner => JoinType::Inner,
        JoinKind::Left => JoinType::Left,
        JoinKind::Semi => JoinType::Semi,
        JoinKind::Anti => JoinType::Anti,
        JoinKind::Cross => JoinType::Cross,
    };
    let keys = |names: Vec<&String>| names.into_iter().map(|name| col(name.as_str())).collect::<Vec<Expr>>();
    let columns = output_columns(kind, &left, &right, on)?;
    let joined = if kind == JoinKind::Cross {
        left.frame.cross_join(right.frame, None)
    } else {
        left.frame
            .join_builder()
            .with(right.frame)
            .how(how)
            .left_on(keys(on.iter().map(|(left, _)| left).collect()))
            .right_on(keys(on.iter().map(|(_, right)| right).collect()))
            .join_nulls(null_equal)
            .finish()
    };
    let codes = output_codes(kind, left.codes, right.codes, on);
    let names: Vec<Expr> = columns.expressions().chain(codes.columns()).collect();
    Ok(Table {
        frame: joined.select(names),
        columns,
        codes,
    })
}

/// Brings both keys to one kind, so that a date meets a timestamp.
fn meet_keys(left: &mut Table, left_key: &str, right: &mut Table, right_key: &str) -> Result<(), WorkerFailure> {
    let (left_kind, right_kind) = (left.columns.kind(left_key)?, right.columns.kind(right_key)?);
    let kind = left_kind.meet(right_kind).ok_or_else(|| {
        let (left, right) = (left_kind.noun(), right_kind.noun());
        mismatched(format!("{left_key} is {left} and is joined with {right}"))
    })?;
    for (table, key, own) in [(left, left_key, left_kind), (right, right_key, right_kind)] {
        if own != kind {
            table.codes.remove(key);
            table.frame = table.frame.clone().with_column(own.convert(col(key), kind).alias(key));
            table
                .columns
                .0
                .iter_mut()
                .filter(|(name, _)| name == key)
                .for_each(|(_, stored)| *stored = kind);
        }
    }
    Ok(())
}

/// A key stands once, with the codes of the left side.
fn output_codes(kind: JoinKind, left: Codes, mut right: Codes, on: &[(String, String)]) -> Codes {
    match kind {
        JoinKind::Semi | JoinKind::Anti => left,
        JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
            for (_, key) in on {
                right.remove(key);
            }
            left.and(right)
        }
    }
}

fn output_columns(
    kind: JoinKind,
    left: &Table,
    right: &Table,
    on: &[(String, String)],
) -> Result<Columns, WorkerFailure> {
    let mut columns = left.columns.clone();
    match kind {
        JoinKind::Semi | JoinKind::Anti => {}
        JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
            for (name, kind) in &right.columns.0 {
                if on.iter().any(|(_, key)| key == name) {
                    continue;
                }
                if columns.contains(name) {
                    return Err(impossible(format!("both sides of a join have a column {name}")));
                }
                columns.0.push((name.clone(), *kind));
            }
        }
    }
    Ok(columns)
}
