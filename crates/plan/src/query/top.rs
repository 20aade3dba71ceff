//! Top-N: which members stay, and what becomes of the rest.

use shared::{AppError, semantic::SortDirection};

use super::{
    columns::{find_key, find_metric},
    having::having_predicate,
    measure::{Options, measured},
    naming::{PICKED, ROW, key_name, metric_name},
    resolved::Resolved,
};
use crate::logical::{BinaryOperator, Expression, Literal, Named, Node, SortKey, WindowCall};

/// `picks` has the key columns of `per` and `field` and `PICKED` (true): the members that stay.
#[derive(Clone, Debug)]
pub struct Top {
    pub field: usize,
    pub per: Vec<usize>,
    /// The rest becomes one member instead of going.
    pub others: bool,
    pub picks: Node,
}

/// The query's `top`, ready to be matched with rows. Members are ranked over all rows of the query's conditions; ties
/// are broken by the member itself, ascending.
///
/// # Errors
/// `unknown_field` for names that are not in the answer; `invalid` when there is nothing to cut.
pub fn top_of(resolved: &Resolved<'_>) -> Result<Option<Top>, AppError> {
    let Some(top) = &resolved.query.top else {
        return Ok(None);
    };
    if top.n == 0 {
        return Err(AppError::invalid("top.n", "A top-N keeps at least one member."));
    }
    let by = find_metric(resolved, &top.by, "top.by")?;
    let per = top
        .per
        .iter()
        .map(|name| find_key(resolved, name, "top.per"))
        .collect::<Result<Vec<_>, _>>()?;
    let field = match &top.field {
        Some(name) => find_key(resolved, name, "top.field")?,
        None => {
            let category = |index: &usize| resolved.keys.get(*index).is_some_and(|key| !key.field.is_time());
            let nothing = || AppError::invalid("top.field", "A top-N needs a dimension that is not a time.");
            (0..resolved.keys.len()).find(category).ok_or_else(nothing)?
        }
    };
    if per.contains(&field) {
        return Err(AppError::invalid("top.per", "A dimension cannot be cut per itself."));
    }
    let is_time = resolved.keys.get(field).is_some_and(|key| key.field.is_time());
    if top.others && is_time {
        return Err(AppError::invalid(
            "top.others",
            "Times cannot be put together as Others; leave others out.",
        ));
    }
    let mut keys: Vec<usize> = per.iter().copied().chain([field]).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut metrics = vec![by];
    let whole_rows = keys.len() == resolved.keys.len();
    if whole_rows {
        metrics = (0..resolved.metrics.len()).collect();
    }
    let mut ranked = measured(resolved, &keys, &metrics, &Options::default())?;
    if let (true, Some(having)) = (whole_rows && !having_names_computed(resolved), &resolved.query.having) {
        ranked = ranked.filter(having_predicate(resolved, having)?);
    }
    let order = vec![
        SortKey {
            column: metric_name(by),
            direction: top.dir,
        },
        SortKey {
            column: key_name(field),
            direction: SortDirection::Asc,
        },
    ];
    let numbered = Node::Window {
        input: Box::new(ranked),
        partition: per.iter().map(|key| key_name(*key)).collect(),
        order,
        columns: vec![Named::new(ROW, WindowCall::RowNumber)],
    };
    let within = Expression::binary(
        BinaryOperator::Lte,
        Expression::column(ROW),
        Expression::literal(Literal::Int(i64::from(top.n))),
    );
    let columns = keys
        .iter()
        .map(|key| Named::same(key_name(*key)))
        .chain([Named::new(PICKED, Expression::literal(Literal::Bool(true)))])
        .collect();
    Ok(Some(Top {
        field,
        per,
        others: top.others,
        picks: numbered.filter(within).project(columns),
    }))
}

/// Comparisons and calculations are not there yet when members are picked.
fn having_names_computed(resolved: &Resolved<'_>) -> bool {
    let computed = super::columns::computed_names(resolved.query);
    let mut names = Vec::new();
    if let Some(having) = &resolved.query.having {
        super::having::names_in(having, &mut names);
    }
    names.iter().any(|name| computed.contains(name))
}
