//! What a person would add to the inferred model: metrics with formats, ways to look into groups, numbers added up
//! beforehand, and keys out of sight.

use shared::{
    AppError,
    names::Identifier,
    semantic::{
        Aggregation, DimensionRef, Format, FormatKind, Grain, Hierarchy, MetricDefinition, MetricKind, MetricRef,
        Model, RefreshInterval, Rollup, RollupTime, SimpleMetric,
    },
};

pub(super) fn with_measures(inferred: &Model) -> Result<Model, AppError> {
    let mut model = inferred.clone();
    let Some(table) = model.tables.first_mut() else {
        return Err(AppError::internal());
    };
    for dimension in &mut table.dimensions {
        dimension.hidden |= dimension.name.as_str() == "order_id";
    }
    let of = table.name.clone();
    let name = |text: &str| Identifier::try_from(text).map_err(AppError::from);
    let sum = |metric: &str, column: &str, label: &str, format: Format| -> Result<MetricDefinition, AppError> {
        Ok(metric_of(
            name(metric)?,
            simple(&of, Aggregation::Sum, Some(column)),
            label,
            format,
            "up",
        ))
    };
    let ratio = |numerator: &str, denominator: &str| -> Result<MetricKind, AppError> {
        Ok(MetricKind::Ratio {
            numerator: MetricRef::Name(name(numerator)?),
            denominator: MetricRef::Name(name(denominator)?),
        })
    };
    let whole = || Format {
        digits: Some(0),
        ..Format::default()
    };
    let percent = || Format {
        kind: FormatKind::Percent,
        digits: Some(1),
        ..Format::default()
    };
    model.metrics.extend([
        sum("total_revenue", "revenue", "Revenue", euros(0))?,
        sum("total_profit", "profit", "Profit", euros(0))?,
        metric_of(
            name("orders")?,
            simple(&of, Aggregation::Count, None),
            "Orders",
            whole(),
            "up",
        ),
        sum("units", "quantity", "Units", whole())?,
        metric_of(
            name("average_order")?,
            ratio("total_revenue", "orders")?,
            "Average order",
            euros(2),
            "up",
        ),
        metric_of(
            name("profit_margin")?,
            ratio("total_profit", "total_revenue")?,
            "Profit margin",
            percent(),
            "up",
        ),
        metric_of(
            name("profit_per_order")?,
            ratio("total_profit", "orders")?,
            "Profit per order",
            euros(2),
            "up",
        ),
        metric_of(
            name("units_per_order")?,
            ratio("units", "orders")?,
            "Units per order",
            Format {
                digits: Some(2),
                ..Format::default()
            },
            "up",
        ),
    ]);
    for (way, levels) in [("place", ["region", "country"]), ("goods", ["category", "product"])] {
        model.hierarchies.push(Hierarchy {
            name: name(way)?,
            label: None,
            levels: levels.map(|level| format!("{of}.{level}")).into(),
        });
    }
    let kept = ["total_revenue", "total_profit", "orders", "units"].map(name);
    model.rollups.push(Rollup {
        name: name("months")?,
        metrics: kept.into_iter().collect::<Result<_, _>>()?,
        dimensions: ["region", "country", "category"]
            .map(|field| DimensionRef::Field(format!("{of}.{field}")))
            .into(),
        time: Some(RollupTime { grain: Grain::Month }),
        refresh: RefreshInterval::default(),
    });
    Ok(model)
}

fn euros(digits: u8) -> Format {
    Format {
        kind: FormatKind::Currency,
        code: Some("EUR".to_owned()),
        digits: Some(digits),
        compact: None,
    }
}

fn simple(table: &Identifier, agg: Aggregation, column: Option<&str>) -> MetricKind {
    MetricKind::Simple(Box::new(SimpleMetric::new(table.clone(), agg, column)))
}

fn metric_of(name: Identifier, kind: MetricKind, label: &str, format: Format, good: &str) -> MetricDefinition {
    MetricDefinition {
        name,
        kind,
        label: Some(label.to_owned()),
        description: None,
        empty: None,
        format: Some(format),
        good: Some(good.to_owned()),
        synonyms: Vec::new(),
        hidden: false,
    }
}
