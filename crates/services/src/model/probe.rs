//! Joins held against the data before a model is stored: a key that several rows have would count other rows twice.

use plan::query::{PROBED, join_probe};
use shared::{
    AppError,
    ids::WorkspaceId,
    semantic::{Join, Model, Warning},
    table::Cell,
};

use super::merge::warning;
use crate::{Context, ServiceResult, query::run_plan};

/// What the data say.
#[derive(Debug, Default)]
pub(super) struct Probed {
    pub errors: Vec<AppError>,
    pub warnings: Vec<Warning>,
}

/// Asks the data about every join that `previous` does not have over the same tables. What cannot be asked, because its
/// data are gone or take too long, is told as not checked.
pub(super) async fn probe_joins(
    context: &Context,
    workspace: WorkspaceId,
    document: &Model,
    previous: Option<&Model>,
) -> Probed {
    let mut probed = Probed::default();
    for (position, join) in document.joins.iter().enumerate() {
        if previous.is_some_and(|previous| is_known(join, document, previous)) {
            continue;
        }
        let Some(planned) = join_probe(document, join) else {
            continue;
        };
        let counts = match run_plan(context, workspace, document, planned).await {
            Ok(answer) => counts(answer.rows.first().map_or(&[], Vec::as_slice)),
            Err(error) => {
                let said = error.app_error(context.request_id());
                let message = format!("The join {} was not held against the data: {}", join.name, said.message);
                probed.warnings.push(warning("not_probed", message));
                continue;
            }
        };
        let (one, many) = if join.cardinality.is_to_one() {
            (&join.to, &join.from)
        } else {
            (&join.from, &join.to)
        };
        if counts.doubled > 0 {
            let message = format!(
                "{} of {} keys of {one} have several rows, so rows of {many} would be counted more than once.",
                counts.doubled, counts.keys
            );
            let hint = "Join on columns that name one row each, or turn the join around.";
            probed
                .errors
                .push(AppError::invalid(format!("joins.{position}.on"), message).with_hint(hint));
        } else if counts.lost > 0 {
            let message = format!(
                "{} of {} rows of {many} name a row of {one} that is not there; they are shown as (none).",
                counts.lost, counts.rows
            );
            probed.warnings.push(warning("orphans", message));
        }
    }
    probed
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

fn counts(row: &[Cell]) -> Counts {
    let count = |name: &str| {
        let cell = PROBED
            .iter()
            .position(|known| *known == name)
            .and_then(|place| row.get(place));
        match cell {
            Some(Cell::Int(count)) => *count,
            Some(Cell::Null | Cell::Bool(_) | Cell::Float(_) | Cell::Text(_)) | None => 0,
        }
    };
    Counts {
        keys: count("keys"),
        doubled: count("doubled"),
        rows: count("rows"),
        lost: count("lost"),
    }
}

/// What is stored now, as far as it matters before a lock is taken.
///
/// # Errors
/// When the database fails.
pub(super) async fn newest(context: &Context, workspace: WorkspaceId, name: &str) -> ServiceResult<Option<Model>> {
    let reader = &context.reader(workspace);
    Ok(match super::infer::find(reader, workspace, name).await? {
        Some(row) => {
            Some(super::document_cache::read_version(reader, workspace, row.id(), row.current_version()?).await?)
        }
        None => None,
    })
}
