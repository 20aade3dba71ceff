//! Of each bucket only the rows of one moment: the last balance, not the sum of all. Filters came before; dimensions other
//! than the time never choose the moment.

use shared::{
    AppError,
    semantic::{Pick, SemiAdditive},
};

use crate::{
    logical::{AggregateCall, Expression, JoinKind, Named, Node},
    query::{
        definition::Reading,
        naming::{MOMENT, per_name},
        resolved::{Fact, Resolved},
    },
};

/// The moment of a row, and whose it is.
pub(super) fn moment_columns(
    resolved: &Resolved<'_>,
    semi_additive: &SemiAdditive,
    fact: &Fact<'_>,
) -> Result<Vec<Named<Expression>>, AppError> {
    let time = fact
        .table
        .dimension(semi_additive.time.as_str())
        .ok_or_else(AppError::internal)?;
    let per = semi_additive.per.iter().enumerate();
    let columns = per.map(|(place, column)| Named::new(per_name(place), Expression::column(column.clone())));
    let moment = Reading::of(resolved, fact.place(), &[]).value(&time.expr)?;
    let moment = Named::new(MOMENT, moment);
    Ok(std::iter::once(moment).chain(columns).collect())
}

/// The rows at the moment that is picked in each of `buckets`, for each combination of `per`.
pub(super) fn choice(node: Node, semi_additive: &SemiAdditive, buckets: impl Iterator<Item = String>) -> Node {
    let per = (0..semi_additive.per.len()).map(per_name);
    let mut on: Vec<String> = buckets.chain(per).collect();
    let moment = Expression::column(MOMENT);
    let picked = match semi_additive.pick {
        Pick::First => AggregateCall::Min(moment),
        Pick::Last => AggregateCall::Max(moment),
    };
    let keys = on.iter().cloned().map(Named::same).collect();
    let picks = node.clone().aggregate(keys, vec![Named::new(MOMENT, picked)]);
    on.push(MOMENT.to_owned());
    node.join_on(JoinKind::Semi, picks, &on)
}
