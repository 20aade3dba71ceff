//! Numbers grouped into ranges whose width is left to the data: the question that tells it, and the query with it.

use shared::semantic::{
    Aggregation, Answer, Bin, ColumnAggregation, DimensionRef, DimensionWithOptions, MetricSelection, Query,
};

fn has_auto(dimension: &DimensionRef) -> bool {
    matches!(dimension.bin(), Some(Bin::Auto(_)))
}

/// Asks for least and greatest of every number whose width is `auto`, under the query's own conditions; `None` when all
/// widths are given.
pub fn widths_query(query: &Query) -> Option<Query> {
    let mut metrics = Vec::new();
    for (position, dimension) in query.dimensions.iter().enumerate().filter(|(_, key)| has_auto(key)) {
        for agg in [Aggregation::Min, Aggregation::Max] {
            metrics.push(MetricSelection::Column(ColumnAggregation {
                field: dimension.field().to_owned(),
                agg,
                p: None,
                interpolation: None,
                alias: Some(extreme(agg, position)),
                condition: None,
                empty: None,
            }));
        }
    }
    (!metrics.is_empty()).then(|| Query {
        model: query.model.clone(),
        version: query.version,
        metrics,
        time: query.time.clone(),
        condition: query.condition.clone(),
        time_zone: query.time_zone.clone(),
        as_of: query.as_of.clone(),
        parameters: query.parameters.clone(),
        ..Query::default()
    })
}

fn extreme(agg: Aggregation, position: usize) -> String {
    format!("{} of {position}", agg.as_str())
}

/// The query with the widths that the answer to [`widths_query`] tells.
pub fn with_widths(query: &Query, extremes: &Answer) -> Query {
    let number = |agg, position| {
        let name = extreme(agg, position);
        let column = extremes.columns.iter().position(|column| column.name == name)?;
        extremes.rows.first()?.get(column)?.as_f64()
    };
    let mut query = query.clone();
    for (position, dimension) in query.dimensions.iter_mut().enumerate().filter(|(_, key)| has_auto(key)) {
        let least = number(Aggregation::Min, position).unwrap_or(f64::NAN);
        let greatest = number(Aggregation::Max, position).unwrap_or(f64::NAN);
        *dimension = DimensionRef::With(DimensionWithOptions {
            field: dimension.field().to_owned(),
            grain: dimension.grain().cloned(),
            part: dimension.part(),
            bin: Some(Bin::Width(Bin::width_for(least, greatest))),
            alias: Some(dimension.output_name().to_owned()),
        });
    }
    query
}
