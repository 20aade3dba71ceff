//! Which column of the answer each item of the wells becomes.

use std::collections::BTreeSet;

use shared::{
    AppError,
    semantic::{
        Aggregation, ColumnAggregation, DimensionRef, DimensionType, DimensionWithOptions, GrainName, MetricSelection,
        MetricWithOptions, Model,
    },
    visual::{Visual, VisualKind, WellItem, WellName, WellRole},
};

use crate::catalog::unknown_field;

/// An item that the visual's kind shows, with the name of its column. Dimensions come in the order of the kind's wells,
/// then measures in that order.
#[derive(Clone, Debug, PartialEq)]
pub struct Output<'v> {
    pub well: WellName,
    pub item: &'v WellItem,
    /// Unique within the answer: the alias, else what the query document calls it, numbered when taken.
    pub name: String,
    pub is_measure: bool,
}

/// The outputs of a visual. Names are stable: they depend on the wells alone.
pub fn outputs(visual: &Visual) -> Vec<Output<'_>> {
    let mut taken = BTreeSet::new();
    let items = visual
        .kind
        .wells()
        .iter()
        .flat_map(|well| visual.wells.get(*well).iter().map(move |item| (*well, item)));
    items
        .filter(|(_, item)| item.field.is_some() || item.metric.is_some())
        .map(|(well, item)| {
            let base = base_name(item);
            let mut name = base.clone();
            let mut count = 2;
            while !taken.insert(name.clone()) {
                name = format!("{base}_{count}");
                count += 1;
            }
            let is_measure = item.is_measure() || well.role() == WellRole::Measure;
            Output {
                well,
                item,
                name,
                is_measure,
            }
        })
        .collect()
}

fn base_name(item: &WellItem) -> String {
    match (&item.alias, &item.metric, &item.field, item.agg) {
        (Some(alias), _, _, _) => alias.clone(),
        (None, Some(metric), _, _) => metric.clone(),
        (None, None, Some(field), Some(agg)) => {
            format!("{}_{}", agg.as_str(), field.rsplit('.').next().unwrap_or(field))
        }
        (None, None, Some(field), None) => field.clone(),
        (None, None, None, _) => String::new(),
    }
}

pub fn dimension(output: &Output<'_>) -> DimensionRef {
    DimensionRef::With(DimensionWithOptions {
        field: output.item.field.clone().unwrap_or_default(),
        grain: output.item.grain.map(GrainName::from),
        part: output.item.part,
        bin: output.item.bin,
        alias: Some(output.name.clone()),
    })
}

/// A field without an aggregation takes the model's for it: else numbers are summed and everything else is counted.
///
/// # Errors
/// `unknown_field` with candidates.
pub fn measure(output: &Output<'_>, model: &Model) -> Result<MetricSelection, AppError> {
    let item = output.item;
    let alias = Some(output.name.clone());
    if let Some(metric) = &item.metric {
        return Ok(MetricSelection::Metric(MetricWithOptions {
            metric: metric.clone(),
            alias,
            condition: None,
            empty: None,
            pick: None,
        }));
    }
    let field = item.field.clone().unwrap_or_default();
    let agg = match item.agg {
        Some(agg) => agg,
        None => {
            let (_, dimension) = model.dimension(&field).ok_or_else(|| unknown_field(model, &field))?;
            let natural = match dimension.kind {
                DimensionType::Number => Aggregation::Sum,
                DimensionType::String
                | DimensionType::Bool
                | DimensionType::Time
                | DimensionType::Bin
                | DimensionType::Geo
                | DimensionType::Json => Aggregation::Count,
            };
            dimension.default_aggregation.unwrap_or(natural)
        }
    };
    Ok(MetricSelection::Column(ColumnAggregation {
        field,
        agg,
        p: item.p.filter(|_| agg == Aggregation::Percentile),
        interpolation: None,
        alias,
        condition: None,
        empty: None,
    }))
}

/// Two numbers without anything to group by are a cloud of single points: grouped by both numbers themselves.
pub fn raw_points<'v>(visual: &Visual, outputs: &[Output<'v>], model: &Model) -> Vec<DimensionRef> {
    if visual.kind != VisualKind::Scatter || outputs.iter().any(|output| !output.is_measure) {
        return Vec::new();
    }
    let points = outputs
        .iter()
        .filter(|output| matches!(output.well, WellName::X | WellName::Y));
    let fields: Vec<&String> = points.filter_map(|output| output.item.field.as_ref()).collect();
    let all_plain = fields.len() == 2 && fields.iter().all(|field| model.dimension(field).is_some());
    if !all_plain {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    fields
        .into_iter()
        .filter(|field| seen.insert((*field).clone()))
        .map(|field| {
            let alias = Some(format!("point of {field}"));
            DimensionRef::With(DimensionWithOptions {
                field: field.clone(),
                grain: None,
                part: None,
                bin: None,
                alias,
            })
        })
        .collect()
}

/// A point of numbers that many rows have is where these numbers are: their sum would move it.
pub fn keep_places(metrics: &mut [MetricSelection], outputs: &[Output<'_>]) {
    let measures = outputs.iter().filter(|output| output.is_measure);
    for (metric, output) in metrics.iter_mut().zip(measures) {
        if let MetricSelection::Column(column) = metric
            && matches!(output.well, WellName::X | WellName::Y)
            && column.agg == Aggregation::Sum
        {
            column.agg = Aggregation::Avg;
        }
    }
}
