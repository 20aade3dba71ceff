//! Joins held against the data before a model is stored: a key that several rows have would count other rows twice.

use std::time::Duration;

use plan::{
    logical::PlannedQuery,
    query::{JoinSide, OVERLAPS, PROBED, join_probe, overlap_probe},
};
use shared::{
    AppError,
    ids::WorkspaceId,
    semantic::{Join, Model, ModelCheck},
    table::Cell,
};

use super::merge::warning;
use crate::{Context, query::run_plan};

/// For all joins of one save together; those whose turn does not come are told as not held against the data.
const TIME: Duration = Duration::from_secs(20);

/// Asks the data about every join that `previous` does not have over the same tables, and adds what they say.
pub(super) async fn probe_joins(
    context: &Context,
    workspace: WorkspaceId,
    document: &Model,
    previous: Option<&Model>,
    found: &mut ModelCheck,
) {
    let until = tokio::time::Instant::now() + TIME;
    for (position, join) in document.joins.iter().enumerate() {
        if previous.is_some_and(|previous| is_known(join, document, previous)) {
            continue;
        }
        for probe in Probe::of(join) {
            let Some(planned) = probe.plan(document, join) else {
                continue;
            };
            let asked = tokio::time::timeout_at(until, run_plan(context, workspace, document, planned)).await;
            let why = match asked {
                Ok(Ok(answer)) => {
                    probe.tell(join, position, answer.rows.first().map_or(&[], Vec::as_slice), found);
                    continue;
                }
                Ok(Err(error)) => error.app_error(context.request_id()).message,
                Err(_) => format!("All joins together took longer than {} seconds.", TIME.as_secs()),
            };
            let message = format!("The join {} was not held against the data: {why}", join.name);
            found.warnings.push(warning("not_probed", message));
        }
    }
}

/// What is asked of the data.
enum Probe {
    /// Is a key of this side one row's only?
    Unique(JoinSide),
    /// Is it one row's only at each time?
    Overlaps,
}

impl Probe {
    fn of(join: &Join) -> Vec<Self> {
        if join.valid.is_some() {
            return vec![Self::Overlaps];
        }
        JoinSide::unique(join).iter().copied().map(Self::Unique).collect()
    }

    fn plan(&self, document: &Model, join: &Join) -> Option<PlannedQuery> {
        match self {
            Self::Unique(side) => join_probe(document, join, *side),
            Self::Overlaps => overlap_probe(document, join),
        }
    }

    fn tell(&self, join: &Join, position: usize, row: &[Cell], found: &mut ModelCheck) {
        match self {
            Self::Unique(side) => tell(join, *side, position, &Counts::of(row), found),
            Self::Overlaps => {
                let overlapping = count(&OVERLAPS, row, "overlapping");
                if overlapping == 0 {
                    return;
                }
                let message = format!(
                    "{overlapping} of {} intervals of {} begin before the one before them, of the same key, has ended, so rows of {} would be counted more than once.",
                    count(&OVERLAPS, row, "intervals"),
                    join.to,
                    join.from
                );
                let error = AppError::invalid(format!("joins.{position}.valid"), message);
                let hint = "An interval ends before the day in its `to`. Where the last day itself is stored, make a column of the day after.";
                found.errors.push(error.with_hint(hint));
            }
        }
    }
}

fn tell(join: &Join, unique: JoinSide, position: usize, counts: &Counts, found: &mut ModelCheck) {
    let (one, many) = match unique {
        JoinSide::To => (&join.to, &join.from),
        JoinSide::From => (&join.from, &join.to),
    };
    if counts.doubled > 0 {
        let message = format!(
            "{} of {} keys of {one} have several rows, so rows of {many} would be counted more than once.",
            counts.doubled, counts.keys
        );
        let hint = "Join on columns that name one row each, or turn the join around.";
        let error = AppError::invalid(format!("joins.{position}.on"), message);
        found.errors.push(error.with_hint(hint));
    } else if counts.lost > 0 {
        let message = format!(
            "{} of {} rows of {many} name a row of {one} that is not there; they are shown as (none).",
            counts.lost, counts.rows
        );
        found.warnings.push(warning("orphans", message));
    }
}

/// Was it there before, over the same rows?
fn is_known(join: &Join, document: &Model, previous: &Model) -> bool {
    let same = |name: &str| match (document.node(name), previous.node(name)) {
        (Some(now), Some(before)) => now.source == before.source && now.connection == before.connection,
        (None, _) | (_, None) => false,
    };
    previous.joins.contains(join) && same(join.from.as_str()) && same(join.to.as_str())
}

struct Counts {
    keys: i64,
    doubled: i64,
    rows: i64,
    lost: i64,
}

impl Counts {
    fn of(row: &[Cell]) -> Self {
        let count = |name: &str| count(&PROBED, row, name);
        Self {
            keys: count("keys"),
            doubled: count("doubled"),
            rows: count("rows"),
            lost: count("lost"),
        }
    }
}

fn count(names: &[&str], row: &[Cell], name: &str) -> i64 {
    let place = names.iter().position(|known| *known == name);
    match place.and_then(|place| row.get(place)) {
        Some(Cell::Int(count)) => *count,
        Some(Cell::Null | Cell::Bool(_) | Cell::Float(_) | Cell::Text(_)) | None => 0,
    }
}
