//! Is a table worth bringing down to groups before it is joined and truncated?

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use plan::logical::{Expression, Named, Node, eager};
use polars::prelude::*;

use super::{BoundTables, explain, table::lower};
use crate::protocol::WorkerFailure;

/// Smaller tables are aggregated as fast as they are looked at.
const LARGE: u64 = 200_000;
/// Rows that are looked at, from so many places, since neighbours are often alike.
const PLACES: u64 = 4;
const ROWS_OF_PLACE: u64 = 4_096;
/// It pays when there are at least so many rows to a group.
const ROWS_PER_GROUP: f64 = 6.0;
/// Answers that are remembered.
const MOST_KNOWN: usize = 1_000;

/// By table and groups. Stored tables never change, and a worker answers many questions about one.
static KNOWN: Mutex<Option<HashMap<String, bool>>> = Mutex::new(None);

/// The plan, aggregating early where that is worth it.
pub fn sooner(plan: &Node, tables: &BoundTables) -> Node {
    eager(plan, &mut |base, groups| is_worth(base, groups, tables))
}

/// What cannot be looked at is not worth it: the plan itself says what is wrong.
fn is_worth(base: &Node, groups: &[Named<Expression>], tables: &BoundTables) -> bool {
    let Some((file, rows)) = tables.size(base).filter(|(_, rows)| *rows >= LARGE) else {
        return false;
    };
    let key = format!("{} {groups:?}", file.display());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(worth) = known.get(&key) {
        return *worth;
    }
    let worth = distinct(base, groups, tables, rows)
        .is_ok_and(|groups| groups * ROWS_PER_GROUP <= f64::from(u32::try_from(rows).unwrap_or(u32::MAX)));
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    known.insert(key, worth);
    worth
}

/// How many groups there are, by those in a sample.
fn distinct(base: &Node, groups: &[Named<Expression>], tables: &BoundTables, rows: u64) -> Result<f64, WorkerFailure> {
    let plan = base.clone().project(groups.to_vec());
    let table = lower(&plan, tables)?.without_codes();
    let step = rows / PLACES;
    let places = (0..PLACES).map(|place| {
        let offset = i64::try_from(place * step).unwrap_or(i64::MAX);
        table
            .frame
            .clone()
            .slice(offset, IdxSize::try_from(ROWS_OF_PLACE).unwrap_or(IdxSize::MAX))
    });
    let sample = concat(places.collect::<Vec<_>>(), UnionArgs::default()).map_err(explain)?;
    let sample = sample
        .collect_with_engine(Engine::Streaming)
        .map_err(explain)?
        .unwrap_single();
    let seen = sample.height();
    let found = sample
        .unique_stable(None, UniqueKeepStrategy::Any, None)
        .map_err(explain)?
        .height();
    Ok(estimate(found, seen))
}

/// How many groups of like size there are when `seen` rows are of `found`: the solution of
/// `found = groups × (1 − exp(−seen ⁄ groups))`.
fn estimate(found: usize, seen: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let (found, seen) = (number(found), number(seen));
    if found >= seen {
        return f64::INFINITY;
    }
    let (mut low, mut high) = (found, seen * seen);
    for _ in 0..64 {
        let groups = f64::midpoint(low, high);
        if groups * -(-seen / groups).exp_m1() < found {
            low = groups;
        } else {
            high = groups;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[test]
    fn groups_are_counted_by_a_sample() {
        assert!((estimate(10, 16_000) - 10.0).abs() < 0.1);
        // 50,000 groups, of which 16,384 rows show 13,967.
        assert!((estimate(13_967, 16_384) - 50_000.0).abs() < 500.0);
        assert!(estimate(16_384, 16_384).is_infinite());
    }
}
