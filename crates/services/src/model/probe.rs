//! Joins held against the data before a model is stored: a key that several rows have would count other rows twice.

use std::time::Duration;

use plan::query::{JoinSide, PROBED, join_probe};
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
        for side in JoinSide::unique(join) {
            let Some(planned) = join_probe(document, join, *side) else {
                continue;
            };
            let asked = tokio::time::timeout_at(until, run_plan(context, workspace, document, planned)).await;
            let why = match asked {
                Ok(Ok(answer)) => {
                    tell(
                        join,
                        *side,
                        position,
                        &Counts::of(answer.rows.first().map_or(&[], Vec::as_slice)),
                        found,
                    );
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
        let count = |name: &str| {
            let place = PROBED.iter().position(|known| *known == name);
            match place.and_then(|place| row.get(place)) {
                Some(Cell::Int(count)) => *count,
                Some(Cell::Null | Cell::Bool(_) | Cell::Float(_) | Cell::Text(_)) | None => 0,
            }
        };
        Self {
            keys: count("keys"),
            doubled: count("doubled"),
            rows: count("rows"),
            lost: count("lost"),
        }
    }
}
