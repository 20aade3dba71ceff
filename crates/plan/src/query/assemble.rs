//! Last stage: having, top, totals, sort and limit around the measured rows.

use shared::{
    AppError, ErrorCode,
    semantic::{SortDirection, Warning},
};

use super::{
    calculate::calculated,
    columns::{Output, OutputPart, find_key, outputs},
    having::having_predicate,
    measure::{Options, measured},
    names::find_output,
    naming::{OTHERS, key_name},
    resolved::Resolved,
    rows::many,
    shift::Comparison,
    top::{Top, top_of},
};
use crate::logical::{Expression, JoinKind, Literal, Named, Node, PlannedQuery, PlannedTotals, SortKey};

/// Name of the column that marks the rest of a top-N.
const MARKER: &str = "__others";

/// Workers read plans as documents of at most 128 levels, of which the job around them takes a few.
const DEEPEST: usize = 120;

/// Each is a plan of its own.
const MOST_TOTALS: usize = 50;

/// # Errors
/// See [`super::plan_query`].
pub fn assemble(resolved: &Resolved<'_>) -> Result<PlannedQuery, AppError> {
    if resolved.metrics.is_empty() && !resolved.query.totals.is_empty() {
        return Err(AppError::invalid("totals", "Totals need a metric to total."));
    }
    if resolved.query.totals.len() > MOST_TOTALS {
        let message = format!("A query has at most {MOST_TOTALS} totals.");
        return Err(AppError::new(ErrorCode::Limit, message).with_field("totals"));
    }
    let top = top_of(resolved)?;
    let others = top.as_ref().filter(|top| top.others);
    let columns = outputs(resolved, others.map(|top| top.field))?;
    let kept = kept_rows(resolved, top.as_ref())?;
    let marker = others.map(|_| MARKER.to_owned());
    let totals = resolved
        .query
        .totals
        .iter()
        .map(|by| total(resolved, by, &columns, others, &kept))
        .collect::<Result<Vec<_>, _>>()?;
    let sort = sort_keys(resolved, &columns, others.is_some())?;
    let mut named: Vec<Named<Expression>> = columns
        .iter()
        .map(|output| Named::new(output.column.column.name.clone(), output.value.clone()))
        .collect();
    named.extend(
        marker
            .iter()
            .map(|marker| Named::new(marker.clone(), Expression::column(OTHERS))),
    );
    let rows = Node::Limit {
        input: Box::new(sorted(kept.project(named), sort)),
        offset: resolved.query.offset.unwrap_or(0),
        count: Some(resolved.limit + 1),
    };
    if totals
        .iter()
        .map(|total| &total.rows)
        .chain([&rows])
        .any(|plan| plan.nesting() > DEEPEST)
    {
        let message = "This query needs more steps one after the other than can be run.";
        return Err(AppError::new(ErrorCode::Limit, message)
            .with_hint("Ask for less at once: fewer dimensions of other tables, fewer conditions on them."));
    }
    Ok(PlannedQuery {
        rows,
        totals,
        columns: columns.into_iter().map(|output| output.column).collect(),
        others_marker: marker,
        limit: resolved.limit,
        warnings: warnings(resolved)?,
        model: resolved.model.model.to_string(),
        version: resolved.model.version,
        as_of: resolved.clock.as_of_text(),
    })
}

/// The rows of the answer under inner names, before sort and limit.
fn kept_rows(resolved: &Resolved<'_>, top: Option<&Top>) -> Result<Node, AppError> {
    let keys: Vec<usize> = (0..resolved.keys.len()).collect();
    let metrics: Vec<usize> = (0..resolved.metrics.len()).collect();
    let others = top.filter(|top| top.others);
    let options = Options {
        others,
        keep: None,
        fill: true,
        compare: true,
        shifting: None,
    };
    let mut node = measured(resolved, &keys, &metrics, &options)?;
    node = calculated(resolved, node, &keys, &options)?;
    if let Some(having) = &resolved.query.having {
        node = node.filter(having_predicate(resolved, having)?);
    }
    if let Some(top) = top.filter(|top| !top.others) {
        let on: Vec<String> = top.per.iter().copied().chain([top.field]).map(key_name).collect();
        node = node.join_on(JoinKind::Semi, top.picks.clone(), &on);
    }
    Ok(node)
}

fn sorted(input: Node, keys: Vec<SortKey>) -> Node {
    if keys.is_empty() {
        input
    } else {
        Node::Sort {
            input: Box::new(input),
            keys,
        }
    }
}

/// The query's sort, then all dimensions ascending. The rest of a top-N comes after the members it stands beside.
fn sort_keys(resolved: &Resolved<'_>, columns: &[Output], others: bool) -> Result<Vec<SortKey>, AppError> {
    let mut keys: Vec<SortKey> = Vec::new();
    let mut marked = !others;
    let mark = || SortKey {
        column: MARKER.to_owned(),
        direction: SortDirection::Asc,
    };
    for sort in &resolved.query.sort {
        let named = columns.iter().map(|output| {
            let column = &output.column.column;
            (column.name.as_str(), column.source.clone().unwrap_or_default())
        });
        let index = find_output(&sort.by, "sort", named)?;
        let Some(output) = columns.get(index) else { continue };
        let is_cut = match output.part {
            OutputPart::Key(key) => resolved.query.top.as_ref().is_some_and(|top| {
                top.field
                    .as_ref()
                    .is_none_or(|field| find_key(resolved, field, "top.field").is_ok_and(|found| found == key))
            }),
            OutputPart::Measure | OutputPart::Calculation(_) => true,
        };
        if !marked && is_cut {
            keys.push(mark());
            marked = true;
        }
        keys.push(SortKey {
            column: output.column.column.name.clone(),
            direction: sort.dir,
        });
    }
    if !marked {
        keys.push(mark());
    }
    for output in columns
        .iter()
        .filter(|output| matches!(output.part, OutputPart::Key(_)))
    {
        let name = &output.column.column.name;
        if !keys.iter().any(|key| key.column == *name) {
            keys.push(SortKey {
                column: name.clone(),
                direction: SortDirection::Asc,
            });
        }
    }
    Ok(keys)
}

/// A total is a plan of its own over base rows; it sees neither having nor top unless asked to.
fn total(
    resolved: &Resolved<'_>,
    by: &[String],
    columns: &[Output],
    others: Option<&Top>,
    kept: &Node,
) -> Result<PlannedTotals, AppError> {
    let mut keys = by
        .iter()
        .map(|name| find_key(resolved, name, "totals"))
        .collect::<Result<Vec<_>, _>>()?;
    keys.sort_unstable();
    keys.dedup();
    let hides = resolved.query.having.is_some() || resolved.query.top.is_some();
    let after = resolved.query.totals_after_having && hides;
    if after && !resolved.query.compare.is_empty() {
        let message = "Totals after having cannot be compared with an earlier period.";
        return Err(AppError::new(ErrorCode::Unsupported, message).with_field("totals_after_having"));
    }
    let mut keep_columns: Vec<String> = (0..resolved.keys.len()).map(key_name).collect();
    let others = others.filter(|_| after);
    keep_columns.extend(others.map(|_| OTHERS.to_owned()));
    let keep = kept
        .clone()
        .project(keep_columns.into_iter().map(Named::same).collect());
    let options = Options {
        others,
        keep: after.then_some(&keep),
        fill: true,
        compare: true,
        shifting: None,
    };
    let metrics: Vec<usize> = (0..resolved.metrics.len()).collect();
    let node = measured(resolved, &keys, &metrics, &options)?;
    let node = calculated(resolved, node, &keys, &options)?;
    let named = columns.iter().map(|output| {
        let value = match output.part {
            OutputPart::Key(key) if !keys.contains(&key) => Expression::null(),
            OutputPart::Key(_) | OutputPart::Measure | OutputPart::Calculation(_) => output.value.clone(),
        };
        Named::new(output.column.column.name.clone(), value)
    });
    let cut = resolved.query.top.as_ref().is_some_and(|top| top.others);
    let mark = if others.is_some() {
        Expression::column(OTHERS)
    } else {
        Expression::literal(Literal::Bool(false))
    };
    let marker = cut.then(|| Named::new(MARKER, mark));
    let sort = columns
        .iter()
        .filter(|output| matches!(output.part, OutputPart::Key(key) if keys.contains(&key)))
        .map(|output| SortKey {
            column: output.column.column.name.clone(),
            direction: SortDirection::Asc,
        })
        .collect();
    let rows = sorted(node.project(named.chain(marker).collect()), sort);
    let rows = Node::Limit {
        input: Box::new(rows),
        offset: 0,
        count: Some(resolved.cap),
    };
    let by = keys
        .iter()
        .filter_map(|key| resolved.keys.get(*key))
        .map(|key| key.output.clone())
        .collect();
    Ok(PlannedTotals { by, rows })
}

fn warnings(resolved: &Resolved<'_>) -> Result<Vec<Warning>, AppError> {
    let mut warnings = Vec::new();
    let mut multiplied = Vec::new();
    for key in &resolved.keys {
        for fact in &resolved.facts {
            if many(resolved, fact, key)?.is_some() && !multiplied.contains(&key.output) {
                multiplied.push(key.output.clone());
            }
        }
    }
    if !multiplied.is_empty() {
        warnings.push(Warning {
            code: "non_additive".to_owned(),
            message: format!(
                "A row counts once for each of its {}, so the rows add up to more than the total.",
                multiplied.join(" and ")
            ),
        });
    }
    for compare in resolved.comparisons() {
        if Comparison::of(resolved, compare)?.compares_unequal_periods() {
            warnings.push(Warning {
                code: "partial_period".to_owned(),
                message: format!(
                    "The current period is not over; {} compares it with a whole one.",
                    compare.alias
                ),
            });
        }
    }
    Ok(warnings)
}
