//! What an aggregation may be applied to, and how it is called and shown.

use shared::{
    AppError,
    semantic::{
        Aggregation, ColumnAggregation, Dimension, DimensionType, Expression, Format, FormatKind, Interpolation,
        SemiAdditive,
    },
};

/// What is aggregated, before it is placed in a fact.
pub struct LeafSpec<'m> {
    pub agg: Aggregation,
    pub value: Option<Expression>,
    pub dimension: Option<&'m Dimension>,
    pub p: Option<f64>,
    pub interpolation: Option<Interpolation>,
    pub semi_additive: Option<SemiAdditive>,
}

impl LeafSpec<'_> {
    /// # Errors
    /// `invalid` naming the metric: a column is missing, of the wrong type, or `p` is out of range.
    pub fn check(&self, name: &str) -> Result<(), AppError> {
        if self.value.is_none() && self.agg != Aggregation::Count {
            return Err(AppError::invalid(
                name,
                format!("{name}: {} needs a column.", self.agg.as_str()),
            ));
        }
        if let Some(dimension) = self.dimension
            && self.agg.needs_number()
        {
            let what = match dimension.kind {
                DimensionType::Number | DimensionType::Bin => None,
                DimensionType::String | DimensionType::Geo | DimensionType::Json => Some("text"),
                DimensionType::Bool => Some("true or false"),
                DimensionType::Time => Some("a time"),
            };
            if let Some(what) = what {
                let message = format!(
                    "{} of {name} is not possible: {} is {what}, not a number.",
                    self.agg.as_str(),
                    dimension.name
                );
                return Err(AppError::invalid(name, message).with_hint("Count it, or take the smallest or greatest."));
            }
        }
        match (self.agg, self.p) {
            (Aggregation::Percentile, Some(p)) if (0.0..=1.0).contains(&p) => Ok(()),
            (Aggregation::Percentile, _) => Err(AppError::invalid(
                name,
                format!("{name}: a percentile needs p from 0 to 1."),
            )),
            (_, Some(_)) => Err(AppError::invalid(
                name,
                format!("{name}: p belongs to percentiles only."),
            )),
            (_, None) => Ok(()),
        }
    }
}

/// Aggregations that give away one row's own value.
pub const fn shows_single_values(agg: Aggregation) -> bool {
    match agg {
        Aggregation::Min
        | Aggregation::Max
        | Aggregation::First
        | Aggregation::Last
        | Aggregation::Median
        | Aggregation::Percentile => true,
        Aggregation::Sum | Aggregation::Count | Aggregation::CountDistinct | Aggregation::Avg | Aggregation::Stddev => {
            false
        }
    }
}

/// `Sum of Amount`, when the builder has given no label.
pub fn ad_hoc_label(column: &ColumnAggregation, of: &str, has_field: bool) -> String {
    match column.agg {
        Aggregation::Count if !has_field => format!("Rows of {of}"),
        Aggregation::Count => format!("Count of {of}"),
        Aggregation::Sum => format!("Sum of {of}"),
        Aggregation::CountDistinct => format!("Distinct {of}"),
        Aggregation::Avg => format!("Average {of}"),
        Aggregation::Min => format!("Smallest {of}"),
        Aggregation::Max => format!("Greatest {of}"),
        Aggregation::Median => format!("Median {of}"),
        Aggregation::Percentile => format!("P{} {of}", column.p.unwrap_or_default() * 100.0),
        Aggregation::Stddev => format!("Standard deviation of {of}"),
        Aggregation::First => format!("First {of}"),
        Aggregation::Last => format!("Last {of}"),
    }
}

/// The field's format, unless the aggregation changes what the number is.
pub fn ad_hoc_format(agg: Aggregation, dimension: Option<&Dimension>) -> Option<Format> {
    match agg {
        Aggregation::Count | Aggregation::CountDistinct => None,
        Aggregation::Sum
        | Aggregation::Avg
        | Aggregation::Min
        | Aggregation::Max
        | Aggregation::Median
        | Aggregation::Percentile
        | Aggregation::Stddev
        | Aggregation::First
        | Aggregation::Last => dimension?
            .format
            .clone()
            .filter(|format| format.kind != FormatKind::Text || !agg.needs_number()),
    }
}
